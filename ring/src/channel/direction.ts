import type { Place } from "../raw/index.js";
import type { Header } from "./header.js";
import * as L from "./layout.js";

/** Ring toGo: Node produces. */
export const toGo = (header: Header): Place => ({
  tail: L.CONTROL_TO_GO_TAIL,
  head: L.CONTROL_TO_GO_HEAD,
  sleeping: L.CONTROL_TO_GO_SLEEPING,
  space: L.CONTROL_TO_GO_SPACE,
  entries: header.toGoEntries,
  capacity: header.toGoCapacity,
  entrySize: L.ENTRY_SIZE,
});

/** Ring toNode: Go produces. */
export const toNode = (header: Header): Place => ({
  tail: L.CONTROL_TO_NODE_TAIL,
  head: L.CONTROL_TO_NODE_HEAD,
  sleeping: L.CONTROL_TO_NODE_SLEEPING,
  space: L.CONTROL_TO_NODE_SPACE,
  entries: header.toNodeEntries,
  capacity: header.toNodeCapacity,
  entrySize: L.ENTRY_SIZE,
});
