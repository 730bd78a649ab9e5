import { readFileSync } from "node:fs";
import { type End, type How, Queue, until } from "./ends.mjs";
import type { Case, Step } from "./table.js";

/** Two ends of a queue: what stands at each, and what the queue sleeps on. */
export interface Pair {
  readonly name: string;
  readonly on: "eventfds" | "notify";
  readonly producer: (queue: Queue, how: How) => End;
  readonly consumer: (queue: Queue, how: How) => End;
  /** What cases may ask for: see `needs` in ./table.ts. */
  readonly has: readonly NonNullable<Case["needs"]>[];
}

/** Runs a case between two ends, and throws if an answer is another one than expected. */
export async function run(pair: Pair, { shape, capacity, start, wait, steps }: Case): Promise<void> {
  const queue = new Queue({ shape, capacity, start, on: pair.on });
  const scene = new Scene(pair, queue, { shape, wait });
  try {
    for (const who of ["P", "C"]) {
      if (!steps.some((step) => step[0] === who && step[1] === "start")) await scene.start(who, "ready");
    }
    for (const [i, step] of steps.entries()) {
      try {
        await scene.step(step);
      } catch (error) {
        throw new Error(`step ${i + 1}, ${step.join(" | ")}: ${(error as Error).message}\n(${queue.describe()})`);
      }
    }
    await scene.finish();
  } finally {
    await scene.destroy();
    queue.close();
  }
}

/** Far longer than any busy machine needs: an answer that takes so long will never come. */
const LOST_MS = 30_000;

class Scene {
  private readonly ends = new Map<string, End>();
  private readonly all: End[] = [];
  private someoneIsGone = false;

  constructor(
    private readonly pair: Pair,
    private readonly queue: Queue,
    private readonly how: Pick<How, "shape" | "wait">,
  ) {}

  async start(who: string, expected: string): Promise<void> {
    const role = who.startsWith("P") ? "producer" : "consumer";
    const end = this.pair[role](this.queue, { role, ...this.how });
    this.all.push(end);
    check(await answer(end), expected);
    if (expected !== "ready") return check(String(await end.ended), "1");
    this.ends.set(who, end);
    if (this.someoneIsGone) end.peerDied?.();
  }

  async step([who, request, expected]: Step): Promise<void> {
    if (who === "M") return check(this.memory(request), this.told(expected));
    if (request === "start") return this.start(who, expected);
    const end = this.ends.get(who) as End;
    switch (request) {
      case "(then)":
        return check(await answer(end), expected);
      case "(sleeps)":
        return this.sleeps(who, end);
      case "(ends)":
        check(String(await end.finish()), "0");
        return this.gone(who);
      case "SIGKILL":
        await end.signal(request);
        return this.gone(who);
      case "SIGSTOP":
      case "SIGCONT":
        return end.signal(request);
    }
    end.say(request);
    if (expected === "(sleeps)") return this.sleeps(who, end);
    if (expected !== "(later)") check(await answer(end), expected);
  }

  /** Waits until the memory says so. Who spins says nothing. */
  private async sleeps(who: string, end: End): Promise<void> {
    if (this.how.wait === "spin") return;
    const word = who.startsWith("P") ? "space" : "sleeping";
    await until(
      () => this.queue.get(word) === 1 || end.unread > 0,
      () => `${word} is still ${this.queue.get(word)}`,
    );
    if (end.unread > 0) throw new Error(`expected that it sleeps, got ${JSON.stringify(await end.next())}`);
  }

  private gone(who: string): void {
    this.ends.delete(who);
    this.someoneIsGone = true;
    for (const end of this.ends.values()) end.peerDied?.();
  }

  private memory(request: string): string {
    const [what = "", ...args] = request.split(" ");
    if (what === "bytes") {
      const [at, count] = args.map(Number) as [number, number];
      return Buffer.from(this.queue.memory, at, count).toString("hex");
    }
    if (what === "u32") this.queue.view.setUint32(Number(args[0]), Number(args[2]), true);
    else if (args[0] === "=") this.queue.set(what, Number(args[1]));
    else return String(this.queue.get(what));
    return "";
  }

  /** What stands for something that only this run knows. */
  private told(expected: string): string {
    const about = /^\((pid|began) of (.+)\)$/.exec(expected);
    if (about === null) return expected;
    const { pid } = this.ends.get(about[2] as string) as End;
    return String(about[1] === "pid" ? pid : began(pid));
  }

  /** Whoever is left ends by itself at the end of its input: a queue keeps no process alive that waits for nothing. */
  async finish(): Promise<void> {
    for (const [who, end] of this.ends) {
      if (end.unread > 0) throw new Error(`${who} has said more than it was asked: ${await end.next()}`);
      check(String(await inTime(end.finish(), `the end of ${who}`)), "0");
    }
  }

  async destroy(): Promise<void> {
    await Promise.all(this.all.map((end) => end.destroy()));
  }
}

const answer = (end: End): Promise<string> => inTime(end.next(), "an answer");

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${LOST_MS / 1000} s`)), LOST_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function check(received: string, expected: string): void {
  const codeOnly = expected.startsWith("error ");
  const compared = codeOnly ? received.split(" ", 2).join(" ") : received;
  if (compared !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(received)}`);
}

/** Field 22 of /proc/PID/stat, its low 32 bits. */
function began(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(BigInt.asUintN(32, BigInt(fields[19] as string)));
}
