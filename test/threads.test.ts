import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { resources, until, untilUnmapped } from "./src/resources.js";

const program = fileURLToPath(new URL("dist/programs/thread.js", import.meta.url));

interface Report {
  pid: number;
  sum: number;
}

/** Starts a worker_thread that makes calls; resolves with its first report. */
async function start(mode: "finish" | "go-on"): Promise<{ thread: Worker; ended: Promise<unknown>; report: Report }> {
  const thread = new Worker(program, { workerData: mode });
  const ended = new Promise((resolve) => thread.once("exit", resolve));
  const report = await new Promise<Report>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  return { thread, ended, report };
}

test("two worker_threads at once have a channel and a worker each", async () => {
  const [a, b] = await Promise.all([start("finish"), start("finish")]);
  expect(a.report.pid).not.toBe(b.report.pid);
  expect(a.report.sum).toBe(b.report.sum);
  await Promise.all([a.ended, b.ended]);
});

test("terminate in the middle of calls neither crashes nor leaks, 20 times", async () => {
  // The first thread of all loads what stays.
  await (await start("go-on")).thread.terminate();
  await untilUnmapped(0);
  const before = resources();
  for (let i = 0; i < 20; i++) {
    const { thread } = await start("go-on");
    await new Promise((resolve) => setTimeout(resolve, i));
    await thread.terminate();
  }
  await untilUnmapped(before.mappings);
  await until("children to be reaped", () => resources().children.length <= before.children.length);
  expect(resources()).toEqual(before);
});

test("a thread that ends by itself takes its worker along", async () => {
  const before = resources();
  await (await start("finish")).ended;
  await until("the worker to be gone", () => resources().children.length === before.children.length);
});
