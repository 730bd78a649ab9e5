import { MessageRing, Ring, u32 } from "@x/mem-ring";
import { SharedMessageRing, SharedRing } from "@x/mem-ring/process";
import { expect, it } from "vitest";
import { L } from "./kinds.js";

/** A ring whose header says something else in one place; what refuses it, and why. */
const FIELDS: [string, number, number | bigint, string][] = [
  ["magic", L.HEADER_MAGIC, 0x58585858, 'magic is "XXXXUEUE", expected "MEMQUEUE"'],
  ["version", L.HEADER_VERSION, 2, "version is 2, expected 1"],
  ["shape of messages", L.HEADER_SHAPE, 2, "shape is messages (2), expected entries (1)"],
  ["shape that does not exist", L.HEADER_SHAPE, 9, "shape is 9, expected entries (1)"],
  ["entry size", L.HEADER_ENTRY_SIZE, 8, "entry size is 8, expected 4"],
  [
    "doorbell of processes",
    L.HEADER_DOORBELL,
    2,
    "doorbell is eventfds (2): SharedRing.open, expected wait and notify (1): Ring.open",
  ],
  ["doorbell that does not exist", L.HEADER_DOORBELL, 7, "doorbell is 7, expected wait and notify (1): Ring.open"],
  ["feature", L.HEADER_FEATURES, 4, "feature bits is 4, expected 0 (none are known)"],
  ["capacity of none", L.HEADER_CAPACITY, 0, "capacity is 0, expected a power of two from 1 to 1073741824"],
  ["capacity that is no power", L.HEADER_CAPACITY, 3, "capacity is 3, expected a power of two from 1 to 1073741824"],
  [
    "capacity beyond all",
    L.HEADER_CAPACITY,
    0x80000000,
    "capacity is 2147483648, expected a power of two from 1 to 1073741824",
  ],
  ["capacity beyond its memory", L.HEADER_CAPACITY, 8, "size is 4112, expected at least 4128 bytes for 8 entries of 4"],
  ["size", L.HEADER_SIZE, 4113n, "size is 4113, expected 4112"],
];

it.each(FIELDS)("a header with another %s is refused", (_, at, to, text) => {
  const { memory } = Ring.create({ entry: u32, capacity: 4 });
  const view = new DataView(memory);
  if (typeof to === "bigint") view.setBigUint64(at, to, true);
  else view.setUint32(at, to, true);
  const error = expect.objectContaining({ code: "ERR_RING_BAD_HEADER", message: `queue header: ${text}` });
  expect(() => Ring.open(memory, u32)).toThrow(error);
});

it("memory that is too short for a header, or holds another kind of ring, is refused", () => {
  const bad = (text: string) =>
    expect.objectContaining({ code: "ERR_RING_BAD_HEADER", message: expect.stringContaining(text) });
  expect(() => Ring.open(new SharedArrayBuffer(4095), u32)).toThrow(bad("size is 4095, expected at least 4096 bytes"));
  const messages = MessageRing.create({ capacity: 32 });
  expect(() => Ring.open(messages.memory, u32)).toThrow(bad("shape is messages (2)"));
  new DataView(messages.memory).setUint32(L.HEADER_CAPACITY, 16, true);
  expect(() => MessageRing.open(messages.memory)).toThrow(bad("capacity is 16, expected a power of two from 32"));
  const shared = SharedRing.create({ entry: u32, capacity: 4 });
  expect(() => Ring.open(shared.memory, u32)).toThrow(bad("doorbell is eventfds (2): SharedRing.open"));
  expect(() => SharedMessageRing.open(shared.handle)).toThrow(bad("shape is entries (1)"));
  shared.close();
});

it("what another has made is opened with its capacity", () => {
  const ring = Ring.create({ entry: u32, capacity: 5 });
  const producer = ring.producer();
  const other = Ring.open(ring.memory, u32);
  expect(other.capacity).toBe(8);
  const consumer = other.consumer();
  producer.tryPush(7);
  expect(consumer.tryPop()).toBe(7);
});
