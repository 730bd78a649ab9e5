import type { Spin } from "@x/mem-ring/channel";
import { Ts2goError } from "../errors.js";
import type { Output } from "../worker/process.js";
import type { Interceptor } from "./interceptors/index.js";
import type { Provision } from "./node-service.js";

/** How a client is connected. Every option has a default that was chosen by measuring on two processors. */
export interface ConnectOptions<T = unknown> {
  /** What runs Go: `spawn` is a child process of its own. */
  mode?: "spawn";
  /** The Go program; by default the one that `ts2go build` made. */
  binary?: string;
  /** Arguments of the Go program. */
  args?: readonly string[];
  /** Its environment; by default this process's. */
  env?: NodeJS.ProcessEnv;
  /**
   * How both sides wait: `adaptive` spins where answers have come quickly lately and sleeps otherwise, `false` never
   * spins, a number is the budget in microseconds. Nothing spins on one processor.
   */
  spin?: Spin;
  /** Where the Go program's stdout goes. Default `inherit`. */
  stdout?: Output;
  /** Where its stderr goes. Default `inherit`. The last lines are kept for errors in any case. */
  stderr?: Output;
  /** Address space of the region in bytes, at most 4 GiB; memory is only taken for what is used. Default 1 GiB. */
  regionSize?: number;
  /** Calls that can be in flight at once: a power of two. Default 4096. */
  capacity?: number;
  /** Calls that can wait beyond that, before `OverloadedError`. Default 65,536. */
  maxQueue?: number;
  /** How long the Go program may take to start, in milliseconds. Default 10,000. */
  startTimeout?: number;
  /**
   * For development: when the Go program is built anew, a worker of the new build is started and gets the calls from
   * then on; the old one completes those it has. A build that cannot start leaves the old one in use, with a warning.
   * Default: whether the environment has `TS2GO_DEV=1`.
   */
  watch?: boolean;
  /** Gets the errors of one-way calls in both directions, which have no promise. Default: `process.emitWarning`. */
  onOnewayError?: (error: Error) => void;
  /** Implementations of the file's interfaces that extend `NodeService`: `[Log.with(implementation)]`. */
  provide?: readonly Provision[];
  /** What stands around every call, the first of them outermost. Such a client has no `sync`. */
  interceptors?: readonly Interceptor<T>[];
}

export type Options = Required<Omit<ConnectOptions, "binary">> & Pick<ConnectOptions, "binary">;

const DEFAULTS: Omit<Options, "env" | "binary"> = {
  mode: "spawn",
  args: [],
  spin: "adaptive",
  stdout: "inherit",
  stderr: "inherit",
  regionSize: 2 ** 30,
  capacity: 4096,
  maxQueue: 65_536,
  startTimeout: 10_000,
  watch: false,
  onOnewayError: (error) => process.emitWarning(error),
  provide: [],
  interceptors: [],
};

/**
 * Fills in the defaults and refuses what cannot be meant.
 *
 * @throws {Ts2goError} `ERR_INVALID_OPTION`.
 */
export function completeOptions(options: ConnectOptions): Options {
  const refuse = (name: string, expected: string, received: unknown): never => {
    throw new Ts2goError(
      "ERR_INVALID_OPTION",
      `connect: option ${name}: expected ${expected}, got ${String(received)}`,
    );
  };
  for (const name of Object.keys(options)) {
    if (name !== "binary" && name !== "env" && !(name in DEFAULTS)) {
      refuse(name, `one of ${[...Object.keys(DEFAULTS), "binary", "env"].sort().join(", ")}`, "an unknown option");
    }
  }
  const all: Options = { ...DEFAULTS, env: process.env, watch: process.env.TS2GO_DEV === "1", ...options };
  if (typeof all.watch !== "boolean") refuse("watch", "true or false", all.watch);
  if (all.mode !== "spawn") refuse("mode", '"spawn"', all.mode);
  if (
    !(
      all.spin === false ||
      all.spin === "adaptive" ||
      (Number.isInteger(all.spin) && all.spin >= 0 && all.spin <= 1_000_000)
    )
  ) {
    refuse("spin", 'false, "adaptive" or a whole number of microseconds up to 1,000,000', all.spin);
  }
  for (const interceptor of all.interceptors) {
    if (typeof interceptor !== "function") refuse("interceptors", "functions", interceptor);
  }
  for (const name of ["regionSize", "capacity", "maxQueue", "startTimeout"] as const) {
    if (!Number.isSafeInteger(all[name]) || all[name] < 0) refuse(name, "a whole number", all[name]);
  }
  const { capacity } = all;
  if (capacity < 1 || !Number.isInteger(Math.log2(capacity))) refuse("capacity", "a power of two", capacity);
  return all;
}
