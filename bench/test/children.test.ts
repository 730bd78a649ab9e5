import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { contenders } from "../src/contenders/index.js";

/** The compiled host: a contender runs in a process of plain Node. */
const HOST = fileURLToPath(new URL("../dist/host.js", import.meta.url));

/** Those whose Go side is a child process that we start ourselves; gRPC and Connect do it as these do. */
const CHILDREN = ["unix-socket", "stdio-json", "http-json"];

it.each(CHILDREN)("the Go process of %s ends when its host is killed", async (id) => {
  await contenders.find((contender) => contender.id === id)?.build();
  const host = fork(HOST, [id], { stdio: "ignore" });
  host.send({ op: "open" });
  const [{ value: pid }] = await once(host, "message");
  const children = readFileSync(`/proc/${host.pid}/task/${host.pid}/children`, "utf8").trim().split(" ");
  expect(children).toEqual([`${pid}`]);
  host.kill("SIGKILL");
  await vi.waitFor(() => expect(children.some(alive)).toBe(false), { timeout: 5000, interval: 20 });
});

/** Whether a process runs: one that ended and that nobody has waited for does not. */
function alive(pid: string): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}
