import { DONE, Iteration } from "../../call/stream/iteration.js";

/** A result stream behind interceptors. As every result stream it is begun by the first `next`. */
export class InterceptedStream extends Iteration<unknown> {
  private source: Promise<AsyncIterator<unknown>> | undefined;
  private over = false;

  constructor(
    private readonly name: string,
    private readonly begin: () => Promise<unknown>,
  ) {
    super();
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.over) return DONE;
    try {
      this.source ??= this.open();
      const result = await (await this.source).next();
      if (result.done !== true) return result;
    } catch (error) {
      // The error goes to one reader, and after it there is nothing.
      if (this.over) return DONE;
      this.over = true;
      throw error;
    }
    this.over = true;
    return DONE;
  }

  private async open(): Promise<AsyncIterator<unknown>> {
    const items = (await this.begin()) as Partial<AsyncIterable<unknown>> | null | undefined;
    const iterate = items?.[Symbol.asyncIterator];
    if (iterate === undefined) {
      throw new TypeError(`${this.name}: an interceptor has to resolve with an AsyncIterable, as next does`);
    }
    return iterate.call(items as AsyncIterable<unknown>);
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.over = true;
    const source = await this.source?.catch(() => undefined);
    await source?.return?.();
    return DONE;
  }
}
