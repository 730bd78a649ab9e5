// The JavaScript peer: what it answers, for a process and for a thread alike. ../peers.md lists the requests.
import { setTimeout as delay } from "node:timers/promises";
import { RingError } from "@x/mem-ring";

const entries = {
  parse: BigInt,
  text: String,
  /** Entry number `i` of a blast. */
  numbered: BigInt,
  same: (a, b) => a === b,
  /** Many at once: the entry's own typed array, which is copied in one piece. */
  portion(from, count) {
    const words = new Uint32Array(2 * count);
    for (let i = 0; i < count; i++) {
      words[2 * i] = from + i;
      words[2 * i + 1] = (from + i) / 2 ** 32;
    }
    return new BigUint64Array(words.buffer);
  },
};

const messages = (maxLength) => {
  const pattern = Uint8Array.from({ length: maxLength + 256 }, (_, k) => k);
  const numbered = (i) => pattern.subarray(i % 256, (i % 256) + ((i * 37) % (maxLength + 1)));
  return {
    parse: (text) => (text === "-" ? new Uint8Array() : Uint8Array.from(Buffer.from(text, "hex"))),
    text: (message) => (message.length === 0 ? "-" : Buffer.from(message).toString("hex")),
    numbered,
    same: (a, b) => Buffer.compare(a, b) === 0,
    portion: (from, count) => Array.from({ length: count }, (_, i) => numbered(from + i)),
  };
};

class Mismatch extends Error {}

/** A number from 0 to `n - 1`. */
const below = (n) => Math.floor(Math.random() * n);

/** Portions of every size, half of them small, some larger than the queue. `fit`: how many entries it holds. */
const portionSize = (left, fit) => Math.min(left, 1 + below(2 ** below(Math.log2(fit) + 2)));

const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random());

/** How an end waits without blocking its thread: by the methods that return promises. */
const patient = {
  push: (end, value) => end.push(value),
  pushMany: (end, values) => end.pushMany(values),
  async pushFor(end, ms, value) {
    await end.push(value, { signal: AbortSignal.timeout(ms) });
  },
  pop: (end) => end.pop(),
  popFor: (end, ms) => end.pop({ signal: AbortSignal.timeout(ms) }),
  popMany: (end, max) => end.popMany(max),
  async all(end) {
    const values = [];
    for await (const value of end) values.push(value);
    return values;
  },
  hesitate: () => (below(2) === 0 ? new Promise(setImmediate) : delay(below(2))),
};

/** How an end waits by blocking its thread. */
const blocking = {
  push(end, value) {
    if (!end.pushSync(value)) throw new Error("pushSync without a timeout has timed out");
  },
  pushMany(end, values) {
    for (const value of values) this.push(end, value);
  },
  pushFor(end, ms, value) {
    if (!end.pushSync(value, ms)) throw new DOMException("pushSync", "TimeoutError");
  },
  pop: (end) => end.popSync(),
  popFor(end, ms) {
    const value = end.popSync(ms);
    if (value === undefined && !end.ended) throw new DOMException("popSync", "TimeoutError");
    return value;
  },
  popMany(end, max) {
    const first = end.popSync();
    return first === undefined ? [] : [first, ...end.tryPopMany(max - 1)];
  },
  all(end) {
    const values = [];
    for (let value = end.popSync(); value !== undefined; value = end.popSync()) values.push(value);
    return values;
  },
  hesitate: nap,
};

/**
 * Takes the role, and returns what answers a line.
 *
 * @param ring a ring of any kind
 * @param how role, shape, wait ("spin", "adaptive", "sleep"), and whether to block the thread
 */
