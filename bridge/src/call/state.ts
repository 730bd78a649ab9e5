/** A call, for whoever looks for one that is stuck. */
export interface CallState {
  /** `Interface.method`. */
  readonly method: string;
  /** `queued`: not sent yet. `sent`: Go has it. `abandoned`: its caller has given up, and Go is not done with it. */
  readonly state: "queued" | "sent" | "abandoned";
  /**
   * Milliseconds that it has been there at least. It is at most a tenth of a second older, or, if it is abandoned, the
   * time since the last look.
   */
  readonly ageMs: number;
  /** Process id of the worker that has it. */
  readonly pid: number | undefined;
}
