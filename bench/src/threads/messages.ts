import type { Cell } from "../workloads.js";

/** What a thread is started with. */
export interface ThreadSetup {
  readonly id: string;
  /** One 32-bit word, shared by all threads: not 0 once they are to stop making calls. */
  readonly stop: SharedArrayBuffer;
}

/** What a thread is asked: to make calls until it is told to stop, or to end. */
export interface ThreadRequest {
  readonly op: "run" | "close";
  readonly cell: Cell;
}

/** What it answers: once when its client is open, and after every run. */
export type ThreadReply =
  | { readonly childPid: number | undefined }
  | { readonly ran: { readonly calls: number; readonly milliseconds: number } }
  | { readonly error: string };
