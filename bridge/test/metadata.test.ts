import { layout, native, Region, toGo, toNode } from "@x/mem-ring/channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Channel } from "../dist/call/channel.js";
import * as P from "../dist/call/protocol.js";
import { defineNodeService, Providers } from "../dist/client/node-service.js";
import type { Schema } from "../dist/schema/index.js";

// Go's end, played: it sends calls whose metadata nobody honest sends.

interface Log {
  write(): Promise<void>;
}
const schema: Schema = {
  name: "log",
  types: [],
  methods: [{ name: "Demo.ping", kind: "unary", params: [] }],
  callbacks: [{ name: "Log.write", kind: "unary", params: [] }],
};
const Log = defineNodeService<Log>({
  name: "Log",
  binary: { from: import.meta.url, path: "" },
  schemaHash: "",
  schema,
  methods: [{ index: 0, name: "write", requestSize: 0, size: 0, inline: true }],
});

const HIGH = 1;
const CAPACITY = 8;
let region: Region;
let channel: Channel;
let damage: Error | undefined;
let words: Uint32Array;
const seen: unknown[] = [];

beforeEach(() => {
  region = Region.create({ size: 1 << 20, toGoCapacity: CAPACITY, toNodeCapacity: 2 * CAPACITY }, new Uint8Array(32));
  words = new Uint32Array(region.buffer);
  damage = undefined;
  seen.length = 0;
  const providers = new Providers();
  providers.add(
    Log.with({
      write: (caller) => {
        seen.push(caller.metadata);
      },
    }),
  );
  channel = new Channel(
    region,
    HIGH,
    ["Demo.ping"],
    false,
    {
      progress: () => {},
      tick: () => {},
      closed: () => {},
      damaged: (error) => {
        damage = error;
      },
    },
    { schema, providers, onOnewayError: () => {} },
  );
});
afterEach(() => channel.finish(() => new Error("the test is over")));

/** Where the body of the next call is, in the response arena. */
const body = () => region.header.responseArena + 4096;

interface Forged {
  readonly flags?: number;
  readonly ref?: number;
  readonly high?: number;
  readonly length?: number;
  /** What stands in the body, as words of 32 bits. */
  readonly prefix?: readonly number[];
}

/** Sends a call and returns the kind of the reply. */
async function callFromGo(id: number, forged: Forged): Promise<number> {
  const { entries, tail, capacity } = toNode(region.header);
  const index = words[tail >>> 2] as number;
  const at = (entries + (index & (capacity - 1)) * layout.ENTRY_SIZE) >>> 2;
  words.set(forged.prefix ?? [], body() >>> 2);
  words[at] = P.KIND_GOCALL | ((forged.flags ?? P.FLAG_METADATA) << 8);
  words[at + (layout.ENTRY_CALL_ID >>> 2)] = id;
  words[at + (layout.ENTRY_LENGTH >>> 2)] = forged.length ?? 4096;
  words[at + (layout.ENTRY_AUX >>> 2)] = 0;
  words[at + (layout.ENTRY_REF >>> 2)] = forged.ref ?? body();
  words[at + (layout.ENTRY_REF >>> 2) + 1] = forged.high ?? 0;
  const answers = toGo(region.header);
  const before = Atomics.load(words, answers.tail >>> 2);
  Atomics.store(words, tail >>> 2, index + 1);
  native.ringDoorbell(region.nodeDoorbell);
  while (Atomics.load(words, answers.tail >>> 2) === before && damage === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const reply = (answers.entries + (before & (answers.capacity - 1)) * layout.ENTRY_SIZE) >>> 2;
  expect(words[reply + (layout.ENTRY_CALL_ID >>> 2)]).toBe(id);
  return (words[reply] as number) & 0xff;
}

/** A list of strings: its place, its length. */
const list = (at: number, n: number, high = HIGH) => [at, high, n, 0, n, 0, 0, 0];

/** 65 pairs, with keys of one byte, each another, behind them. */
function tooMany(): number[] {
  const n = P.METADATA_PAIRS + 1;
  const keys = body() + 32 + 2 * n * 16;
  const strings = Array.from({ length: n }, (_, i) => [keys + i, HIGH, 1, 0, 0, 0, 0, 0]);
  const bytes = Uint32Array.from({ length: 17 }, (_, i) => 0x03020100 + i * 0x04040404);
  return [...list(body() + 32, 2 * n), ...strings.flat(), ...bytes];
}

test.each<[string, () => Forged]>([
  ["a list outside the body", () => ({ prefix: list(64, 2) })],
  ["a list before the body", () => ({ prefix: list(body() - 64, 2) })],
  ["a list beyond the body", () => ({ prefix: list(body() + 4096 - 16, 2) })],
  ["a list at another base", () => ({ prefix: list(body() + 32, 2, 7) })],
  ["an odd number of strings", () => ({ prefix: list(body() + 32, 3) })],
  ["more than the limit", () => ({ prefix: tooMany() })],
  ["more than memory", () => ({ prefix: list(body() + 32, 2 ** 31) })],
  ["a list that is not aligned", () => ({ prefix: list(body() + 33, 2) })],
  ["a string outside the body", () => ({ prefix: [...list(body() + 32, 2), 64, HIGH, 7, 0] })],
  ["the same key twice", () => ({ prefix: [...list(body() + 32, 4), ...new Array(16).fill(0)] })],
  ["a body in the entry", () => ({ flags: P.FLAG_METADATA | P.FLAG_INLINE })],
  ["a body outside the arena", () => ({ ref: 64 })],
  ["a body in the upper half", () => ({ high: 1 })],
  ["a body without room for it", () => ({ length: 31 })],
])("forged metadata fails its call and no other: %s", async (_, forge) => {
  expect(await callFromGo(1, forge())).toBe(P.KIND_REPLYERROR);
  expect(await callFromGo(2, { flags: P.FLAG_INLINE })).toBe(P.KIND_REPLY);
  expect(await callFromGo(3, { prefix: list(0, 0, 0) })).toBe(P.KIND_REPLY);
  // A parent that nobody knows is nobody's.
  const flags = P.FLAG_METADATA | P.FLAG_SCOPED;
  expect(await callFromGo(4, { flags, high: 0xffffffff, prefix: list(0, 0, 0) })).toBe(P.KIND_REPLY);
  expect(seen).toEqual([{}, {}, {}]);
  expect(damage).toBeUndefined();
});
