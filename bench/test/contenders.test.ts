import { afterAll, describe, expect, it } from "vitest";
import { wrongAnswers } from "../src/answers.js";
import type { Calls, Contender } from "../src/contender.js";
import { contenders } from "../src/contenders/index.js";
import { QUICK } from "../src/effort.js";
import { AtomicsRing, atomicsConsumer } from "../src/queue/ends/atomics.js";
import { Remote } from "../src/remote.js";
import { payload } from "../src/request.js";
import { runs } from "../src/schedule.js";
import { cells } from "../src/workloads.js";

/** The compiled host: a contender runs in a process of plain Node. */
const HOST = new URL("../dist/host.js", import.meta.url);

const remotes: Remote[] = [];
afterAll(() => Promise.all(remotes.map((remote) => remote.close())));

/** koffi, gRPC and Connect take long to build or fetch modules: they are left to the benchmark's own check of answers. */
const LEFT_OUT = ["koffi", "grpc-tcp", "grpc-unix", "grpc-unix-stream", "connect"];
const queue = ({ workloads }: Contender): boolean => workloads?.every((one) => one === "W8") ?? false;
const tested = contenders.filter((one) => !LEFT_OUT.includes(one.id) && !queue(one));

describe.each(tested)("$id", (contender) => {
  it("builds, opens, answers as all others do, and measures", async () => {
    await contender.build();
    const remote = new Remote(contender.id, HOST);
    remotes.push(remote);
    await remote.ask({ op: "open" });
    expect(await remote.ask({ op: "answers" })).toEqual([]);
    const cell = { call: "check", inFlight: 3, bytes: 0, roundMs: 1, rounds: 1 } as const;
    const measured = await remote.ask(
      contender.id === "eventfd"
        ? { op: "measure", cell: { ...cell, workload: "W2", key: "latency", latency: true }, count: 20 }
        : { op: "measure", cell: { ...cell, workload: "W3", key: "3", latency: false }, count: 20 },
    );
    expect(measured.calls).toBe(20);
  });

  it("measures every cell of streams, calls from Go and leases, or says why it cannot", async () => {
    const remote = new Remote(contender.id, HOST);
    remotes.push(remote);
    await remote.open();
    for (const cell of cells(QUICK, ["W10", "W11", "W12"]).filter((one) => runs(contender, one))) {
      // A round too short for its clock would be worth nothing; one that moved too little fails.
      const count = cell.way === undefined ? 2000 : 24;
      const { calls, milliseconds, p50 } = await remote.ask({ op: "measure", cell, count });
      expect([calls, milliseconds > 0], cell.key).toEqual([count, true]);
      expect(p50 !== undefined, cell.key).toBe(cell.flow === undefined || cell.flow === "first");
    }
  });
});

describe.each(contenders.filter(queue))("$id", ({ id, build, queue: kinds = [] }) => {
  it("builds, and moves what it says it moves, with more than fits at a time", async () => {
    await build();
    const remote = new Remote(id, HOST);
    remotes.push(remote);
    await remote.open();
    for (const cell of cells(QUICK, ["W8"]).filter(({ moved }) => moved && kinds.includes(moved))) {
      for (const count of [1, 1000, 10_001]) {
        const { calls, milliseconds } = await remote.ask({ op: "measure", cell, count });
        expect([calls, milliseconds >= 0], cell.key).toEqual([count, true]);
      }
    }
  });
});

it("finds wrong entries in a queue of W8", async () => {
  const memory = AtomicsRing.memory();
  const there = new AtomicsRing(memory);
  for (const value of [0, 1, 3]) there.push(value);
  expect(() => atomicsConsumer(there, there).move("one", 3)).toThrow("their sum is 4, expected 3");
});