export function serve(ring, { role, shape, wait, blocks = false }) {
  const end = ring[role]({ wait });
  const kind = shape === "messages" ? messages(ring.maxLength) : entries;
  const waits = blocks ? blocking : patient;
  const list = (values) => ["values", ...values.map(kind.text)].join(" ");
  const one = (value, none) => (value !== undefined ? kind.text(value) : end.ended ? "end" : none);
  const many = (values) => (values.length === 0 && end.ended ? "end" : list(values));
  // A message takes 8 bytes at least, and mostly more.
  const fit = shape === "entries" ? ring.capacity : ring.capacity / 16;
  let claim;

  const producing = {
    tryPush: ([value]) => String(end.tryPush(kind.parse(value))),
    // A queue of messages has no tryPushMany: it is so many tryPush.
    tryPushMany: (values) => {
      const parsed = values.map(kind.parse);
      return String(
        shape === "entries" ? end.tryPushMany(parsed) : parsed.filter((value) => end.tryPush(value)).length,
      );
    },
    push: async ([value]) => {
      await waits.push(end, kind.parse(value));
      return "done";
    },
    pushMany: async (values) => {
      await waits.pushMany(end, values.map(kind.parse));
      return "done";
    },
    pushFor: async ([ms, value]) => {
      await waits.pushFor(end, Number(ms), kind.parse(value));
      return "done";
    },
    tryClaim: ([length]) => {
      const view = end.tryClaim(Number(length));
      if (view !== undefined) claim = view;
      return String(view !== undefined);
    },
    write: ([text]) => {
      claim.set(kind.parse(text));
      return "done";
    },
    commit: () => {
      end.commit();
      return "done";
    },
    abort: () => {
      end.abort();
      return "done";
    },
    blast: async ([from, count]) => {
      let next = Number(from);
      const last = next + Number(count);
      while (next < last) {
        const portion = portionSize(last - next, fit);
        switch (below(4)) {
          case 0:
            if (end.tryPush(kind.numbered(next))) next++;
            break;
          case 1:
            await waits.push(end, kind.numbered(next++));
            break;
          case 2:
            if (shape === "entries") next += end.tryPushMany(kind.portion(next, portion));
            break;
          default:
            await waits.pushMany(end, kind.portion(next, portion));
            next += portion;
        }
        if (below(64) === 0) await waits.hesitate();
      }
      return "done";
    },
  };

  const consuming = {
    tryPop: () => one(end.tryPop(), "empty"),
    tryPopMany: ([max]) => many(end.tryPopMany(Number(max))),
    pop: async () => one(await waits.pop(end)),
    popFor: async ([ms]) => one(await waits.popFor(end, Number(ms))),
    popMany: async ([max]) => many(await waits.popMany(end, Number(max))),
    all: async () => list(await waits.all(end)),
    tryPeek: () => one(end.tryPeek(), "empty"),
    release: () => {
      end.release();
      return "done";
    },
    expect: async ([from, count]) => {
      let next = Number(from);
      const last = next + Number(count);
      const target = new BigUint64Array(Math.min(2 * ring.capacity, 4096));
      const words = new Uint32Array(target.buffer);
      const check = (value) => {
        if (value === undefined) throw new Mismatch(`expected entry ${next}, got the end`);
        const expected = kind.numbered(next);
        if (!kind.same(value, expected)) {
          throw new Mismatch(`expected entry ${next}: ${kind.text(expected)}, got ${kind.text(value)}`);
        }
        next++;
      };
      while (next < last) {
        const portion = portionSize(last - next, fit);
        switch (below(4)) {
          case 0: {
            const value = end.tryPop();
            if (value !== undefined) check(value);
            break;
          }
          case 1:
            check(await waits.pop(end));
            break;
          case 2:
            if (shape === "entries") {
              const n = end.tryPopInto(target.subarray(0, Math.min(portion, target.length)));
              for (let i = 0; i < n; i++) {
                if (words[2 * i] !== next >>> 0 || words[2 * i + 1] !== Math.floor(next / 2 ** 32)) check(target[i]);
                else next++;
              }
            }
            break;
          default: {
            const values = await waits.popMany(end, portion);
            if (values.length === 0) check(undefined);
            for (const value of values) check(value);
          }
        }
        if (end.ended && next < last) check(undefined);
        if (below(64) === 0) await waits.hesitate();
      }
      return "done";
    },
  };

  const requests = {
    ...(role === "producer" ? producing : consuming),
    close: () => {
      end.close();
      return "done";
    },
    length: () => String(end.stats.length),
    capacity: () => String(end.stats.capacity),
    maxLength: () => String(ring.maxLength),
  };

  return {
    /** For a thread without the addon: its owner says that the thread at the other end has ended. */
    peerDied: () => end.peerDied(),
    async answer(line) {
      const [request, ...args] = line.split(" ");
      try {
        return await requests[request](args);
      } catch (error) {
        return failure(error);
      }
    },
  };
}

/** What a peer says in place of an answer. */
export function failure(error) {
  if (error instanceof RingError) return `error ${error.code} ${error.message}`;
  if (error instanceof Mismatch) return `error MISMATCH ${error.message}`;
  if (error?.name === "TimeoutError") return "timeout";
  // A fault of the peer itself: it ends.
  throw error;
}
