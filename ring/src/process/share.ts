import type { Socket } from "node:net";
import { getSystemErrorName } from "node:util";
import { RingError } from "../errors.js";
import type { Host } from "../queue/end.js";
import { type Shape, sizeOf, writeHeader } from "../queue/memory.js";
import { closeFds, mappedSize, ownFds, sharedMemory } from "./memory.js";
import { native } from "./native.js";
import { EventfdSleeper, startOf } from "./sleeper.js";

/** A queue's fds, in the order in which they are passed. */
export type Fds = readonly [memory: number, consumerDoorbell: number, producerDoorbell: number];

/** What another thread of this process opens; may be posted to it. */
export interface Handle {
  readonly memory: SharedArrayBuffer;
  readonly fds: Fds;
}

/** How a ring between processes sleeps, and who it is. */
export const processes = (memory: SharedArrayBuffer, fds: Fds): Host => ({
  sleeper: (role, onWake) => {
    const [own, other] = role === "consumer" ? [fds[1], fds[2]] : [fds[2], fds[1]];
    return new EventfdSleeper(memory, role, own, other, onWake);
  },
  process: { id: process.pid, start: startOf(process.pid) },
});

/** @throws {RingError} `ERR_RING_NO_MEMORY` */
export function createShared(shape: Shape): Handle {
  const size = mappedSize(sizeOf(shape));
  const fds: number[] = [];
  try {
    const memory = sharedMemory(size);
    // One by one: what was made before one of them fails is closed below.
    fds.push(native.mapRegion(new Uint8Array(memory)));
    fds.push(native.createDoorbell());
    fds.push(native.createDoorbell());
    writeHeader(memory, shape);
    ownFds(memory, fds);
    return { memory, fds: fds as unknown as Fds };
  } catch (cause) {
    for (const fd of fds) native.closeFd(fd);
    throw new RingError(
      "ERR_RING_NO_MEMORY",
      `cannot make a ring of ${size} bytes: ${(cause as Error).message}. ` +
        "Each takes three file descriptors (see `ulimit -n`) and address space (see `ulimit -v`).",
      { cause },
    );
  }
}

/**
 * Maps the memory of a ring that another process made. Takes over the fds once it has succeeded.
 *
 * @throws {RingError} `ERR_RING_BAD_HEADER`, `ERR_RING_NO_MEMORY`
 */
function mapShared(fds: Fds): Handle {
  let memory: SharedArrayBuffer;
  try {
    const size = native.fileSize(fds[0]);
    if (size === 0 || size % mappedSize(1) !== 0) throw new Error(`the file has ${size} bytes`);
    memory = sharedMemory(size);
    native.mapExisting(new Uint8Array(memory), fds[0]);
  } catch (cause) {
    const code = cause instanceof RangeError ? "ERR_RING_NO_MEMORY" : "ERR_RING_BAD_HEADER";
    throw new RingError(code, `cannot open a ring at fd ${fds[0]}: ${(cause as Error).message}`, { cause });
  }
  return { memory, fds };
}

/** The memory of a ring that is opened by its fds, or by what another thread has posted. */
export const opened = (from: Fds | Handle): Handle => ("memory" in from ? from : mapShared(from));

/** Takes over the fds of a memory whose header was read. */
export const own = ({ memory, fds }: Handle): void => ownFds(memory, fds);

export const closeShared = ({ memory }: Handle): void => closeFds(memory);

/**
 * Sends a ring to whoever has connected: to `SharedRing.receive`, or to `memring.Receive` in Go and `receive` in C++. The
 * socket stays the caller's.
 *
 * @throws {RingError} `ERR_RING_INVALID_OPTION` if it is no open unix socket.
 */
export function offer(socket: Socket, { fds }: Handle): void {
  const fd = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1;
  try {
    native.sendFds(fd, fds);
  } catch (cause) {
    throw new RingError(
      "ERR_RING_INVALID_OPTION",
      `offer: expected an open unix socket, got fd ${fd}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** @throws {Error} as Node's own sockets do: with `code` (`ENOENT`, `ECONNREFUSED`), `syscall` and `path`. */
function connect(path: string): number {
  try {
    return native.connectUnix(path);
  } catch (error) {
    const { errno = 0 } = error as NodeJS.ErrnoException;
    throw Object.assign(error as Error, { code: getSystemErrorName(-errno), path });
  }
}

/** Connects to a unix socket and waits for the fds of a ring. */
export async function receive(path: string, signal?: AbortSignal): Promise<Fds> {
  signal?.throwIfAborted();
  const socket = connect(path);
  let watch: ReturnType<typeof native.watchReadable> | undefined;
  let abort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      watch = native.watchReadable(socket, resolve);
      watch.start(true);
      abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
    });
    const fds = native.receiveFds(socket) ?? [];
    if (fds.length !== 3) {
      for (const fd of fds) native.closeFd(fd);
      throw new RingError(
        "ERR_RING_BAD_HEADER",
        `receive: expected the three file descriptors of a ring at ${path}, got ${fds.length}`,
      );
    }
    return fds as unknown as Fds;
  } finally {
    signal?.removeEventListener("abort", abort);
    watch?.close();
    native.closeFd(socket);
  }
}

/** Opens what was received; the fds of what is no ring are closed, since nobody else knows them. */
export function received<R>(fds: Fds, open: (fds: Fds) => R): R {
  try {
    return open(fds);
  } catch (error) {
    for (const fd of fds) native.closeFd(fd);
    throw error;
  }
}
