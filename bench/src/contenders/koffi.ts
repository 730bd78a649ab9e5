import type { DemoComplicatedRequest, DemoResponse, DemoUser } from "../bench.js";
import { contenderFolder } from "../build-steps/paths.js";
import { runStep } from "../build-steps/run.js";
import { type Calls, type Contender, IMPORTED } from "../contender.js";

const FOLDER = contenderFolder("koffi");
const LIBRARY = "bin/libbench.so";

/** How many asynchronous calls may be under way; koffi allows no more. */
const ASYNC_CALLS_MAX = 4096;

/** What is left of them while the callback of one runs, which counts until it returns. */
const UNDER_WAY_MAX = ASYNC_CALLS_MAX - 1;

/** As many sets of memory as koffi keeps at most, so that calls in flight need not make their own. */
const RESIDENT_POOLS = 32;

/** The methods, by the number that they have for both sides. */
const METHOD = { check: 0, checkSlowly: 1, take: 2, give: 3, echo: 4, checkLong: 5, checkBusy: 6 } as const;

/** The FFI library that people use, with an asynchronous call for each request: contenders/koffi/README.md. */
export const koffi: Contender = {
  id: "koffi",
  title: "koffi, async calls",
  slowCallsPerSecond: 17_000,
  cannot: {
    W1: "each call holds one of libuv's four threads, so 10 ms of sleep make 400 calls/s",
    W10: "it has calls and callbacks, and no streams",
    W11: "a callback from another thread holds that thread until JavaScript has returned, and can return no promise",
  },
  build: () => runStep(FOLDER, "go", ["build", "-buildmode=c-shared", "-o", LIBRARY, "."]),
  open: async () => ({ calls: koffiCalls(await loadLibrary()), close: async () => {} }),
};

/** Method, users and how many, payload, its size or the answer's, memory for the answer. */
type Args = [number, DemoUser[] | null, number, Uint8Array | null, number, Uint8Array | null];

/** Calls the one function that the library exports, on a thread that may wait. */
type RunAsync = (...args: [...Args, done: (error: Error | null, answer: number) => void]) => void;

async function loadLibrary(): Promise<RunAsync> {
  // Loaded only here: where koffi has no binary, the others must run all the same.
  const { default: ffi } = await import("koffi");
  performance.mark(IMPORTED);
  ffi.config({ max_async_calls: ASYNC_CALLS_MAX, resident_async_pools: RESIDENT_POOLS });
  ffi.struct("user_t", { name: "const char *", age: "uint8_t" });
  return ffi
    .load(`${FOLDER}${LIBRARY}`)
    .func(
      "uint32_t bench_run(uint32_t method, const user_t *users, uint32_t count, const void *payload, uint32_t size, void *out)",
    ).async;
}

function koffiCalls(runAsync: RunAsync): Calls {
  const queue: (() => void)[] = [];
  let underWay = 0;
  const run = <T>(args: Args, answer: (value: number) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        underWay++;
        // The callback refers to the arguments, so that their memory outlives the call.
        runAsync(...args, (error, value) => {
          underWay--;
          queue.shift()?.();
          if (error) reject(error);
          else resolve(answer(value));
        });
      };
      if (underWay < UNDER_WAY_MAX) start();
      else queue.push(start);
    });
  const check =
    (method: number) =>
    ({ users, balabala }: DemoComplicatedRequest): Promise<DemoResponse> =>
      run([method, users, users.length, balabala, balabala.length, null], (value) => ({ pass: value !== 0 }));
  const bytes = (method: number, payload: Uint8Array | null, size: number): Promise<Uint8Array> => {
    const out = new Uint8Array(size);
    return run([method, null, 0, payload, size, out], () => out);
  };
  return {
    check: check(METHOD.check),
    checkSlowly: check(METHOD.checkSlowly),
    checkLong: check(METHOD.checkLong),
    checkBusy: check(METHOD.checkBusy),
    take: (payload) => run([METHOD.take, null, 0, payload, payload.length, null], (value) => value),
    give: (size) => bytes(METHOD.give, null, size),
    echo: (payload) => bytes(METHOD.echo, payload, payload.length),
  };
}
