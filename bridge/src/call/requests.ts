import { layout } from "@x/mem-ring/channel";
import type { MethodSpec } from "../client/service.js";
import { OverloadedError, Ts2goError } from "../errors.js";
import type { Views } from "../image/views.js";
import { BODY_FULL, Writer } from "../image/writer.js";
import { Arena } from "./arena.js";
import { INLINE } from "./entry.js";
import { Lent } from "./leases/index.js";
import { writePairs } from "./metadata.js";
import { METADATA_PREFIX_SIZE } from "./protocol.js";

/** What a body is given at first: with a look at the last ones of its method, it seldom has to be encoded twice. */
const FIRST_BODY = 256;

/** Instead of a body's position: the arena is full at the moment. */
export const NO_ROOM = -2;

/** Writes the arguments of a method that has none. */
const nothing = (): void => {};

/** What says how something is encoded. */
export type Encoded = Pick<MethodSpec, "index" | "size" | "inline" | "write" | "lends">;

/** Encodes requests, each once, into the entry or into a body of the request arena. */
export class Requests {
  private readonly writer: Writer;
  private readonly arena: Arena;
  /** Bytes of the arena that the program fills itself. */
  readonly lent: Lent;
  /** Bytes that the next body of a method will probably take, by method. */
  private readonly hints: Uint32Array;
  /** Bytes for which there was no room last. */
  private wanted = 0;

  constructor(
    views: Views,
    high: number,
    /** The arena, or a part of it: its position and size in bytes. */
    readonly start: number,
    size: number,
    private readonly methods: readonly string[],
    /** What is encoded, for messages. */
    private readonly what = "request",
  ) {
    this.writer = new Writer(views, high);
    this.arena = new Arena(start, size);
    this.lent = new Lent(views, this.arena);
    this.writer.move = (bytes) => this.lent.move(bytes);
    this.hints = new Uint32Array(methods.length).fill(FIRST_BODY);
  }

  /** The length in bytes of the body that was encoded last. */
  get length(): number {
    return this.writer.length;
  }

  get bodiesInUse(): number {
    return this.arena.used;
  }

  /** How many bytes of the arena have been given out since {@link reset}. */
  get touched(): number {
    return this.arena.touched;
  }

  /**
   * Encodes a request for the entry at `entry`; returns its body's position, {@link INLINE} or {@link NO_ROOM}. With
   * `pairs`, metadata, it has a body.
   *
   * @throws {Ts2goError} `ERR_BODY_TOO_LARGE`; what the writer throws where a value does not fit.
   */
  encode(method: Encoded, args: unknown, entry: number, pairs?: readonly string[]): number {
    if (pairs !== undefined) return this.encodeBody(method, method.write ?? nothing, args, pairs);
    if (method.write === undefined) return INLINE;
    if (!method.inline) return this.encodeBody(method, method.write, args);
    const root = entry + layout.ENTRY_INLINE;
    this.writer.begin(root, method.size, entry + layout.ENTRY_SIZE);
    method.write(this.writer, root, args);
    return INLINE;
  }

  private encodeBody(
    method: Encoded,
    write: NonNullable<MethodSpec["write"]>,
    args: unknown,
    pairs?: readonly string[],
  ): number {
    const { hints, writer, arena } = this;
    const prefix = pairs === undefined ? 0 : METADATA_PREFIX_SIZE;
    let room = hints[method.index] as number;
    for (;;) {
      const body = arena.alloc(room);
      if (body < 0) {
        if (arena.used === 0) throw this.tooLarge(method, room);
        this.wanted = room;
        return NO_ROOM;
      }
      try {
        writer.begin(body, prefix + method.size, body + room);
        if (pairs !== undefined) writePairs(writer, body, pairs);
        write(writer, body + prefix, args);
        const { length } = writer;
        // Follow growth at once, and shrink slowly: encoding twice costs more than a block that is too large.
        if (length > room - (room >>> 3) || length < room >>> 2) {
          hints[method.index] = Math.max(FIRST_BODY, length + (length >>> 3), room - (room >>> 4));
        }
        return body;
      } catch (error) {
        arena.release(body);
        if (method.lends === true) this.lent.forget();
        if (error !== BODY_FULL) throw error;
        if (writer.wanted > arena.max) throw this.tooLarge(method, writer.wanted);
        room = Math.min(Math.max(room * 2, writer.wanted + (writer.wanted >>> 3)), arena.max);
        hints[method.index] = room;
      }
    }
  }

  /** Forgets what earlier bodies of the method took. */
  remeasure(method: Encoded): void {
    this.hints[method.index] = FIRST_BODY;
  }

  /** Why a body for which there was no room cannot wait for it either. */
  shortage(method: Encoded): OverloadedError {
    const { arena, wanted, what } = this;
    return new OverloadedError(
      arena.max,
      `${this.methods[method.index]}: expected ${wanted} free bytes in one piece for the ${what}, got ${arena.left} of the ${arena.max} in the ${what} arena: the calls in flight have the rest, and all of them may be waiting for this one. Connect with a larger regionSize.`,
    );
  }

  private tooLarge(method: Encoded, bytes: number): Error {
    this.hints[method.index] = FIRST_BODY;
    return new Ts2goError(
      "ERR_BODY_TOO_LARGE",
      `${this.methods[method.index]}: the ${this.what} takes at least ${bytes} bytes, the ${this.what} arena has ${this.arena.max}: connect with a larger regionSize`,
    );
  }

  /** Gives back a body. */
  release(body: number): void {
    this.arena.release(body);
  }

  /** Forgets what was touched, after its pages were given back. Only while no body is in use. */
  reset(): void {
    this.arena.reset();
  }
}
