import { layout, native, Region, toGo, toNode } from "@x/mem-ring/channel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Channel } from "../dist/call/channel.js";
import * as P from "../dist/call/protocol.js";
import { Incoming, StreamCall } from "../dist/call/stream/index.js";
import type { MethodSpec } from "../dist/client/service.js";

const ping: MethodSpec = { index: 0, name: "ping", params: 0, size: 0, inline: true };
const CAPACITY = 1;

/** Go's end of a channel, step by step: what a worker does in an order that it seldom takes. */
class Peer {
  private readonly words: Int32Array;
  private head: number;
  private tail: number;

  constructor(private readonly region: Region) {
    this.words = new Int32Array(region.buffer);
    this.head = this.load(toGo(region.header).head);
    this.tail = this.load(toNode(region.header).tail);
  }

  private load(at: number): number {
    return Atomics.load(this.words, at >>> 2);
  }

  /** The entries that Node has published and this side has not released. */
  get waiting(): { kind: number; callId: number }[] {
    const { entries, tail, capacity } = toGo(this.region.header);
    const count = (this.load(tail) - this.head) | 0;
    return Array.from({ length: count }, (_, i) => {
      const at = (entries + ((this.head + i) & (capacity - 1)) * layout.ENTRY_SIZE) >>> 2;
      return {
        kind: (this.words[at] as number) & 0xff,
        callId: this.words[at + (layout.ENTRY_CALL_ID >>> 2)] as number,
      };
    });
  }

  /** Sends an entry and rings. */
  send(kind: number, callId: number): void {
    const { entries, tail, capacity } = toNode(this.region.header);
    const at = (entries + (this.tail & (capacity - 1)) * layout.ENTRY_SIZE) >>> 2;
    this.words[at] = kind | (P.FLAG_INLINE << 8);
    this.words[at + (layout.ENTRY_CALL_ID >>> 2)] = callId;
    this.tail = (this.tail + 1) | 0;
    Atomics.store(this.words, tail >>> 2, this.tail);
    native.ringDoorbell(this.region.nodeDoorbell);
  }

  /** Gives the entries back that it has read; rings if Node has asked for room. */
  release(): boolean {
    const { head, tail, space } = toGo(this.region.header);
    this.head = this.load(tail);
    Atomics.store(this.words, head >>> 2, this.head);
    const asked = Atomics.exchange(this.words, space >>> 2, 0) !== 0;
    if (asked) native.ringDoorbell(this.region.nodeDoorbell);
    return asked;
  }
}

let region: Region;
let channel: Channel;
let peer: Peer;
let damage: Error | undefined;
let progress: () => void;

beforeEach(() => {
  region = Region.create({ size: 1 << 20, toGoCapacity: CAPACITY, toNodeCapacity: CAPACITY }, new Uint8Array(32));
  damage = undefined;
  progress = () => {};
  channel = new Channel(region, 1, ["ping"], false, {
    progress: () => progress(),
    tick: () => {},
    closed: () => {},
    damaged: (error) => {
      damage = error;
    },
  });
  peer = new Peer(region);
});
afterEach(() => {
  channel.finish(() => new Error("the test is over"));
});

const call = () => {
  let settle: (value: unknown) => void = () => {};
  const answer = new Promise((resolve) => {
    settle = resolve;
  });
  return { taken: channel.submit(ping, undefined, settle), answer };
};

/** A call that has been answered, while its entry is still taken. */
async function answeredButNotReleased(): Promise<void> {
  const { taken, answer } = call();
  expect(taken).toBe(true);
  await undefined;
  const [entry] = peer.waiting;
  expect(entry?.kind).toBe(P.KIND_CALL);
  peer.send(P.KIND_RESULT, entry?.callId as number);
  await answer;
  expect(channel.inFlight).toBe(0);
}

test("CLOSE waits for room, and is sent when there is some", async () => {
  await answeredButNotReleased();
  expect(channel.sendClose()).toBe(false);
  const told = new Promise<void>((resolve) => {
    progress = resolve;
  });
  expect(peer.release()).toBe(true);
  await told;
  expect(channel.sendClose()).toBe(true);
  expect(peer.waiting.map(({ kind }) => kind)).toEqual([P.KIND_CLOSE]);
});

test("CLOSE is sent once, however often it is asked for", async () => {
  expect([channel.sendClose(), channel.sendClose()]).toEqual([true, true]);
  expect(peer.waiting).toHaveLength(1);
});

test("a call that finds no room is told when there is", async () => {
  await answeredButNotReleased();
  expect(call().taken).toBe(false);
  const told = new Promise<void>((resolve) => {
    progress = resolve;
  });
  expect(peer.release()).toBe(true);
  await told;
  const { taken, answer } = call();
  expect(taken).toBe(true);
  await undefined;
  peer.send(P.KIND_RESULT, peer.waiting[0]?.callId as number);
  await answer;
});

test("an answer that comes twice is damage, and no other call's", async () => {
  await answeredButNotReleased();
  peer.release();
  const { answer } = call();
  await undefined;
  // The slot is the same, its generation another.
  peer.send(P.KIND_RESULT, 0);
  while (damage === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(damage.message).toContain("not in flight");
  channel.finish(() => new Error("died"));
  await expect(answer).rejects.toThrow("died");
});

test("a CLOSE that nobody asked for is damage", async () => {
  const { answer } = call();
  await undefined;
  peer.send(P.KIND_CLOSE, 0);
  while (damage === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(damage.message).toContain("CLOSE");
  // The entry stays where it is, and must not keep the event loop turning.
  let turns = 0;
  const counting = setInterval(() => turns++, 5);
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 300));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
  expect(process.cpuUsage(before).user).toBeLessThan(150_000);
  channel.finish((found) => found ?? new Error("no damage found"));
  await expect(answer).rejects.toThrow("CLOSE");
});

test("credit for a batch that a reader waits for is sent after the batch's place is free", async () => {
  const count: MethodSpec = { ...ping, name: "count", streams: true, resultSize: 8, read: () => [7] };
  const roomy = Region.create({ size: 1 << 20, toGoCapacity: 4, toNodeCapacity: 4 }, new Uint8Array(32));
  const events = { progress: () => {}, tick: () => {}, closed: () => {}, damaged: () => {} };
  const own = new Channel(roomy, 1, ["count"], false, events);
  const go = new Peer(roomy);
  const items = new Incoming<number>((self) => {
    const stream = new StreamCall(count, "count", 4, self, undefined, () => {});
    expect(own.submit(count, undefined, self.settle, undefined, stream)).toBe(true);
    return stream;
  });
  const item = items.next();
  await undefined;
  const [sent, window] = go.waiting;
  expect([sent?.kind, window?.kind]).toEqual([P.KIND_CALL, P.KIND_CREDIT]);
  go.release();

  const indices = new Map([
    [toNode(roomy.header).head >>> 2, "place freed"],
    [toGo(roomy.header).tail >>> 2, "credit sent"],
  ]);
  const stores = vi.spyOn(Atomics, "store");
  go.send(P.KIND_ITEMS, sent?.callId as number);
  expect(await item).toEqual({ done: false, value: 7 });
  const order = stores.mock.calls.map(([, at]) => indices.get(at)).filter((what) => what !== undefined);
  stores.mockRestore();
  expect(order).toEqual(["place freed", "credit sent"]);
  own.finish(() => new Error("the test is over"));
});
