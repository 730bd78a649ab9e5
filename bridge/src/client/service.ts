import type { Reader } from "../image/reader.js";
import type { Writer } from "../image/writer.js";
import type { Schema } from "../schema/index.js";

/** One method as the generator lays it out. */
export interface MethodSpec {
  /** The number in an entry: the method's place in `Schema.methods`. */
  readonly index: number;
  /** The property of the client. */
  readonly name: string;
  /** How many parameters the method has. */
  readonly params: number;
  /** The size of the request's root in bytes. */
  readonly size: number;
  /** The root holds no ref and fits the 40 bytes of an entry. */
  readonly inline: boolean;
  /** Nothing comes back, not even an error. */
  readonly oneway?: boolean;
  /** The request may have leases, for bytes that lie in the request arena before the call. */
  readonly lends?: true;
  /** The result may have leases, for bytes that stay in the response arena after the call. */
  readonly leases?: true;
  /** The result is a stream: `read` reads a batch of its items as a list. */
  readonly streams?: true;
  /** A parameter is a stream. It is not among `params`. */
  readonly items?: ItemsSpec;
  /** The size of the result's root in bytes; absent where nothing comes back. */
  readonly resultSize?: number;
  /** Writes the request's root at `p`: `args` is the only argument itself, or all of them as an array. */
  // biome-ignore lint/suspicious/noExplicitAny: every generated method has argument types of its own.
  write?(w: Writer, p: number, args: any): void;
  /** Reads the result's root at `p`. */
  read?(r: Reader, p: number): unknown;
}

/** The stream among a method's parameters: how a batch of its items is encoded, as if that were a method's request. */
export interface ItemsSpec extends Pick<MethodSpec, "index" | "size" | "inline" | "write"> {
  /** Its place among the arguments. */
  readonly at: number;
  /** The parameter's name. */
  readonly name: string;
}

/** What the generator emits for one interface; passed to `connect`. */
export interface ServiceSpec {
  /** The interface's name. */
  readonly name: string;
  /** Where the Go program lies: `path` is relative to the nearest folder above `from` that has a package.json. */
  readonly binary: { readonly from: string; readonly path: string };
  /** SHA-256 of the schema, as 64 hex digits. */
  readonly schemaHash: string;
  readonly schema: Schema;
  /** It may talk to a Go program of another version of the interface: `ts2go gen --compat`. */
  readonly compat?: true;
  readonly methods: readonly MethodSpec[];
}

/** A {@link ServiceSpec} that remembers which TypeScript interface it describes. */
export interface Service<T> extends ServiceSpec {
  /** Never there at run time: carries the interface for type inference. */
  readonly __interface?: T;
}

/** Gives a service its TypeScript interface. */
export function defineService<T>(spec: ServiceSpec): Service<T> {
  return spec;
}
