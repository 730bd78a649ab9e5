/**
 * Who waits for a signal: one listener a signal, however many calls it was given to. A listener a call would cost more,
 * and Node warns of a leak from the eleventh on.
 */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `then` once when the signal is aborted. */
export function listen(signal: AbortSignal, then: () => void): void {
  let set = waiting.get(signal);
  if (set === undefined) {
    set = new Set();
    waiting.set(signal, set);
  }
  if (set.size === 0) signal.addEventListener("abort", onAbort, { once: true });
  set.add(then);
}

/** Takes back what {@link listen} has said. */
export function unlisten(signal: AbortSignal, then: () => void): void {
  const set = waiting.get(signal);
  if (set?.delete(then) === true && set.size === 0) signal.removeEventListener("abort", onAbort);
}

function onAbort(event: Event): void {
  const signal = event.target as AbortSignal;
  const set = waiting.get(signal);
  waiting.delete(signal);
  for (const then of set ?? []) then();
}
