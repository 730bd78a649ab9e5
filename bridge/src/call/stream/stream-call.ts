import type { MethodSpec } from "../../client/service.js";
import { Ts2goError } from "../../errors.js";
import type { Channel } from "../channel.js";
import { callShare } from "../shares.js";
import type { Slot } from "../slots.js";
import type { Incoming } from "./incoming.js";
import type { Outgoing } from "./outgoing.js";

/** Batches that may be on their way in one direction: enough for both sides to work at once. */
const WINDOW = 4;

/**
 * The streams of one call. Each direction has a window of so many batches, for each of which a place in ring toNode is
 * reserved when the call is admitted (hand-shake 3): a batch that comes in, or the credit for one that went out. In a small
 * ring the window is smaller, so that calls have places beside.
 */
export class StreamCall {
  /** Batches a direction. */
  readonly window: number;
  /** Places in ring toNode besides the completion's. */
  readonly reserved: number;
  private channel: Channel | undefined;
  private slot: Slot | undefined;
  private callId = 0;

  /** `abandon` gives up a call that was not sent yet. @throws {Ts2goError} `ERR_INVALID_OPTION` */
  constructor(
    method: MethodSpec,
    name: string,
    capacity: number,
    readonly incoming: Incoming<unknown> | undefined,
    readonly outgoing: Outgoing | undefined,
    private readonly abandon: () => void,
  ) {
    const directions = (method.streams === true ? 1 : 0) + (method.items === undefined ? 0 : 1);
    this.window = Math.min(WINDOW, Math.floor((capacity - callShare(capacity) - 1) / directions));
    this.reserved = this.window * directions;
    if (this.window < 1) {
      throw new Ts2goError(
        "ERR_INVALID_OPTION",
        `${name}: a stream needs ${directions + 1} places in the ring, beside one that is left to calls: connect with a capacity of at least 4, got ${capacity}`,
      );
    }
  }

  /** Tells that the call was sent. */
  sent(channel: Channel, slot: Slot): void {
    this.channel = channel;
    this.slot = slot;
    this.callId = slot.callId;
    if (this.incoming !== undefined) this.credit(this.window);
    this.outgoing?.begin(this);
  }

  /** Says that so many more batches may come. */
  credit(batches: number): void {
    if (this.slot !== undefined) this.channel?.credit(this.slot, this.callId, batches);
  }

  /** Sends a batch of the argument stream; false: there is no room, and `Outgoing.resume` will be called. */
  send(batch: readonly unknown[]): boolean {
    return this.slot !== undefined && this.channel?.sendItems(this.slot, this.callId, batch) === true;
  }

  /** Says that the argument stream has ended. */
  end(): void {
    if (this.slot !== undefined) this.channel?.endItems(this.slot, this.callId);
  }

  /** Gives the call up: nobody waits for it any more. */
  giveUp(reason: string): void {
    if (this.slot === undefined) this.abandon();
    else this.channel?.cancel(this.slot, this.callId, reason);
    this.outgoing?.stop();
  }
}
