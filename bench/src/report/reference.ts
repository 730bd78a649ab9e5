/** Ours as a user gets it: whom a report is about, where it ran. */
export const SUBJECT = "ring-spawn";

/** Whom the others are compared with, where it ran. */
export const REFERENCE = "cgo-batched";
