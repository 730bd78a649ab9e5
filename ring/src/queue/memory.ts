import { RingError } from "../errors.js";
import * as L from "../layout.js";
import type { Place } from "../raw/index.js";

/** What a queue's header says. */
export interface Shape {
  /** {@link L.SHAPE_ENTRIES} or {@link L.SHAPE_MESSAGES}. */
  readonly shape: number;
  /** Bytes of an entry; 8 for messages. */
  readonly entrySize: number;
  /** Entries, or bytes of messages: a power of two. */
  readonly capacity: number;
  /** {@link L.DOORBELL_NOTIFY} or {@link L.DOORBELL_EVENTFD}. */
  readonly doorbell: number;
}

/** Bytes that a queue needs. */
export const sizeOf = ({ shape, entrySize, capacity }: Shape): number =>
  L.DATA + (shape === L.SHAPE_MESSAGES ? capacity : capacity * entrySize);

/** Where a queue's words and entries lie. Messages are counted in bytes. */
export const placeOf = ({ shape, entrySize, capacity }: Shape): Place => ({
  tail: L.WORD_TAIL,
  head: L.WORD_HEAD,
  sleeping: L.WORD_SLEEPING,
  space: L.WORD_SPACE,
  entries: L.DATA,
  capacity,
  entrySize: shape === L.SHAPE_MESSAGES ? 1 : entrySize,
});

/**
 * The next power of two, from `least`.
 *
 * @throws {RingError} `ERR_RING_INVALID_OPTION`
 */
export function capacityFor(capacity: number, least: number, unit: string): number {
  if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= L.CAPACITY_MAX)) {
    throw new RingError(
      "ERR_RING_INVALID_OPTION",
      `capacity must be a number of ${unit} from 1 to ${L.CAPACITY_MAX}, got ${String(capacity)}`,
    );
  }
  let power = least;
  while (power < capacity) power *= 2;
  return power;
}

/** Writes the header. Done once, before anybody else sees the memory. */
export function writeHeader(memory: ArrayBufferLike, shape: Shape): void {
  const view = new DataView(memory, 0, L.DATA);
  for (let i = 0; i < L.MAGIC.length; i++) view.setUint8(L.HEADER_MAGIC + i, L.MAGIC.charCodeAt(i));
  view.setUint32(L.HEADER_VERSION, L.VERSION, true);
  view.setUint32(L.HEADER_SHAPE, shape.shape, true);
  view.setUint32(L.HEADER_ENTRY_SIZE, shape.entrySize, true);
  view.setUint32(L.HEADER_CAPACITY, shape.capacity, true);
  view.setUint32(L.HEADER_DOORBELL, shape.doorbell, true);
  view.setUint32(L.HEADER_FEATURES, 0, true);
  view.setBigUint64(L.HEADER_SIZE, BigInt(memory.byteLength), true);
}

const isPower = (n: number, least: number) => n >= least && n <= L.CAPACITY_MAX && (n & (n - 1)) === 0;

/**
 * Reads and checks the header of a queue that somebody else made, and that is to have this shape and entry size.
 *
 * @throws {RingError} `ERR_RING_BAD_HEADER`: says which field, what was expected, what came.
 */
export function readHeader(memory: ArrayBufferLike, shape: number, entrySize: number, doorbell: number): Shape {
  const refuse = (what: string, expected: unknown, received: unknown): never => {
    throw new RingError("ERR_RING_BAD_HEADER", `queue header: ${what} is ${received}, expected ${expected}`);
  };
  if (memory.byteLength < L.DATA) refuse("size", `at least ${L.DATA} bytes`, memory.byteLength);
  // One copy, then only the copy: a header that changes while it is read cannot pass the checks in pieces.
  const bytes = new Uint8Array(memory, 0, L.WORD_TAIL).slice();
  const view = new DataView(bytes.buffer);
  const magic = String.fromCharCode(...bytes.subarray(L.HEADER_MAGIC, L.HEADER_MAGIC + L.MAGIC.length));
  if (magic !== L.MAGIC) refuse("magic", JSON.stringify(L.MAGIC), JSON.stringify(magic));
  const u32 = (at: number) => view.getUint32(at, true);
  if (u32(L.HEADER_VERSION) !== L.VERSION) refuse("version", L.VERSION, u32(L.HEADER_VERSION));
  const names = ["none", "entries (1)", "messages (2)"];
  if (u32(L.HEADER_SHAPE) !== shape) {
    refuse("shape", names[shape], names[u32(L.HEADER_SHAPE)] ?? u32(L.HEADER_SHAPE));
  }
  if (u32(L.HEADER_ENTRY_SIZE) !== entrySize) refuse("entry size", entrySize, u32(L.HEADER_ENTRY_SIZE));
  if (u32(L.HEADER_DOORBELL) !== doorbell) {
    const kinds = ["none", "wait and notify (1): Ring.open", "eventfds (2): SharedRing.open"];
    refuse("doorbell", kinds[doorbell], kinds[u32(L.HEADER_DOORBELL)] ?? u32(L.HEADER_DOORBELL));
  }
  if (u32(L.HEADER_FEATURES) !== 0) refuse("feature bits", "0 (none are known)", u32(L.HEADER_FEATURES));
  const capacity = u32(L.HEADER_CAPACITY);
  const least = shape === L.SHAPE_MESSAGES ? L.MESSAGE_CAPACITY_MIN : 1;
  if (!isPower(capacity, least)) refuse("capacity", `a power of two from ${least} to ${L.CAPACITY_MAX}`, capacity);
  const size = view.getBigUint64(L.HEADER_SIZE, true);
  if (size !== BigInt(memory.byteLength)) refuse("size", memory.byteLength, size);
  const result: Shape = { shape, entrySize, capacity, doorbell };
  if (sizeOf(result) > memory.byteLength) {
    refuse("size", `at least ${sizeOf(result)} bytes for ${capacity} entries of ${entrySize}`, memory.byteLength);
  }
  return result;
}
