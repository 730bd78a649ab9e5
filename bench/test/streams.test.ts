import { afterAll, describe, expect, it } from "vitest";
import { double, runCallBack } from "../src/callback.js";
import type { Session, Streams } from "../src/contender.js";
import { unixSocket } from "../src/contenders/unix-socket/index.js";
import { wrongFlows } from "../src/stream-answers.js";
import { FLOWS, readings, runFlow, totalOf } from "../src/streams.js";

/** The handlers of bench/go once more, in JavaScript. */
const honest: Streams = {
  readings,
  total: async (items) => {
    let total = 0;
    for await (const { id, value } of items) total += id + value;
    return total;
  },
  mirror: (items) => items,
};

const session = (more: Partial<Session> = {}): Session => ({ streams: honest, close: async () => {}, ...more });

/** Go's part of W11, which times all of few calls. */
async function callBack(count: number): Promise<number[]> {
  for (let i = 0; i < count; i++) await double(i);
  return Array<number>(1 + count).fill(5);
}

describe("the answers of streams and calls from Go", () => {
  it("are right where they are", async () => {
    expect(await wrongFlows(session({ callBack }))).toEqual([]);
    expect(await wrongFlows({ close: async () => {} })).toEqual([]);
  });

  it("are named where they are wrong", async () => {
    const swapped = async function* (count: number) {
      for await (const one of readings(count)) yield { id: one.id ^ 1, value: one.value };
    };
    const wrong = await wrongFlows(session({ streams: { ...honest, readings: swapped } }));
    expect(wrong).toContain("readings 256: got 256 readings, or not in their order");
    expect(wrong.some((one) => one.startsWith("mirror") || one.startsWith("total"))).toBe(false);
    const lossy: Streams = { ...honest, total: async (items) => (await honest.total(items)) - 1 };
    expect(await wrongFlows(session({ streams: lossy }))).toContain(`total 257: got ${totalOf(257) - 1}`);
    const failing = await wrongFlows(session({ callBack: () => Promise.reject(new Error("no")) }));
    expect(failing).toContain("callBack 50, 1: got 1 numbers, Error: no");
    const short = await wrongFlows(session({ callBack: async () => [5, 5] }));
    expect(short).toHaveLength(2);
  });
});

describe("a round", () => {
  it.each(FLOWS)("of %s counts what it moved", async (flow) => {
    const { calls, milliseconds, latencies } = await runFlow(honest, flow, 30);
    expect([calls, milliseconds > 0, latencies?.().totalCount]).toEqual([30, true, flow === "first" ? 30 : undefined]);
  });

  it("fails when items are lost", async () => {
    const short: Streams = { ...honest, readings: (count) => readings(count - 1), mirror: () => readings(9) };
    await expect(runFlow(short, "out", 10)).rejects.toThrow("wrong readings: their total is 54, expected 67.5");
    await expect(runFlow(short, "both", 10)).rejects.toThrow("wrong readings");
    await expect(runFlow(short, "first", 1)).rejects.toThrow("wrong readings");
    await expect(runFlow(undefined, "in", 10)).rejects.toThrow("left out: it offers no streams");
  });

  it("of calls from Go goes by Go's clock", async () => {
    const { calls, milliseconds, latencies } = await runCallBack(session({ callBack }), 100, 8);
    expect([calls, milliseconds, latencies?.().totalCount]).toEqual([100, 5e-6, 100]);
    await expect(runCallBack(session(), 1, 1)).rejects.toThrow("left out: it offers no calls from Go");
  });
});

describe("streams made of calls", () => {
  const opened: Session[] = [];
  afterAll(() => Promise.all(opened.map((one) => one.close())));

  async function open(): Promise<Required<Pick<Session, "streams" | "callBack" | "childPid">>> {
    await unixSocket.build();
    const one = await unixSocket.open();
    opened.push(one);
    return one as Awaited<ReturnType<typeof open>>;
  }

  it("reject readers and writers when the other side goes", async () => {
    const { streams, callBack: calls, childPid } = await open();
    const iterator = streams.readings(1e9)[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: { id: 0, value: 0 } });
    const endless = async function* () {
      for (let id = 0; ; id++) yield { id: id >>> 0, value: 1 };
    };
    const fates = [
      streams.total(endless()),
      runFlow({ ...honest, readings: () => ({ [Symbol.asyncIterator]: () => iterator }) }, "out", 1e9),
      runFlow({ ...honest, readings: () => streams.mirror(endless()) }, "out", 1e9),
      calls(1e9, 8),
    ].map((fate) => Promise.resolve(fate).catch((error: Error) => error.message));
    process.kill(childPid, "SIGKILL");
    expect(await Promise.all(fates)).toEqual(Array(4).fill("the Go process has gone"));
    await expect(calls(1, 1)).rejects.toThrow("the Go process has gone");
  });

  it("tell a writer's own error to whoever reads what comes back", async () => {
    const { streams } = await open();
    const broken = async function* () {
      yield { id: 1, value: 0.5 };
      throw new Error("the source is dry");
    };
    const read = async (): Promise<void> => {
      for await (const { id } of streams.mirror(broken())) expect(id).toBe(1);
    };
    await expect(read()).rejects.toThrow("the source is dry");
    await expect(streams.total(broken())).rejects.toThrow("the source is dry");
  });
});
