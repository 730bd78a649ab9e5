export const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What every stream that a program reads has beside `next` and `return`. */
export abstract class Iteration<T> implements AsyncIterableIterator<T, undefined> {
  abstract next(): Promise<IteratorResult<T, undefined>>;

  /** Gives the stream up. */
  abstract return(): Promise<IteratorReturnResult<undefined>>;

  /** Gives the stream up and rejects with `error`. */
  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
