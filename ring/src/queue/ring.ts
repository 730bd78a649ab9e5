import { RingError } from "../errors.js";
import * as L from "../layout.js";
import { NotifySleeper } from "../wait/notify.js";
import { Consumer } from "./consumer.js";
import type { Host } from "./end.js";
import { type Entry, viewsOf } from "./entries.js";
import { capacityFor, readHeader, type Shape, sizeOf, writeHeader } from "./memory.js";
import { Producer } from "./producer.js";
import { type Contents, Queue } from "./queue.js";

/** Threads of one process: no addon, no other process. */
export const threads = (memory: SharedArrayBuffer): Host => ({
  sleeper: (role, onWake) => new NotifySleeper(memory, role, onWake),
  process: { id: (globalThis as { process?: { pid?: number } }).process?.pid ?? 1, start: 0 },
});

/** @throws {RingError} `ERR_RING_INVALID_OPTION` */
export function checkEntry({ size, array }: Entry<unknown>): void {
  if (!(Number.isInteger(size) && size >= 1 && size <= L.ENTRY_SIZE_MAX)) {
    throw new RingError("ERR_RING_INVALID_OPTION", `an entry must have 1 to ${L.ENTRY_SIZE_MAX} bytes, got ${size}`);
  }
  if (array !== undefined && ELEMENT_SIZES[array] !== size) {
    throw new RingError(
      "ERR_RING_INVALID_OPTION",
      `an entry's array must have elements of its size, ${size} bytes; those of ${array} have ${ELEMENT_SIZES[array]}`,
    );
  }
}

const ELEMENT_SIZES = { u8: 1, i32: 4, u32: 4, f64: 8, i64: 8, u64: 8 } as const;

/** Bytes of the largest queue of entries: positions are counted in 32 bits, and a memfd in pages of 64 KiB. */
const SIZE_MAX = 2 ** 32 - 2 ** 16;

/** @throws {RingError} `ERR_RING_NO_MEMORY` */
export function allocate(shape: Shape): SharedArrayBuffer {
  const size = sizeOf(shape);
  if (typeof SharedArrayBuffer === "undefined") {
    throw new RingError(
      "ERR_RING_INVALID_OPTION",
      "this page has no SharedArrayBuffer: serve it with cross-origin isolation, by the headers `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`",
    );
  }
  try {
    const memory = new SharedArrayBuffer(size);
    writeHeader(memory, shape);
    return memory;
  } catch (cause) {
    throw new RingError("ERR_RING_NO_MEMORY", `cannot make a ring of ${size} bytes: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** What a queue of entries gives out. */
export const entriesOf = <T>(entry: Entry<T>): Contents<Producer<T>, Consumer<T>> => ({
  producer: (memory, place, host, wait) => new Producer(memory, place, viewsOf(memory), entry, host, wait),
  consumer: (memory, place, host, wait) => new Consumer(memory, place, viewsOf(memory), entry, host, wait),
});

/**
 * A queue of entries of a fixed size, from one producer to one consumer, in shared memory: between the threads of one
 * process, with nothing native. `SharedRing` of `@x/mem-ring/process` is the same between processes.
 *
 * Make it in one thread, post `memory` to the other, and open it there; each takes one of the two roles.
 */
export class Ring<T> extends Queue<Producer<T>, Consumer<T>> {
  private constructor(memory: SharedArrayBuffer, shape: Shape, entry: Entry<T>) {
    super(memory, shape, entriesOf(entry), () => threads(memory));
  }

  /**
   * Makes a queue for at least `capacity` entries: the next power of two.
   *
   * @throws {RingError} `ERR_RING_INVALID_OPTION`, `ERR_RING_NO_MEMORY`
   */
  static create<T>({ entry, capacity }: { readonly entry: Entry<T>; readonly capacity: number }): Ring<T> {
    const shape = entriesShape(entry, capacity, L.DOORBELL_NOTIFY);
    return new Ring(allocate(shape), shape, entry);
  }

  /** @throws {RingError} `ERR_RING_BAD_HEADER`: the memory is no such queue; the message says what differs. */
  static open<T>(memory: SharedArrayBuffer, entry: Entry<T>): Ring<T> {
    checkEntry(entry);
    return new Ring(memory, readHeader(memory, L.SHAPE_ENTRIES, entry.size, L.DOORBELL_NOTIFY), entry);
  }
}

/** @throws {RingError} `ERR_RING_INVALID_OPTION` */
export function entriesShape(entry: Entry<unknown>, capacity: number, doorbell: number): Shape {
  checkEntry(entry);
  const shape = {
    shape: L.SHAPE_ENTRIES,
    entrySize: entry.size,
    capacity: capacityFor(capacity, 1, "entries"),
    doorbell,
  };
  if (sizeOf(shape) > SIZE_MAX) {
    throw new RingError(
      "ERR_RING_INVALID_OPTION",
      `a ring must have at most ${SIZE_MAX} bytes, got ${sizeOf(shape)}: ${shape.capacity} entries of ${entry.size}`,
    );
  }
  return shape;
}
