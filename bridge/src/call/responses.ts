import { type Header, layout } from "@x/mem-ring/channel";
import type { NodeMethodSpec } from "../client/node-service.js";
import type { MethodSpec } from "../client/service.js";
import { DecodeError } from "../errors.js";
import { Reader } from "../image/reader.js";
import type { Views } from "../image/views.js";
import { E, kindWord } from "./entry.js";
import { readFailure } from "./failure.js";
import { type Metadata, readMetadata } from "./metadata.js";
import * as P from "./protocol.js";

const INLINE_BIT = kindWord(0, P.FLAG_INLINE, 0);
const METADATA_BIT = kindWord(0, P.FLAG_METADATA, 0);
const SCOPED_BIT = kindWord(0, P.FLAG_SCOPED, 0);

/** Reads what came back, from the entry or from the response arena. Nothing that stands there is trusted. */
export class Responses {
  readonly reader: Reader;
  private readonly start: number;
  private readonly end: number;

  constructor(
    private readonly views: Views,
    high: number,
    header: Header,
    private readonly methods: readonly string[],
  ) {
    this.start = header.responseArena;
    this.end = header.responseArena + header.responseArenaSize;
    this.reader = new Reader(views, high, this.start, this.end);
  }

  /** The result of a call; `first` is the copy of the entry's first word. Throws {@link DecodeError}. */
  result(entry: number, first: number, method: MethodSpec): unknown {
    if (method.read === undefined || method.resultSize === undefined) return undefined;
    return method.read(this.reader, this.locate(entry, first, method.resultSize));
  }

  /** What the entry says of a call that failed. Throws {@link DecodeError}. */
  failure(entry: number, first: number, method: MethodSpec): Error {
    const { u32 } = this.views;
    const word = entry >>> 2;
    const failure = u32[word + E.aux] as number;
    const p = u32[word + E.length] === 0 ? 0 : this.locate(entry, first, P.ERROR_IMAGE_SIZE);
    return readFailure(this.reader, p, failure, this.methods[method.index] as string);
  }

  /** The arguments of a call from Go. Throws {@link DecodeError}. */
  request(entry: number, first: number, method: NodeMethodSpec): unknown[] {
    if (method.read === undefined) return [];
    const prefix = (first & METADATA_BIT) === 0 ? 0 : P.METADATA_PREFIX_SIZE;
    return method.read(this.reader, this.locate(entry, first, prefix + method.requestSize) + prefix);
  }

  /** What goes with a call from Go; undefined where nothing does. Throws {@link DecodeError}. */
  metadata(entry: number, first: number): Metadata | undefined {
    if ((first & METADATA_BIT) === 0) return undefined;
    if ((first & INLINE_BIT) !== 0) throw new DecodeError("metadata of a call whose body is in its entry");
    return readMetadata(this.reader, this.locate(entry, first, P.METADATA_PREFIX_SIZE));
  }

  /** The id of the call that a call from Go is made on behalf of, where it says so. */
  parent(entry: number, first: number): number | undefined {
    return (first & SCOPED_BIT) === 0 ? undefined : this.views.i32[(entry >>> 2) + E.ref + 1];
  }

  /** The text that stands inline in an entry. */
  text(entry: number): string {
    const length = Math.min(this.views.u32[(entry >>> 2) + E.length] as number, layout.INLINE_SIZE);
    const at = entry + layout.ENTRY_INLINE;
    return this.views.text.utf8Slice(at, at + length);
  }

  /** Points the reader at the entry's body and returns the root's position. */
  private locate(entry: number, first: number, rootSize: number): number {
    if ((first & INLINE_BIT) !== 0) {
      const p = entry + layout.ENTRY_INLINE;
      this.reader.begin(p, rootSize, entry + layout.ENTRY_SIZE);
      return p;
    }
    const { u32 } = this.views;
    const word = entry >>> 2;
    const at = u32[word + E.ref] as number;
    // There stands a parent's id, where one is named.
    const high = (first & SCOPED_BIT) === 0 ? (u32[word + E.ref + 1] as number) : 0;
    const length = u32[word + E.length] as number;
    if (high !== 0 || at < this.start || at > this.end || length > this.end - at || (at & 7) !== 0) {
      throw new DecodeError(`a body of ${length} bytes at ${at}, outside the response arena`);
    }
    this.reader.begin(at, rootSize, at + length);
    return at;
  }
}
