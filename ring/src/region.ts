import { randomBytes } from "node:crypto";
import { RingError } from "./errors.js";
import { type Header, planRegion, type RegionShape, readHeader, writeHeader } from "./header.js";
import { native } from "./native.js";

const WASM_PAGE = 65536;

// TypeScript declares WebAssembly with the browser's globals, which this package does not want.
declare const WebAssembly: {
  readonly Memory: new (shape: {
    initial: number;
    maximum: number;
    shared: true;
  }) => { readonly buffer: SharedArrayBuffer };
};

/**
 * A region: one sealed memfd mapped into this process, and the two doorbells of its sides.
 *
 * The memory is an ordinary SharedArrayBuffer: it can be posted to a worker_thread, and is unmapped when the last
 * reference to it is gone. The fds belong to this object: they are closed by {@link close}, or when it is collected.
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
  /** Closes the fds when collected; set by the addon. */
  private readonly fdOwner!: object;

  private constructor(buffer: SharedArrayBuffer, header: Header, fds: readonly [number, number, number]) {
    this.buffer = buffer;
    this.header = header;
    [this.fd, this.nodeDoorbell, this.goDoorbell] = fds;
    native.closeWhenCollected(this, fds);
  }

  /**
   * Makes a region. `schemaHash` is 32 bytes that both ends have to agree on.
   *
   * @throws {RingError} `ERR_RING_INVALID_OPTION`; `ERR_RING_NO_MEMORY` when address space or fds have run out.
   */
  static create(shape: RegionShape, schemaHash: Uint8Array): Region {
    const plan = planRegion(shape);
    const header: Header = { ...plan, nonce: randomBytes(8).readBigUInt64LE(), schemaHash: schemaHash.slice(0, 32) };
    const fds: number[] = [];
    try {
      const buffer = sharedMemory(plan.regionSize);
      fds.push(native.mapRegion(new Uint8Array(buffer)), native.createDoorbell(), native.createDoorbell());
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
   * Maps a region that somebody else made. Takes over the fds.
   *
   * @throws {RingError} `ERR_RING_BAD_HEADER`.
   */
  static open(size: number, fds: readonly [memfd: number, nodeDoorbell: number, goDoorbell: number]): Region {
    const buffer = sharedMemory(size);
    native.mapExisting(new Uint8Array(buffer), fds[0]);
    return new Region(buffer, readHeader(buffer), fds);
  }

  /** Gives the pages of a part of the region back to the system. They read as zero afterwards. */
  release(offset: number, length: number): void {
    native.release(this.fd, offset, length);
  }

  /** Closes the fds. The memory stays as long as somebody holds {@link buffer}. */
  close(): void {
    native.closeOwned(this.fdOwner);
  }
}

/** Page-aligned shared memory that needs no V8 header: see ring/native/region.cc. */
function sharedMemory(size: number): SharedArrayBuffer {
  const pages = size / WASM_PAGE;
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer;
}
