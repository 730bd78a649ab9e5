import { type Client, type ConnectOptions, type Implementation, type Interceptor, inspect } from "@x/ts2go";
import type { Conformance, Guarded, Host } from "../gen/conformance.js";
import { quietly, until } from "./checks.js";

/** What stands around calls to Go, and around those that Go makes. */
export interface Around {
  readonly client?: readonly Interceptor[];
  readonly host?: readonly Interceptor[];
}

/** Where clients of one transport come from. */
export interface Source {
  /** The client that cases share. */
  shared(): Promise<Client<Conformance>>;
  /** A client that a case may close, or whose worker it may kill. */
  fresh(options?: ConnectOptions): Promise<Client<Conformance>>;
  /** A client with interceptors, and how to be rid of them. */
  intercepted(around: Around): Promise<{ readonly client: Client<Conformance>; end(): Promise<void> }>;
  /** The client of `Guarded` that cases share. */
  guarded(): Promise<Client<Guarded>>;
  /** Says that the shared client is not to be shared any more: a case has failed on it. */
  spoil(): void;
  /** Whether there can be no other shared client in this thread. */
  readonly spent: boolean;
  /** Closes what cases have shared. */
  end(): Promise<void>;
}

/** What a case stands on. */
export interface Ground {
  /** A client in use by other cases too, before and after this one. */
  readonly client: Client<Conformance>;
  /** A client of this case's own; it is closed at the end. Options need `options`. */
  fresh(options?: ConnectOptions): Promise<Client<Conformance>>;
  /** A client with interceptors around its calls, and around the calls from Go. They are gone at the end of the case. */
  intercepted(around: Around): Promise<Client<Conformance>>;
  /** A client of handlers that have interceptors in Go, in use by other cases too. With `options` its memory is 8 MiB. */
  guarded(): Promise<Client<Guarded>>;
  /** A name for a gate that nobody else has. */
  gate(): string;
  /** Replaces methods of `Host` until the end of the case, for all clients. */
  host(methods: Partial<Implementation<Host>>): void;
}

const DEFAULTS: Implementation<Host> = {
  everything: (v) => v,
  add: (a, b) => (a + b) | 0,
  join: (words, separator) => words.join(separator ?? ""),
  bytes: (v) => v,
  shape: (v) => v,
  color: (v) => v,
  nothing: () => {},
  note: () => {},
  misbehave: () => 7,
  down: () => 0,
  patience: ({ timeout }) => timeout ?? 0,
};

/** The implementation that all clients of this thread provide. */
export const host: { -readonly [K in keyof Implementation<Host>]: Implementation<Host>[K] } = { ...DEFAULTS };

let gates = 0;

/** How long a case may take, in milliseconds: only one that hangs takes so long. */
const CASE_MS_MAX = 20_000;

/** Runs one case on clients of a source; afterwards nothing may be left of it. */
export async function runOn(source: Source, run: (on: Ground) => Promise<void> | void): Promise<void> {
  const client = await source.shared();
  const used: object[] = [client];
  const ends: (() => Promise<void>)[] = [];
  Object.assign(host, DEFAULTS);
  const ground: Ground = {
    client,
    fresh: async (options) => {
      const fresh = await source.fresh(options);
      used.push(fresh);
      ends.push(() => fresh.close());
      return fresh;
    },
    intercepted: async (around) => {
      const { client, end } = await source.intercepted(around);
      used.push(client);
      ends.push(end);
      return client;
    },
    guarded: async () => {
      const guarded = await source.guarded();
      used.push(guarded);
      return guarded;
    },
    gate: () => `gate ${++gates}`,
    host: (methods) => Object.assign(host, methods),
  };
  const whole = async () => {
    await run(ground);
    for (const each of used) await settled(each);
    await Promise.all(ends.map((end) => end()));
  };
  try {
    await inTime(whole());
  } catch (error) {
    // What hangs does not let it close: nobody waits for that.
    for (const end of ends) quietly(end());
    source.spoil();
    throw error;
  }
}

async function inTime(running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it has not ended after ${CASE_MS_MAX} ms`)), CASE_MS_MAX);
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
    quietly(running);
  }
}

async function settled(client: object): Promise<void> {
  const left = () => {
    const { inFlight, queued, answering, bodiesInUse, leases } = inspect(client);
    return inFlight + queued + answering + bodiesInUse + leases;
  };
  await until("no call, no body and no lease is left", () => left() === 0);
}
