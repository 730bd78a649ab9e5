// `npm run demo`: builds what is missing, runs both examples, and sums up what they showed.
import { join, relative } from "node:path";
import { execaNode } from "execa";
import { root, runSteps, steps } from "./build.mjs";

const EXAMPLES = [
  { name: "demo", what: "two users and their age, checked in Go" },
  { name: "markdown", what: "a Go library that nobody here wrote, called from TypeScript" },
];
const TIMEOUT_MS = 120_000;

const bold = (text) => (process.stdout.hasColors?.() ? `\x1b[1m${text}\x1b[22m` : text);
const heading = (text) => console.log(`\n${bold(text)}\n${"-".repeat(text.length)}`);

/** Runs an example as its user would, and gives the lines that it sent for the summary. */
async function run({ name, what }) {
  heading(`examples/${name}: ${what}`);
  const { failed, timedOut, exitCode, signal, ipcOutput } = await execaNode(
    join(root, "examples", name, "dist/main.js"),
    { cwd: process.cwd(), stdin: "ignore", stdout: "inherit", stderr: "inherit", timeout: TIMEOUT_MS, reject: false },
  );
  if (!failed) return { name, lines: ipcOutput.flat() };
  const how = timedOut
    ? `it did not end within ${TIMEOUT_MS / 1000} s`
    : `it ended with ${signal ?? `code ${exitCode}`}`;
  return { name, lines: [`FAILED: ${how}`], failed };
}

const start = performance.now();
await runSteps(steps(EXAMPLES.map(({ name }) => `examples/${name}`)));
const built = performance.now();

const results = [];
for (const example of EXAMPLES) results.push(await run(example));
const ended = performance.now();

heading("Summary");
for (const { name, lines } of results) {
  lines.forEach((line, i) => {
    console.log(`${(i === 0 ? name : "").padEnd(11)}${line}`);
  });
}
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
console.log(`${"time".padEnd(11)}${seconds(built - start)} to build, ${seconds(ended - built)} to run`);

if (results.some(({ failed }) => failed)) {
  console.error("\nThe demo failed: what went wrong stands above.");
  process.exitCode = 1;
} else {
  const here = (path) => relative(process.cwd(), join(root, path));
  console.log(`
${bold("To look at")}
  ${here("examples/markdown/out/index.html")}     the rendered files, in a browser
${bold("To read next")}
  ${here("examples/demo/src/demo.ts")}            the interface that joins both sides
  ${here("examples/demo/main.go")}                its Go half
  ${here("examples/demo/src/main.ts")}            the TypeScript that calls it
  ${here("README.md")}                            your first program in three steps`);
}
