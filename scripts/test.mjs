// `npm test`: builds, runs every test in every language, and ends with the line `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { root, runSteps, steps } from "./build.mjs";

let passed = 0;
let failed = 0;

/** Go's tests, by its own runner; -json only to count them. The race detector watches the rings on heap memory. */
async function testGo(dir, args) {
  console.log(`\n# go test ${args.join(" ")} (in ${dir})`);
  const { stdout, stderr, exitCode } = await execa("go", ["test", "-json", ...args], {
    cwd: join(root, dir),
    reject: false,
  });
  const before = failed;
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    const event = JSON.parse(line);
    if (event.Action === "output" && !event.Test) process.stdout.write(event.Output);
    if (event.Test === undefined) continue;
    if (event.Action === "pass") passed++;
    if (event.Action === "fail") failed++;
    if (event.Action === "output" && /--- FAIL|_test\.go:|panic:/.test(event.Output))
      process.stdout.write(event.Output);
  }
  if (exitCode !== 0) {
    process.stderr.write(stderr);
    // A package that does not build has no failing test, and is a failure all the same.
    if (failed === before) failed++;
  }
}

async function testTypeScript() {
  console.log("\n# vitest");
  const dir = mkdtempSync(join(tmpdir(), "ts2go-test-"));
  const report = join(dir, "report.json");
  const { exitCode } = await execa(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
    { cwd: root, preferLocal: true, localDir: root, reject: false, stdio: "inherit" },
  );
  let counted = 0;
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    passed += numPassedTests;
    failed += numFailedTests;
    counted = numFailedTests;
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
  }
  // A file that does not load has no failing test, and is a failure all the same.
  if (exitCode !== 0 && counted === 0) failed++;
  rmSync(dir, { recursive: true, force: true });
}

await runSteps(steps());
if (process.argv.length === 2) {
  await testGo("go", ["./..."]);
  await testGo("go", ["-race", "./..."]);
}
await testTypeScript();
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
