import type { Header } from "./header.js";
import * as L from "./layout.js";

/** Where the words and the entries of one ring lie, in bytes from the region's start. */
export interface Direction {
  readonly tail: number;
  readonly head: number;
  readonly sleeping: number;
  readonly space: number;
  readonly entries: number;
  /** Entries: a power of two. */
  readonly capacity: number;
}

/** Ring toGo: Node produces. */
export const toGo = (header: Header): Direction => ({
  tail: L.CONTROL_TO_GO_TAIL,
  head: L.CONTROL_TO_GO_HEAD,
  sleeping: L.CONTROL_TO_GO_SLEEPING,
  space: L.CONTROL_TO_GO_SPACE,
  entries: header.toGoEntries,
  capacity: header.toGoCapacity,
});

/** Ring toNode: Go produces. */
export const toNode = (header: Header): Direction => ({
  tail: L.CONTROL_TO_NODE_TAIL,
  head: L.CONTROL_TO_NODE_HEAD,
  sleeping: L.CONTROL_TO_NODE_SLEEPING,
  space: L.CONTROL_TO_NODE_SPACE,
  entries: header.toNodeEntries,
  capacity: header.toNodeCapacity,
});
