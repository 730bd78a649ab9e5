import { rejection, retrace } from "./trace.js";

/**
 * Ends a call: a promise's own resolve function. It is called once, with the result, or with a rejected promise. Keeping
 * one function a call and not two saves a store into old memory for each.
 */
export type Settle = ((result: unknown) => void) & {
  /** Where nobody holds a promise: gets the error instead. */
  readonly refuse?: (error: Error) => void;
};

/** Ends a call with an error. */
export function fail(settle: Settle, error: Error): void {
  if (settle.refuse === undefined) settle(rejection(error));
  else settle.refuse(error);
}

/** The end of a call for which this thread blocks. */
export class Outcome {
  done = false;
  private result: unknown;
  private error: Error | undefined;

  readonly settle: Settle = Object.assign(
    (result: unknown) => {
      this.done = true;
      this.result = result;
    },
    {
      refuse: (error: Error) => {
        this.done = true;
        this.error = error;
      },
    },
  );

  /** The result, or throws the error. */
  take(): unknown {
    if (this.error !== undefined) {
      // Frames of this package are so many that those of the caller would be left out.
      retrace(this.error, Outcome.prototype.take);
      throw this.error;
    }
    return this.result;
  }
}
