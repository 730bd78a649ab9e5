interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The calls that wait for an answer, by the number that travels with them. */
export class WaitingCalls {
  readonly #waiting: (Waiting | undefined)[] = [];
  readonly #free: number[] = [];
  #gone: Error | undefined;

  /** Gives a promise and has `send` send the request that answers it. */
  call<T>(send: (id: number) => void): Promise<T> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise<T>((resolve, reject) => {
      const id = this.#free.pop() ?? this.#waiting.length;
      this.#waiting[id] = { resolve: resolve as (value: unknown) => void, reject };
      send(id);
    });
  }

  resolve(id: number, value: unknown): void {
    this.#remove(id).resolve(value);
  }

  reject(id: number, error: Error): void {
    this.#remove(id).reject(error);
  }

  /** Rejects all, and all that will be made: the other side has gone. */
  rejectAll(error: Error): void {
    this.#gone = error;
    for (const waiting of this.#waiting) waiting?.reject(error);
    this.#waiting.length = this.#free.length = 0;
  }

  #remove(id: number): Waiting {
    const waiting = this.#waiting[id];
    if (!waiting) throw new Error(`an answer to call ${id}, which nobody made`);
    this.#waiting[id] = undefined;
    this.#free.push(id);
    return waiting;
  }
}
