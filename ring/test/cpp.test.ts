import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The C++ end is tested by programs of its own, in test/cpp. Here they are built, with every warning an error, and run.

const sources = fileURLToPath(new URL("./cpp/", import.meta.url));
const include = fileURLToPath(new URL("../include/", import.meta.url));
const strict = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-pthread"];
const asan = ["-O0", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const tsan = ["-O1", "-g1", "-fsanitize=thread"];

/** Whether g++ is there and can link with these flags: musl has no sanitizers. */
const links = (flags: string[]) =>
  spawnSync("g++", [...flags, "-x", "c++", "-", "-o", "/dev/null"], { input: "int main() {}" }).status === 0;
const gxx = spawnSync("g++", ["--version"]).status === 0;
const missing = gxx ? "" : " (skipped: g++ is not installed)";
const has = { asan: gxx && links(asan), tsan: gxx && links(tsan) };
const without = (sanitizer: keyof typeof has) =>
  missing || (has[sanitizer] ? "" : ` (skipped: g++ has no ${sanitizer === "asan" ? "address" : "thread"} sanitizer)`);

const builds: { program: string; source: string; flags: string[]; possible: boolean }[] = [
  { program: "test-asan", source: "test.cc", flags: asan, possible: has.asan },
  { program: "stress-asan", source: "stress.cc", flags: asan, possible: has.asan },
  { program: "test", source: "test.cc", flags: ["-O1"], possible: gxx },
  { program: "stress-tsan", source: "stress.cc", flags: tsan, possible: has.tsan },
  { program: "stress", source: "stress.cc", flags: ["-O2"], possible: gxx },
  { program: "peer", source: "peer.cc", flags: ["-O1"], possible: gxx },
  { program: "bench", source: "bench.cc", flags: ["-O2"], possible: gxx },
  { program: "litmus", source: "litmus.cc", flags: ["-O2"], possible: gxx },
];

const exec = promisify(execFile);
let dir: string;
const built = (program: string) => join(dir, program);

/** What a program prints; throws, with all of it, if the program does not end well or does not end. */
const run = async (program: string, ...args: string[]) =>
  (await exec(built(program), args, { timeout: 110_000, killSignal: "SIGKILL" })).stdout;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "mem-ring-cpp-"));
  const left = builds.filter(({ possible }) => possible);
  const compiler = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { program, source, flags } = next;
      await exec("g++", [...strict, ...flags, "-I", include, join(sources, source), "-o", built(program)]);
    }
  };
  // Two at once: each takes some hundred megabytes.
  await Promise.all([compiler(), compiler()]);
}, 240_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe(`mem_ring.hpp${missing}`, { timeout: 120_000 }, () => {
  it("includes only the standard library and the kernel's headers", () => {
    const headers = [...readFileSync(join(include, "mem_ring.hpp"), "utf8").matchAll(/^#include (.*)$/gm)];
    for (const [, header] of headers) expect(header).toMatch(/^<(?:[a-z_]+|(?:sys|linux)\/[a-z]+\.h|[a-z]+\.h)>$/);
  });

  it.skipIf(!gxx)("does what each call promises, and so do two peers", async () => {
    expect(await run("test", built("peer"))).toBe("done\n");
  });

  it.skipIf(!has.asan)(`touches no byte that is not its own${without("asan")}`, async () => {
    expect(await run("test-asan")).toBe("done\n");
    expect(await run("stress-asan", "processes", "200")).toMatch(/\ndone\n$/);
  });

  it.skipIf(!gxx).each(["threads", "one-processor", "processes"])(
    "loses no entry and no wake-up: %s",
    async (where) => {
      expect(await run("stress", where)).toMatch(/\ndone\n$/);
    },
  );

  it.skipIf(!has.tsan)(`has no data race${without("tsan")}`, async () => {
    expect(await run("stress-tsan", "threads", "300")).toMatch(/\ndone\n$/);
  });

  it.skipIf(!gxx)(
    "needs sequential consistency: the litmus test finds no lost wake-up with it, nor in the header",
    async () => {
      const seen = JSON.parse(await run("litmus", "100000"));
      // How many release and acquire lose is the processor's affair; on one that loses none the test shows nothing.
      expect(seen).toMatchObject({ rounds: 100_000, seqCst: 0, header: 0, releaseAcquire: expect.any(Number) });
      console.info(`of 100,000 rounds, release and acquire lost ${seen.releaseAcquire}, seq_cst none`);
    },
  );

  it.skipIf(!gxx)("is measured by a program that runs", async () => {
    const rows = (await run("bench", "1", "20000")).trim().split("\n");
    for (const row of rows)
      expect(JSON.parse(row)).toMatchObject({ name: expect.any(String), rate: expect.any(Number) });
    expect(rows.length).toBeGreaterThan(5);
  });
});
