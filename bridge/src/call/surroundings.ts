import { AsyncResource } from "node:async_hooks";
import type { Providers } from "../client/node-service.js";
import { type Metadata, pairsOf, withMore } from "./metadata.js";
import { hasTelemetry, injected } from "./telemetry.js";

/** What one call takes along from where it was made. Most calls have none. */
export interface CallContext {
  /** Keys and values of its metadata by turns. */
  readonly pairs: readonly string[] | undefined;
  /** The asynchronous context (`AsyncLocalStorage`) in which it was made, for what Go calls on its behalf. */
  readonly scope: AsyncResource | undefined;
}

/** Where the calls of a transport are made. */
export class Surroundings {
  private traced = false;

  constructor(
    /** A file of the program: see `hasTelemetry`. */
    private readonly from: string,
    private readonly providers: Providers,
  ) {}

  /** Whether every call has to ask {@link of}, and not only those with metadata. */
  get matter(): boolean {
    // Nobody's code can run in a call's scope where nobody provides any: there a call does not pay for it.
    return this.traced || this.providers.some;
  }

  /** Looks whether the program uses OpenTelemetry by now. It is too much for each call. */
  look(): void {
    this.traced = hasTelemetry(this.from);
  }

  /** What a call that is made now takes along. Throws `EncodeError` where `metadata` cannot be sent. */
  of(method: string, metadata: Metadata | undefined): CallContext | undefined {
    let pairs = metadata === undefined ? undefined : pairsOf(method, metadata);
    if (this.traced) {
      // The active span wins over what was passed on from another call.
      const more = injected();
      if (more !== undefined) pairs = withMore(pairs, more);
    }
    const scope = this.providers.some ? new AsyncResource("ts2go.call") : undefined;
    return pairs === undefined && scope === undefined ? undefined : { pairs, scope };
  }
}
