import { randomBytes } from "node:crypto";
import { RingError } from "../errors.js";
import { closeFds, ownFds, sharedMemory } from "../process/memory.js";
import { native } from "../process/native.js";
import { type Header, planRegion, type RegionShape, readHeader, writeHeader } from "./header.js";

/**
 * A region: one sealed memfd mapped into this process, and the two doorbells of its sides.
 *
 * The memory is an ordinary SharedArrayBuffer: it can be posted to a worker_thread, and is unmapped when the last
 * reference to it is gone. The fds are closed by {@link close}, or when the buffer is collected in the thread that made
 * or opened the region, with everything made on it: a worker_thread that was given the numbers does not count.
 */
export class Region {
  /** The whole region. */
  readonly buffer: SharedArrayBuffer;
  readonly header: Header;
  /** The memfd. Inherit it to the peer; do not close it. */
  readonly fd: number;
  /** The eventfd on which Node sleeps. */
  readonly nodeDoorbell: number;
  /** The eventfd on which Go sleeps. */
  readonly goDoorbell: number;
  private closed = false;

  private constructor(buffer: SharedArrayBuffer, header: Header, fds: readonly [number, number, number]) {
    this.buffer = buffer;
    this.header = header;
    [this.fd, this.nodeDoorbell, this.goDoorbell] = fds;
    ownFds(buffer, fds);
  }

  /**
   * Makes a region. `schemaHash` is 32 bytes that both ends have to agree on.
   *
   * @throws {RingError} `ERR_RING_INVALID_OPTION`; `ERR_RING_NO_MEMORY` when address space or fds have run out.
   */
  static create(shape: RegionShape, schemaHash: Uint8Array): Region {
    const plan = planRegion(shape);
    if (schemaHash.length !== 32) {
      throw new RingError("ERR_RING_INVALID_OPTION", `schemaHash must have 32 bytes, got ${schemaHash.length}`);
    }
    const header: Header = { ...plan, nonce: randomBytes(8).readBigUInt64LE(), schemaHash: schemaHash.slice() };
    const fds: number[] = [];
    try {
      const buffer = sharedMemory(plan.regionSize);
      // One by one: what was made before one of them fails is closed below.
      fds.push(native.mapRegion(new Uint8Array(buffer)));
      fds.push(native.createDoorbell());
      fds.push(native.createDoorbell());
      writeHeader(buffer, header);
      return new Region(buffer, header, fds as [number, number, number]);
    } catch (cause) {
      for (const fd of fds) native.closeFd(fd);
      throw new RingError(
        "ERR_RING_NO_MEMORY",
        `cannot make a region of ${plan.regionSize} bytes: ${(cause as Error).message}. ` +
          "Each region takes three file descriptors (see `ulimit -n`) and address space (see `ulimit -v`).",
        { cause },
      );
    }
  }

  /**
   * Maps a region that somebody else made. Takes over the fds; if it throws, they stay the caller's.
   *
   * @throws {RingError} `ERR_RING_BAD_HEADER`: the file or what stands in it is no region of this size;
   * `ERR_RING_NO_MEMORY` when address space has run out.
   */
  static open(size: number, fds: readonly [memfd: number, nodeDoorbell: number, goDoorbell: number]): Region {
    let buffer: SharedArrayBuffer;
    try {
      buffer = sharedMemory(size);
      native.mapExisting(new Uint8Array(buffer), fds[0]);
    } catch (cause) {
      const code = cause instanceof RangeError ? "ERR_RING_NO_MEMORY" : "ERR_RING_BAD_HEADER";
      throw new RingError(code, `cannot open a region of ${size} bytes: ${(cause as Error).message}`, { cause });
    }
    return new Region(buffer, readHeader(buffer), fds);
  }

  /** Gives the pages of a part of the region back to the system. They read as zero afterwards. */
  release(offset: number, length: number): void {
    // The number of a closed fd may be that of somebody else's file.
    if (this.closed) throw new RingError("ERR_RING_CLOSED", "the region is closed");
    native.release(this.fd, offset, length);
  }

  /**
   * Closes the fds. The memory stays as long as somebody holds {@link buffer}. Producers, consumers and waiters know
   * the doorbells by their numbers: they have to be done with.
   */
  close(): void {
    this.closed = true;
    closeFds(this.buffer);
  }
}
