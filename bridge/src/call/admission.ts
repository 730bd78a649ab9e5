import type { MethodSpec } from "../client/service.js";
import type { OverloadedError } from "../errors.js";
import type { Callbacks } from "./callbacks/index.js";
import type { Requests } from "./requests.js";
import type { Slots } from "./slots.js";
import type { StreamCall } from "./stream/index.js";

/** Which calls of a channel can be sent, and which would wait for ever: for places, for memory, and for each other. */
export class Admission {
  /** What there was not for the call that was refused last. */
  lack: "entry" | "place" | "memory" = "entry";

  constructor(
    private readonly slots: Slots,
    private readonly requests: Requests,
    private readonly callbacks: Callbacks | undefined,
  ) {}

  /** Whether there is a place for a call, or for one with streams. */
  hasPlace(stream: StreamCall | undefined): boolean {
    return stream === undefined ? !this.slots.full || this.lend() : this.hasPlaces(stream);
  }

  /**
   * Whether a call can be sent beyond what there are places for. Open streams do not count among those in flight: whoever
   * reads them may be waiting for this call just as well.
   */
  private lend(): boolean {
    return this.callbacks !== undefined && this.slots.lend(this.callbacks.waiting, this.slots.calls);
  }

  /** Whether there are places for a call with streams. To those only is lent when no stream is open: they are many. */
  hasPlaces(stream: StreamCall): boolean {
    const { slots, callbacks } = this;
    return slots.fits(stream) || (callbacks !== undefined && slots.lend(callbacks.waiting, slots.used));
  }

  /** Says which stream waits before all other calls, if one does. */
  gather(stream: StreamCall | undefined): void {
    this.slots.gather(stream);
  }

  /** Notes that a call begins to wait to be sent; see {@link starving}. */
  queued(): number {
    return this.callbacks?.queued() ?? 0;
  }

  /** Whether every call in flight may be waiting for one that is made on its behalf. */
  get allWait(): boolean {
    const { callbacks, slots } = this;
    return callbacks !== undefined && slots.calls > 0 && callbacks.waiting >= slots.calls;
  }

  /**
   * Whether the call that was refused last lacks memory, which no call in flight gives back before one that waits to be
   * sent has ended: all may be waiting for those. Not 0: for those only for which {@link queued} gave so much or more.
   */
  get starving(): number {
    if (this.lack !== "memory" || !this.allWait) return 0;
    const { waitingForQueued, oldest } = this.callbacks as Callbacks;
    return waitingForQueued >= this.slots.calls ? oldest : 0;
  }

  /** Has the next call of the method be measured by itself: its memory is not guessed by what earlier ones took. */
  remeasure(method: MethodSpec): void {
    this.requests.remeasure(method);
  }

  /** Why the call that was refused last lacks memory; undefined if it does not. */
  shortage(method: MethodSpec): OverloadedError | undefined {
    return this.lack === "memory" ? this.requests.shortage(method) : undefined;
  }

  /**
   * Whether a call that waits to be sent would wait for this thread, if that waited for it: for streams to be read, bytes
   * to be released or calls from Go to be answered. Other calls in flight end whatever this thread does.
   */
  get waitsForThread(): boolean {
    return this.lack !== "entry" && this.slots.calls <= (this.callbacks?.waiting ?? 0);
  }
}
