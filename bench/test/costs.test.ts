import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Calls } from "../src/contender.js";
import { allocatedBytes, countGarbage } from "../src/garbage.js";
import { watchLoopDelay } from "../src/loop-delay.js";
import { peakBytes, resetPeak, watchPeak } from "../src/peak.js";
import { findSyscallTool, perfCount, straceCount } from "../src/syscalls.js";

const MIB = 1 << 20;

const mayReset = resetPeak(process.pid);
const tool = await findSyscallTool();

describe("peak memory", () => {
  it("is read from /proc/<pid>/status", () => {
    expect(peakBytes("Name:\tnode\nVmPeak:\t  9 kB\nVmHWM:\t   2048 kB\nVmRSS:\t 1 kB\n")).toBe(2 * MIB);
    expect(() => peakBytes("Name:\tnode\n")).toThrow("no VmHWM");
  });

  it.skipIf(!mayReset)(`is that of a round${mayReset ? "" : " (skipped: it may not be reset here)"}`, () => {
    const touched = Buffer.alloc(64 * MIB, 1);
    const before = watchPeak([]);
    const quiet = before.read();
    const more = Buffer.alloc(64 * MIB, 1);
    expect(before.read().node - quiet.node).toBeGreaterThan(50 * MIB);
    expect(quiet.ofRound).toBe(true);
    expect(touched.length + more.length).toBe(128 * MIB);
  });
});

describe("garbage", () => {
  const usage = (usedHeapSize: number) => ({ heapStatistics: { usedHeapSize } });

  it("is what the heap grew by between collections", () => {
    const collections = [
      { beforeGC: usage(150), afterGC: usage(20) },
      { beforeGC: usage(220), afterGC: usage(30) },
    ] as never;
    expect(allocatedBytes(100, collections, 35)).toBe(50 + 200 + 5);
    expect(allocatedBytes(100, [], 90)).toBe(0);
  });

  it("is counted on both sides while something runs", async () => {
    let asked = 0;
    const memory = async () => ({ collections: 3 * ++asked, allocatedBytes: 1000 * asked });
    const kept: number[][] = [];
    const garbage = await countGarbage({ memory } as Calls, async () => {
      for (let i = 0; i < 10_000; i++) kept[i % 100] = new Array(200).fill(i);
    });
    // 200 words of 8 bytes, or of 4 where pointers are compressed.
    expect(garbage.node.heapBytes / 10_000).toBeGreaterThan(800);
    expect(garbage.node.heapBytes / 10_000).toBeLessThan(4000);
    expect(garbage.node.collections).toBeGreaterThan(0);
    expect(garbage.go).toEqual({ collections: 3, allocatedBytes: 1000 });
  });

  it("says nothing of Go where the contender does not", async () => {
    expect((await countGarbage(undefined, async () => {})).go).toBeUndefined();
  });
});

describe("system calls", () => {
  it("are read from what perf and strace write", () => {
    expect(perfCount("# started\n\n1525,,raw_syscalls:sys_enter,1000,100.00,,\n")).toBe(1525);
    expect(() => perfCount("<not counted>,,raw_syscalls:sys_enter,0,0.00,,\n")).toThrow("<not counted>");
    const table = "  0.00    0.000000           0         2           newfstatat\n";
    expect(straceCount(`${table}100.00    0.000081           2        29         1 total\n`)).toBe(29);
    expect(straceCount(`${table}100.00    0.000081           2        29           total\n`)).toBe(29);
    expect(straceCount("strace: Process 7 attached\nstrace: Process 7 detached\n")).toBe(0);
    expect(() => straceCount("strace: attach: Operation not permitted\n")).toThrow("not permitted");
  });

  const missing = typeof tool === "string" ? ` (skipped: ${tool})` : "";
  it.skipIf(missing !== "")(`are counted while a process makes them${missing}`, async () => {
    if (typeof tool === "string") return;
    const count = async (reads: number): Promise<number> => {
      const counter = await tool.attach([process.pid]);
      for (let i = 0; i < reads; i++) readFileSync("/proc/self/stat");
      return counter.stop();
    };
    const [few, many] = [await count(10), await count(1010)];
    // Opening, reading to the end and closing: at least four system calls a file.
    expect(many - few).toBeGreaterThan(3000);
    expect(many - few).toBeLessThan(12_000);
  });
});

it("notices how long the event loop was held", async () => {
  const watch = watchLoopDelay();
  const until = performance.now() + 200;
  await new Promise((resolve) => setTimeout(resolve, 5));
  while (performance.now() < until) JSON.parse("[]");
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { max, p50 } = watch.read();
  expect(max / 1e6).toBeGreaterThan(150);
  expect(max / 1e6).toBeLessThan(1000);
  expect(p50).toBeLessThan(max);
});
