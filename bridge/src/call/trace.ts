/** Of errors that came from Go: the lines of their trace between their message and the frames of who called. */
const traces = new WeakMap<Error, string>();

/**
 * Makes the error's stack one readable trace: its message, `lines` of what happened elsewhere, then who called from here.
 * Who awaits the call is not known yet: see {@link rejection}.
 */
export function trace(error: Error, lines: string): void {
  traces.set(error, lines);
  compose(error, lines);
}

function compose(error: Error, lines: string): void {
  error.stack = `${error.name}: ${error.message}\n${lines}\n${stackBelow(error.stack)}`.trimEnd();
}

/**
 * A promise rejected with the error, for who awaits a call. V8 finds the callers of an async function by following the
 * promises that wait for it; from the drain that brings an error there is no such way, but from here there is. So the
 * stack is taken here, and calls that succeed pay nothing.
 */
export function rejection(error: Error): Promise<never> {
  const lines = traces.get(error);
  return lines === undefined ? Promise.reject(error) : retraced(error, lines);
}

async function retraced(error: Error, lines: string): Promise<never> {
  // One turn until the call's promise is told to wait for this one, and one until it does.
  await undefined;
  await undefined;
  retrace(error, retraced, lines);
  throw error;
}

/** Takes the stack again, from the caller of the function `above`, which is running. */
export function retrace(error: Error, above: (...args: never[]) => unknown, lines = traces.get(error)): void {
  if (lines === undefined) return;
  Error.captureStackTrace(error, above);
  compose(error, lines);
}

/** The frames of a stack, without the name and message that it begins with. The program may make something else of it. */
export function stackBelow(stack: unknown): string {
  if (typeof stack !== "string") return "";
  const at = stack.indexOf("\n    at ");
  return at < 0 ? "" : stack.slice(at + 1);
}

/** The frames of a stack of Go's, written as JavaScript's are. There, a frame is two lines: the function and its place. */
export function framesOf(goStack: string): string {
  const lines = goStack.split("\n");
  const frames = lines.map((line, i) => {
    const [, place] = /^\t(.*?:\d+)/.exec(line) ?? [];
    return place === undefined ? "" : `    at ${lines[i - 1]?.replace(/\([^()]*\)$/, "")} (${place})`;
  });
  return frames.filter((frame) => frame !== "").join("\n");
}
