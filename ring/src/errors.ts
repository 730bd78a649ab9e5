/** Stable codes: messages may change, these do not. */
export type RingErrorCode =
  | "ERR_RING_ADDON_MISSING"
  | "ERR_RING_INVALID_OPTION"
  | "ERR_RING_BAD_HEADER"
  | "ERR_RING_DAMAGED"
  | "ERR_RING_CLOSED"
  | "ERR_RING_NO_MEMORY";

/** Everything that goes wrong in this package. `code` is for programs, `message` for people. */
export class RingError extends Error {
  override readonly name: string = "RingError";
  constructor(
    readonly code: RingErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The peer, or something that shares the memory, has written what the protocol does not allow. The region is thrown
 * away whole; nothing in it is repaired.
 */
export class RegionDamagedError extends RingError {
  override readonly name = "RegionDamagedError";
  constructor(message: string) {
    super("ERR_RING_DAMAGED", message);
  }
}
