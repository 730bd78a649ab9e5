import { AsyncResource } from "node:async_hooks";
import type { Caller } from "../call/callbacks/index.js";
import { Ts2goError } from "../errors.js";
import type { Reader } from "../image/reader.js";
import type { Writer } from "../image/writer.js";
import type { Schema } from "../schema/index.js";
import { type Interceptor, interceptedImplementation } from "./interceptors/index.js";
import type { ServiceSpec } from "./service.js";

/** One method of a NodeService as the generator lays it out. */
export interface NodeMethodSpec {
  /** The number in an entry: the method's place in `Schema.callbacks`. */
  readonly index: number;
  /** The property of the implementation. */
  readonly name: string;
  readonly oneway?: boolean;
  /** The size of the request's root in bytes. */
  readonly requestSize: number;
  /** Reads the arguments from the request's root at `p`; absent where there are none. */
  read?(r: Reader, p: number): unknown[];
  /** The size of the result's root in bytes. */
  readonly size: number;
  /** The result's root holds no ref and fits the 40 bytes of an entry. */
  readonly inline: boolean;
  /** Writes the result's root at `p`; absent where nothing is returned. */
  // biome-ignore lint/suspicious/noExplicitAny: every generated method has a result type of its own.
  write?(w: Writer, p: number, result: any): void;
}

/** What the generator emits for one interface that TypeScript implements. */
export interface NodeServiceSpec extends Pick<ServiceSpec, "name" | "binary" | "schemaHash" | "compat"> {
  readonly schema: Schema;
  readonly methods: readonly NodeMethodSpec[];
}

/** One method as its implementation has it: a value will do for a promise, and those with an answer get a {@link Caller}. */
type Implemented<F> = F extends (...args: infer A) => Promise<infer R>
  ? (...args: [...args: A, caller: Caller]) => R | Promise<R>
  : F extends (...args: infer A) => void
    ? (...args: A) => void | Promise<void>
    : never;

/** An implementation of a NodeService: an object, or an instance of a class, with all of its methods. */
export type Implementation<T> = {
  // biome-ignore lint/suspicious/noExplicitAny: any method will do.
  readonly [K in keyof T as T[K] extends (...args: any[]) => unknown ? K : never]: Implemented<T[K]>;
};

/** An implementation with what it implements, for `connect`. */
export interface Provision {
  readonly service: NodeServiceSpec;
  readonly implementation: object;
  readonly interceptors: readonly Interceptor[];
}

/** What may be said of an implementation besides. */
export interface ProvideOptions<T> {
  /** What stands around every call from Go, the first of them outermost. */
  readonly interceptors?: readonly Interceptor<T>[];
}

/** A {@link NodeServiceSpec} that knows which TypeScript interface it describes. */
export interface NodeService<T> extends NodeServiceSpec {
  /** For `connect`: `{ provide: [Log.with(implementation)] }`. */
  with(implementation: Implementation<T>, options?: ProvideOptions<T>): Provision;
}

/** Gives a NodeService its TypeScript interface. */
export function defineNodeService<T>(spec: NodeServiceSpec): NodeService<T> {
  const service: NodeService<T> = {
    ...spec,
    with: (implementation, { interceptors = [] } = {}) => {
      return { service, implementation, interceptors: interceptors as readonly Interceptor[] };
    },
  };
  return service;
}

/** Who implements one callback. */
export interface Provided {
  readonly method: NodeMethodSpec;
  readonly implementation: object;
  /** The asynchronous context in which it was provided, and in which it runs. */
  readonly scope: AsyncResource;
}

/** The implementations that a transport's calls from Go find. */
export class Providers {
  private readonly byIndex: (Provided | undefined)[] = [];
  /** Whether there are any. */
  some = false;

  /**
   * Provides all methods of a service; one that was provided before is replaced, for calls that come from now on.
   *
   * @throws {Ts2goError} `ERR_INVALID_OPTION` if a method is missing.
   */
  add({ service, implementation, interceptors }: Provision): void {
    for (const { name } of service.methods) {
      if (typeof (implementation as Record<string, unknown> | undefined | null)?.[name] !== "function") {
        throw new Ts2goError(
          "ERR_INVALID_OPTION",
          `provide ${service.name}: expected an object with a method for each of the interface's, but \`${name}\` is missing`,
        );
      }
    }
    this.some = true;
    const scope = new AsyncResource(`ts2go.${service.name}`);
    const to =
      interceptors.length === 0 ? implementation : interceptedImplementation(service, implementation, interceptors);
    for (const method of service.methods) this.byIndex[method.index] = { method, implementation: to, scope };
  }

  find(index: number): Provided | undefined {
    return this.byIndex[index];
  }
}
