import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { native } from "@x/mem-ring/channel";
import { afterEach, describe, expect, it } from "vitest";
import { openFds, until, workerUrl } from "./support.js";

const pids: number[] = [];
afterEach(() => {
  // Only what a failed test has left: what it guarded is gone by now.
  for (const pid of pids.splice(0)) if (alive(pid)) process.kill(pid, "SIGKILL");
});

/** Neither running nor a zombie: no entry at all, or a process of another name that took over the number. */
const gone = (pid: number) =>
  !existsSync(`/proc/${pid}/comm`) || readFileSync(`/proc/${pid}/comm`, "utf8") !== "sleep\n";
const alive = (pid: number) => !gone(pid) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

async function start(mood: string) {
  const thread = new Worker(workerUrl("guarding-thread.mjs"), { workerData: { mood } });
  const [pid] = (await once(thread, "message")) as [number];
  pids.push(pid);
  return { thread, pid };
}

describe("a guarded child of a worker_thread", () => {
  it.each(["waits", "forgets the guardian", "loops for ever"])(
    "ends with the thread, and leaves no zombie, if the thread %s",
    async (mood) => {
      const { thread, pid } = await start(mood);
      expect(alive(pid)).toBe(true);
      await thread.terminate();
      expect(await until(() => gone(pid))).toBe(true);
    },
  );

  it("ends when the thread comes to its own end", async () => {
    const { thread, pid } = await start("ends by itself");
    await once(thread, "exit");
    expect(await until(() => gone(pid))).toBe(true);
  });

  it("is left alone once the guardian was dismissed", async () => {
    const { thread, pid } = await start("dismisses");
    await thread.terminate();
    await sleep(50);
    expect(alive(pid)).toBe(true);
  });

  it("that ended before the thread did does no harm, dismissed or not", async () => {
    for (const mood of ["sees the end and dismisses twice", "sees the end"]) {
      const { thread, pid } = await start(mood);
      expect(await until(() => gone(pid))).toBe(true);
      await thread.terminate();
    }
  });
});

describe("a guardian", () => {
  it("takes one fd until it is dismissed", async () => {
    const child = spawn("sleep", ["1000"]);
    pids.push(child.pid as number);
    const before = openFds();
    const dismiss = native.guardChild(child.pid as number);
    expect(openFds()).toBe(before + 1);
    dismiss();
    dismiss();
    expect(openFds()).toBe(before);
    child.kill("SIGKILL");
    await once(child, "close");
  });

  it("of a process that is not there guards nothing", () => {
    const before = openFds();
    // Larger than any process number that Linux gives.
    const dismiss = native.guardChild(2 ** 22 + 1);
    expect(openFds()).toBe(before);
    dismiss();
  });
});
