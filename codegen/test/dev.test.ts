import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { writeFiles } from "./project.js";
import { ROOT, temporaryFolder, ts2go } from "./support.js";

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

/** A Node program whose output can be waited for. */
function start(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
  running.push(child);
  let said = "";
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
      heard();
    });
  }
  child.on("exit", () => heard());
  return {
    child,
    /** Waits for words behind those that were waited for before, and takes out everything up to them. */
    async hears(words: string): Promise<string> {
      while (!said.includes(words)) {
        if (child.exitCode !== null) throw new Error(`it ended before it said ${words}; it said:\n${said}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      const end = said.indexOf(words) + words.length;
      const taken = said.slice(0, end);
      said = said.slice(end);
      return taken;
    },
  };
}

/** Calls without end, and says each answer that differs from the one before, and each call that is lost. */
const CALLER = `import { greeter } from "./gen/greeter.js";
let last = "";
for (;;) {
  const answers = await Promise.allSettled([1, 2, 3].map(() => greeter.greet({ name: "Ada", age: 36 })));
  for (const answer of answers) {
    const text = answer.status === "fulfilled" ? answer.value : "LOST " + answer.reason;
    if (text !== last) console.log(text);
    last = text;
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
`;

test("dev builds on each change, shows faults, and a running program follows without losing a call", {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  await ts2go(folder, ["init", "greeter"]);
  const project = join(folder, "greeter");
  mkdirSync(join(project, "node_modules/@x"), { recursive: true });
  symlinkSync(join(ROOT, "bridge"), join(project, "node_modules/@x/ts2go"));
  mkdirSync(join(project, "node_modules/@types"));
  symlinkSync(join(ROOT, "node_modules/@types/node"), join(project, "node_modules/@types/node"));
  writeFiles(project, { "src/caller.ts": CALLER });
  const change = (name: string, from: string, to: string) => {
    const text = readFileSync(join(project, name), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(project, name), text.replace(from, to));
  };

  const dev = start(project, [join(ROOT, "bridge/bin/ts2go.js"), "dev"]);
  const first = await dev.hears("watching . and src");
  expect(first).toContain("wrote src/gen/greeter.ts\nwrote gen/greeter.go\nbuilt bin/greeter in");
  const tsc = spawnSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", project], {
    encoding: "utf8",
  });
  expect({ status: tsc.status, out: tsc.stdout }).toEqual({ status: 0, out: "" });

  const caller = start(project, ["dist/caller.js"], { TS2GO_DEV: "1" });
  await caller.hears("Hello, Ada!\n");

  change("main.go", '"Hello, "', '"Hi, "');
  await dev.hears("built bin/greeter in");
  expect(await caller.hears("Hi, Ada!\n")).toBe("Hi, Ada!\n");

  change("main.go", '"Hi, "', '"Hey, " + nobody');
  const fault = await dev.hears("bin/greeter stays as it was; waiting for a change\n");
  expect(fault).toMatch(/main\.go:\d+:\d+: undefined: nobody/);
  expect(fault).toContain("error: go build failed in .\nhelp: mend the Go code");

  change("src/greeter.ts", "age: u8", "age: bigint");
  const refusal = await dev.hears("bin/greeter stays as it was; waiting for a change\n");
  expect(refusal).toMatch(/src\/greeter\.ts:6:\d+ - error TS2GO\d+/);

  change("src/greeter.ts", "age: bigint", "age: u8");
  change("main.go", " + nobody", "");
  await dev.hears("built bin/greeter in");
  expect(await caller.hears("Hey, Ada!\n"), "nothing was lost between").toBe("Hey, Ada!\n");

  change("src/greeter.ts", "GoService, u8", "GoService, u16, u8");
  change("src/greeter.ts", "age: u8", "age: u16");
  await dev.hears("built bin/greeter in");
  const warning = await caller.hears("restart it.");
  expect(warning).toContain("User.age is u8 here, u16 in Go");
  expect(warning).not.toContain("LOST");
  expect(readdirSync(join(project, "bin")).sort()).toEqual(["greeter", "greeter.ts2go.json"]);
});