it("starts a contender cold, from its own module, and says where the time went", async () => {
  const { moduleOf } = (await import("../dist/cold/modules.js")) as typeof import("../src/cold/modules.js");
  const { coldStart } = (await import("../dist/cold/start.js")) as typeof import("../src/cold/start.js");
  const module = await moduleOf("ring-spawn");
  expect(module).toMatch(/contenders\/ring\.js$/);
  expect(await moduleOf("cgo-batched")).toMatch(/contenders\/cgo-batched\/index\.js$/);
  for (const { id } of contenders.filter((one) => !queue(one)))
    expect(await moduleOf(id), id).toMatch(/contenders\/.+\.js$/);
  await expect(moduleOf("nobody")).rejects.toThrow("no module of contenders/ exports nobody");
  const { milliseconds, start } = await coldStart(module, "ring-spawn");
  const { nodeMs = 0, importMs = 0, openMs = 0, firstAnswerMs = 0 } = start ?? {};
  expect(Math.min(nodeMs, importMs, openMs, firstAnswerMs)).toBeGreaterThan(0);
  expect(importMs + openMs + firstAnswerMs).toBeCloseTo(milliseconds, 6);
  await expect(coldStart(module, "nobody")).rejects.toThrow("exports no nobody");
});

describe.each(["ring-spawn", "cgo-per-call"])("%s", (id) => {
  it("is called from several threads, each with a client of its own", async () => {
    const remote = new Remote(id, HOST);
    remotes.push(remote);
    await remote.open();
    const cell = { workload: "W9", key: "2", call: "check", inFlight: 3, latency: false, bytes: 0 } as const;
    const threads = { ...cell, roundMs: 50, rounds: 1, kind: "threads", threads: 2 } as const;
    const count = await remote.ask({ op: "warmUp", cell: threads });
    const { calls, callsPerSecond } = await remote.ask({ op: "measure", cell: threads, count });
    expect(calls).toBeGreaterThan(2);
    expect(callsPerSecond).toBeGreaterThan(0);
    expect(await remote.ask({ op: "answers" })).toEqual([]);
  });

  it("is measured in a mix, and observed", async () => {
    const remote = new Remote(id, HOST);
    remotes.push(remote);
    await remote.open();
    const cell = { workload: "W6", key: "mix", call: "check", inFlight: 4, latency: false, bytes: 0 } as const;
    const mix = { ...cell, roundMs: 20, rounds: 1, kind: "mix", sampled: true } as const;
    const { calls, p99 = 0, alone, peak } = await remote.ask({ op: "measure", cell: mix, count: 400 });
    expect(calls).toBe(200);
    expect(Math.min(p99, alone?.p99 ?? 0)).toBeGreaterThan(0);
    expect(peak?.node).toBeGreaterThan(10 << 20);
    expect(peak?.child !== undefined).toBe(id === "ring-spawn");
    const { garbage } = await remote.ask({ op: "observe", cell: mix, count: 400 });
    expect(garbage.go?.allocatedBytes).toBeGreaterThan(0);
  });
});

describe("a contender that is not as it should be", () => {
  it("is told what it answered wrongly", async () => {
    expect(await wrongAnswers(honest)).toEqual([]);
    const wrong = await wrongAnswers({ ...honest, give: async (size) => payload(size + 1) });
    expect(wrong[0]).toBe("give 0: got 1 bytes, want 0 bytes");
    const failing = await wrongAnswers({ ...honest, checkSlowly: () => Promise.reject(new Error("no")) });
    expect(failing).toContain('checkSlowly, nobody: got Error: no, want {"pass":true}');
  });

  it("is reported when nobody knows it", async () => {
    const remote = new Remote("nobody", HOST);
    remotes.push(remote);
    await expect(remote.ask({ op: "open" })).rejects.toThrow("no contender is called nobody");
  });

  it("is reported when it hangs", async () => {
    const remote = new Remote("cgo-batched", HOST);
    remotes.push(remote);
    await remote.ask({ op: "open" });
    const forever = { workload: "W1", key: "", call: "checkSlowly", inFlight: 1, latency: false, bytes: 0 } as const;
    await expect(
      remote.ask({ op: "measure", cell: { ...forever, roundMs: 1, rounds: 1 }, count: 1e6 }, 300),
    ).rejects.toThrow("hung: no answer to measure within 0.3 s");
  });
});

/** The handlers of bench/go once more, in JavaScript. */
const honest: Calls = {
  check: async ({ users }) => ({ pass: users.every(({ age }) => age >= 18) }),
  checkSlowly: (request) => honest.check(request),
  take: async (bytes) => {
    let sum = bytes.length + (bytes.at(-1) ?? 0);
    for (let i = 0; i < bytes.length; i += 4096) sum += bytes[i] as number;
    return sum;
  },
  give: async (size) => payload(size),
  echo: async (bytes) => bytes.slice(),
};
