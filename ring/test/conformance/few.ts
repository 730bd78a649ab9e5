import { availableParallelism } from "node:os";

let free = availableParallelism();
const waiting: (() => void)[] = [];

/** As many at a time as there are processors: of two ends that take turns, one mostly sleeps. */
export async function oneOfFew<T>(f: () => Promise<T>): Promise<T> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free--;
  try {
    return await f();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
