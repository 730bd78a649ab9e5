import type { LeaseWay } from "../leases.js";
import type { Kind } from "../queue/kinds.js";
import type { Flow } from "../streams.js";

/** Ours as a user gets it: whom a report is about, where it ran. */
export const SUBJECT = "ring-spawn";

/** Whom the others are compared with, where it ran. */
export const REFERENCE = "cgo-batched";

/** The same for the queues of W8, by what they move. */
export const QUEUE_REFERENCE: Record<Kind, string> = {
  one: "message-port",
  batch: "message-port",
  message: "memcpy-js",
  asleep: "eventfd",
};

/** What W8's cells are called, and what they count. */
export const MOVED: Record<Kind, { readonly title: string; readonly unit: string; readonly against: string }> = {
  one: { title: "8 bytes, one at a time", unit: "entries", against: "MessagePort" },
  batch: { title: "8 bytes, batches of 256", unit: "entries", against: "MessagePort" },
  message: { title: "messages of 1 KiB", unit: "messages", against: "memcpy" },
  asleep: { title: "there and back, asleep", unit: "trips", against: "eventfd" },
};

/** What W10's cells are called. */
export const FLOWED: Record<Flow, string> = {
  out: "from Go",
  in: "to Go",
  both: "there and back",
  first: "the first of 300 from Go",
};

/** What the directions of W12 are called. */
export const LENT: Record<LeaseWay, string> = { in: "into Go", out: "out of Go" };
