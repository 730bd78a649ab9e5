import type { CallOptions, SendOptions } from "../call/patience.js";
import { Ts2goError } from "../errors.js";
import { SpawnTransport } from "../spawn/transport.js";
import type { LeasedArray } from "../types.js";
import { type Interceptor, intercepted, interceptedSync } from "./interceptors/index.js";
import { type Implementation, type NodeService, type ProvideOptions, Providers } from "./node-service.js";
import { type ConnectOptions, completeOptions } from "./options.js";
import type { Service, ServiceSpec } from "./service.js";
import { hasStreams, stub, syncStub } from "./stub.js";
import type { Transport, TransportState } from "./transport.js";

/**
 * A method of a client: those that have an answer take {@link CallOptions} behind their arguments, those that have none
 * {@link SendOptions}.
 */
type Callable<F> = F extends (...args: infer A) => Promise<infer R>
  ? (...args: [...args: A, options?: CallOptions]) => Promise<R>
  : F extends (...args: infer A) => AsyncIterable<infer R>
    ? (...args: [...args: A, options?: CallOptions]) => AsyncIterableIterator<R, undefined> & AsyncDisposable
    : F extends (...args: infer A) => void
      ? (...args: [...args: A, options?: SendOptions]) => void
      : F;

/** A method that blocks this thread until it has its answer. */
// biome-ignore lint/suspicious/noExplicitAny: any method will do.
type Blocking<F> = F extends (...args: infer A extends any[]) => Promise<infer R>
  ? (...args: [...args: A, options?: SendOptions]) => R
  : never;

/** The methods of an interface, and the life cycle of what serves them. */
export type Client<T> = {
  // biome-ignore lint/suspicious/noExplicitAny: any method will do.
  readonly [K in keyof T as T[K] extends (...args: any[]) => unknown ? K : never]: Callable<T[K]>;
} & AsyncDisposable & {
    /**
     * `bytes` bytes in memory that Go sees, not zeroed: fill them, and pass them as a `Lease<Uint8Array>` argument, without a
     * copy. Go has to run already: `connect`, or await one call first.
     *
     * @throws {Ts2goError} `ERR_NOT_CONNECTED`, `ERR_OVERLOADED`, `ERR_BODY_TOO_LARGE`.
     */
    alloc(bytes: number): LeasedArray;
    /** Completes the calls made so far and ends the Go program. Later calls reject with `ClosedError`. */
    close(): Promise<void>;
    /**
     * The same methods, blocking this thread until Go has answered: for tools and workers. Go has to run already: `connect`,
     * or await one call first. Results and errors are those of the promises; other promises settle only afterwards.
     */
    readonly sync: {
      // biome-ignore lint/suspicious/noExplicitAny: any method will do.
      readonly [K in keyof T as T[K] extends (...args: any[]) => Promise<unknown> ? K : never]: Blocking<T[K]>;
    };
  };

const transports = new WeakMap<object, Transport>();

