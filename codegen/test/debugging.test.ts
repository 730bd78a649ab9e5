import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "./project.js";
import { ROOT, suiteFolder, ts2go } from "./support.js";

const page = readFileSync(join(ROOT, "docs/debugging.md"), "utf8");
const folder = suiteFolder();
const project = join(folder, "greeter");

/** The page's files, by their names. */
const files = Object.fromEntries(
  [...page.matchAll(/<!-- file: (\S+) -->\n```\w+\n(.*?)^```$/gms)].map(([, name, text]) => [name, text as string]),
);

/** Each command with what the page says that it prints. */
const commands = [...page.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block]) =>
  (block as string)
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf("\n");
      return [text.slice(0, end), text.slice(end + 1)] as const;
    }),
);

/** What differs from one run, machine or version of Go to the next: addresses, numbers but for lines, the folder. */
const constant = (text: string): string =>
  text
    .replaceAll(project, "/home/ada/greeter")
    .replace(/0x[0-9a-f]+/g, "0x0")
    .replace(/(?<!main\.go:\d*)\d+/g, "0");

/** The printed text as a pattern: a line `...` stands for any lines, within a line for anything. */
function pattern(printed: string): RegExp {
  const lines = constant(printed).replace(/\n$/, "").split("\n");
  const source = lines.map((line) =>
    line === "..."
      ? "(?:.*\n)*?"
      : `${line
          .split("...")
          .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
          .join(".*")}\n`,
  );
  return new RegExp(`^${source.join("")}$`);
}

beforeAll(async () => {
  expect((await ts2go(folder, ["init", "greeter"])).code).toBe(0);
  for (const [name, target] of [
    ["@x/ts2go", "bridge"],
    ["@types/node", "node_modules/@types/node"],
    [".bin/tsc", "node_modules/typescript/bin/tsc"],
    [".bin/ts2go", "bridge/bin/ts2go.js"],
  ] as const) {
    const path = join(project, "node_modules", name);
    mkdirSync(join(path, ".."), { recursive: true });
    symlinkSync(join(ROOT, target), path);
  }
  writeFiles(project, files);
});

describe("docs/debugging.md", { timeout: 120_000 }, () => {
  test("has its files and commands found", () => {
    expect(Object.keys(files).length).toBe(page.match(/<!-- file: /g)?.length);
    expect(commands.length).toBeGreaterThanOrEqual(page.match(/```console\n/g)?.length as number);
  });

  test.each(commands)("%s", (command, printed) => {
    const run = spawnSync("/bin/bash", ["-c", command], {
      cwd: project,
      env: { ...process.env, NO_COLOR: "1" },
      encoding: "utf8",
      // Ends what hangs before the test is given up and nobody ends it.
      timeout: 100_000,
      killSignal: "SIGKILL",
    });
    expect(constant(run.stdout), run.stderr).toMatch(pattern(printed));
    expect(run.status).toBe(0);
  });
});
