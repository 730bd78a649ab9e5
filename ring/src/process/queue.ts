import type { Socket } from "node:net";
import type { Shape } from "../queue/memory.js";
import { type Contents, type EndOptions, Queue } from "../queue/queue.js";
import { closeShared, type Fds, type Handle, offer, processes } from "./share.js";

/** A queue between processes, of entries or of messages: a sealed memfd and two eventfds. */
export abstract class SharedQueue<P extends { close(): void }, C extends { close(): void }> extends Queue<P, C> {
  /** Memory, the consumer's doorbell, the producer's. For a child: inherited, not closed. */
  readonly fds: Fds;
  /** Taken here: they ring the fds' numbers, which must not be somebody else's by then. */
  private readonly ends: { close(): void }[] = [];

  protected constructor(
    /** What another thread of this process opens: may be posted to it. */
    readonly handle: Handle,
    shape: Shape,
    contents: Contents<P, C>,
  ) {
    super(handle.memory, shape, contents, () => processes(handle.memory, handle.fds));
    this.fds = handle.fds;
  }

  override producer(options?: EndOptions): P {
    return this.taken(super.producer(options));
  }

  override consumer(options?: EndOptions): C {
    return this.taken(super.consumer(options));
  }

  private taken<E extends { close(): void }>(end: E): E {
    this.ends.push(end);
    return end;
  }

  /** Sends the ring to whoever has connected to this process's server. */
  offer(socket: Socket): void {
    offer(socket, this.handle);
  }

  /**
   * Closes both ends, if they were taken here, and then the fds. Those that another thread has taken by the {@link handle}
   * have to be closed before: they know the fds by their numbers. The memory goes when it is collected.
   */
  close(): void {
    for (const end of this.ends) end.close();
    closeShared(this.handle);
  }
}