function makeClient<T>(service: ServiceSpec, transport: Transport, interceptors: readonly Interceptor[]): Client<T> {
  const client: Record<string | symbol, unknown> = {
    sync: {},
    alloc: (bytes: number) => transport.alloc(bytes),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
  putMethods(client, service, transport, interceptors);
  transports.set(client, transport);
  return client as Client<T>;
}

/** Gives a client its methods: without interceptors, calls pay nothing for them. */
function putMethods(
  client: Record<string | symbol, unknown>,
  { name, methods }: ServiceSpec,
  transport: Transport,
  interceptors: readonly Interceptor[],
): void {
  const none = interceptors.length === 0;
  const sync = client.sync as Record<string, unknown>;
  for (const method of methods) {
    client[method.name] = none ? stub(transport, method) : intercepted(transport, name, method, interceptors);
    if (method.oneway === true || hasStreams(method)) continue;
    sync[method.name] = none ? syncStub(transport, method) : interceptedSync(name, method);
  }
}

/** Default clients of interfaces from one file share one worker a thread. */
const shared = new Map<string, Transport>();

type Origin = Pick<ServiceSpec, "schemaHash" | "binary">;
const keyOf = ({ schemaHash, binary }: Origin) => `${schemaHash} ${binary.from} ${binary.path}`;

/** What the default clients of a file provide, by the same key. */
const provided = new Map<string, Providers>();

function providersOf(service: Origin): Providers {
  const key = keyOf(service);
  let providers = provided.get(key);
  if (providers === undefined) {
    providers = new Providers();
    provided.set(key, providers);
  }
  return providers;
}

/** The interceptors of an interface's default clients, and these clients. */
interface Intercepted {
  interceptors: readonly Interceptor[];
  readonly clients: { readonly client: object; readonly transport: Transport }[];
}

const defaults = new Map<string, Intercepted>();

function defaultsOf(service: ServiceSpec): Intercepted {
  const key = `${service.name} ${keyOf(service)}`;
  let found = defaults.get(key);
  if (found === undefined) {
    found = { interceptors: [], clients: [] };
    defaults.set(key, found);
  }
  return found;
}

/** The client that generated modules export: Go starts at the first call. */
export function lazyClient<T>(service: Service<T>): Client<T> {
  const key = keyOf(service);
  let transport = shared.get(key);
  if (transport === undefined) {
    transport = new SpawnTransport(service, completeOptions({}), providersOf(service));
    shared.set(key, transport);
  }
  const { interceptors, clients } = defaultsOf(service);
  const client = makeClient<T>(service, transport, interceptors);
  clients.push({ client, transport });
  return client;
}

/**
 * Puts interceptors around the calls of the default client of an interface in this thread, the first of them outermost, in
 * place of those that it had. Calls that were made before are not concerned, nor is a method that was taken out of the
 * client before.
 *
 * ```ts
 * intercept(Demo, logging, (call, next) => next(withMetadata(call, { tenant: "a" })));
 * ```
 */
export function intercept<T>(service: Service<T>, ...interceptors: readonly Interceptor<NoInfer<T>>[]): void {
  const found = defaultsOf(service);
  found.interceptors = interceptors as readonly Interceptor[];
  for (const { client, transport } of found.clients) {
    putMethods(client as Record<string, unknown>, service, transport, found.interceptors);
  }
}

/**
 * Implements an interface that extends `NodeService`, for the default clients of its file in this thread, before or after
 * Go has started. It stays across workers; another call for the same interface replaces it.
 *
 * ```ts
 * provide(Log, { write: async (line, { signal }) => { ... }, note: (line) => console.log(line) });
 * ```
 *
 * Each call from Go runs in a turn of its own, in the asynchronous context (`AsyncLocalStorage`) of the call on whose behalf
 * Go makes it, which Go knows by the handler's context. Where there is none, or it has ended, it runs in the context of this
 * call of `provide`. Behind its arguments a method that answers gets a `Caller`, whose
 * signal is aborted when the context of the call ends in Go. What it throws, or rejects with, is a `*ts2go.NodeError` there.
 * Calls from Go do not keep this process alive.
 *
 * @throws {Ts2goError} `ERR_INVALID_OPTION` if a method is missing.
 */
export function provide<T>(
  service: NodeService<T>,
  implementation: Implementation<T>,
  options?: ProvideOptions<T>,
): void {
  providersOf(service).add(service.with(implementation, options));
}

/**
 * Starts a Go program of its own for this client and resolves when it is ready.
 *
 * ```ts
 * await using client = await connect(Demo, { spin: 20 });
 * ```
 *
 * @throws {Ts2goError} `ERR_INVALID_OPTION`; {@link WorkerStartError} if Go cannot be started.
 */
export async function connect<T>(service: Service<T>, options: ConnectOptions<NoInfer<T>> = {}): Promise<Client<T>> {
  const complete = completeOptions(options as ConnectOptions);
  const providers = new Providers();
  for (const provision of complete.provide) {
    const { name, schemaHash } = provision.service;
    if (schemaHash !== service.schemaHash) {
      throw new Ts2goError(
        "ERR_INVALID_OPTION",
        `connect: option provide: expected interfaces of the same file as ${service.name}, got ${name} of another one, or of another version of it`,
      );
    }
    providers.add(provision);
  }
  const transport = new SpawnTransport(service, complete, providers);
  await transport.ready();
  return makeClient<T>(service, transport, complete.interceptors);
}

/**
 * A look at what serves a client, with every call that has not been answered and its age: for whoever looks for a call
 * that is stuck, and for monitoring. It costs the calls themselves nothing.
 *
 * @throws {TypeError} for what is no client.
 */
export function inspect(client: object): TransportState {
  const transport = transports.get(client);
  if (transport === undefined) throw new TypeError("inspect: not a client of ts2go");
  return transport.inspect();
}
