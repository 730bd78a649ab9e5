import { layout } from "@x/mem-ring/channel";
import type { MethodSpec } from "../client/service.js";
import type { Views } from "../image/views.js";
import { E, kindWord } from "./entry.js";
import type { Slot } from "./slots.js";

/** A small entry about a call that was sent: CANCEL, CREDIT or END. It has no body and no answer. */
interface Post {
  readonly kind: number;
  readonly slot: Slot;
  readonly callId: number;
  readonly aux: number;
  readonly text: string;
}

const utf8 = new TextEncoder();
/** A text on its way: encodeInto does not write to shared memory in every runtime. */
const bytes = new Uint8Array(layout.INLINE_SIZE);

/** Small entries on their way to Go, first in, first out: they wait here while the ring has no room. */
export class Posts {
  private readonly waiting: Post[] = [];

  /** Whether some wait for room. */
  get pending(): boolean {
    return this.waiting.length > 0;
  }

  /** `text` is cut to what fits an entry. */
  add(kind: number, slot: Slot, callId: number, aux: number, text: string): void {
    this.waiting.push({ kind, slot, callId, aux, text });
  }

  /** Writes them into entries that `claim` finds, as far as it finds any. */
  send(views: Views, claim: () => number): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      // Completed meanwhile: Go would not know what is meant.
      if (next.slot.callId === next.callId) {
        const entry = claim();
        if (entry < 0) return;
        write(views, entry, next);
      }
      this.waiting.shift();
    }
  }
}

function write({ i32, u8 }: Views, entry: number, { kind, slot, callId, aux, text }: Post): void {
  const word = entry >>> 2;
  // As many whole characters as fit.
  const { written } = utf8.encodeInto(text, bytes);
  i32[word] = kindWord(kind, 0, (slot.method as MethodSpec).index);
  i32[word + E.callId] = callId;
  i32[word + E.length] = written;
  i32[word + E.aux] = aux;
  u8.set(written === bytes.length ? bytes : bytes.subarray(0, written), entry + layout.ENTRY_INLINE);
}
