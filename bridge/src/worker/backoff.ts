/** How soon a worker that keeps dying is started again, and when to give up. */
export interface BackoffLimits {
  /** Delay before the second attempt in milliseconds; it doubles with each one. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Starts in a row that may fail before waiting calls are rejected. */
  readonly attempts: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { firstMs: 50, maxMs: 5000, attempts: 4 };

/** Counts failures in a row. */
export class Backoff {
  private failures = 0;

  constructor(private readonly limits: BackoffLimits = DEFAULT_BACKOFF) {}

  /** A worker has died. One that had completed a call was a good one: the count begins anew. */
  died(served: boolean): void {
    this.failures = served ? 1 : this.failures + 1;
  }

  /** A worker has died before it served. True: try again. False: give up; the next call begins a new series. */
  failed(): boolean {
    this.failures++;
    return this.failures % this.limits.attempts !== 0;
  }

  /** How long to wait before the next start, in milliseconds. The first restart after a healthy life is at once. */
  get delayMs(): number {
    return this.failures <= 1 ? 0 : Math.min(this.limits.firstMs * 2 ** (this.failures - 2), this.limits.maxMs);
  }
}
