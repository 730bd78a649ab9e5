import { GoError } from "../../errors.js";
import type { Writer } from "../../image/writer.js";
import { writeDetails } from "../details.js";
import * as P from "../protocol.js";

/** What is told to Go of one thing that was thrown, or wrapped by that: `NodeError` there. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly stack: string;
  /** If it came from Go: its type there. */
  readonly goType: string;
  /** JSON of its other properties, or "". */
  readonly details: string;
  /** Which of the tree wraps it, and whether as one of its `errors`. */
  readonly parent: number;
  readonly joined: boolean;
}

/** What was thrown, then what it wraps: each behind what wraps it. */
export type ThrownTree = readonly [Thrown, ...Thrown[]];

/** UTF-16 units of a text that are sent at most: a message is for people. */
const TEXT_MAX = 16_384;
/** UTF-16 units of all texts of a tree. */
const TEXTS_MAX = 65_536;

/** Properties that are told apart from the others. */
const TOLD: readonly string[] = ["name", "message", "code", "stack", "cause", "errors"];

/** Says of anything what Go can be told. Nothing that it is made of makes this throw, or go on for ever. */
export function describeThrown(thrown: unknown): ThrownTree {
  const tree = new Description();
  tree.add(thrown, 0, false, 1);
  return tree.nodes as unknown as ThrownTree;
}

class Description {
  readonly nodes: Thrown[] = [];
  /** What is being described, and what wraps it: a cause that leads back there is left out. */
  private readonly above: unknown[] = [];
  private left = TEXTS_MAX;

  add(thrown: unknown, parent: number, joined: boolean, level: number): void {
    if (this.nodes.length === P.ERROR_NODES || level > P.ERROR_LEVELS || this.above.includes(thrown)) return;
    const at = this.nodes.length;
    // Errors of other realms are objects with a message, too.
    const object = typeof thrown === "object" && thrown !== null ? (thrown as Record<string, unknown>) : {};
    const text = (key: string) => this.text(() => object[key]);
    let [name, message, code, stack] = [text("name"), text("message"), text("code"), text("stack")];
    if (message === "" && stack === "") [name, message, code] = ["", this.text(() => String(thrown)), ""];
    const fromGo = attempt(() => thrown instanceof GoError) === true;
    const details = fromGo ? writeDetails(attempt(() => object.details)) : propertiesOf(object);
    const goType = fromGo ? text("goType") : "";
    this.nodes.push({ name, message, code, stack, goType, details: this.whole(details), parent, joined });
    this.above.push(thrown);
    const cause = attempt(() => object.cause);
    if (cause !== undefined && cause !== null) this.add(cause, at, false, level + 1);
    for (const error of listOf(() => object.errors)) this.add(error, at, true, level + 1);
    this.above.pop();
  }

  private text(get: () => unknown): string {
    const value = attempt(get);
    const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
    const most = Math.min(TEXT_MAX, this.left);
    this.left = Math.max(0, this.left - text.length);
    return (text.length > most ? `${text.slice(0, most)}…` : text).toWellFormed();
  }

  /** Lets details through whole, or not at all. */
  private whole(json: string): string {
    if (json.length > this.left) return "";
    this.left -= json.length;
    return json;
  }
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

/** The elements of a list, up to one that cannot be had. */
function listOf(get: () => unknown): unknown[] {
  const elements: unknown[] = [];
  attempt(() => {
    const list = get();
    const n = Array.isArray(list) ? Math.min(list.length, P.ERROR_NODES) : 0;
    for (let i = 0; i < n; i++) elements.push((list as unknown[])[i]);
  });
  return elements;
}

/** An object's own properties as JSON. What has none, or throws, is left out; "" where nothing is left. */
function propertiesOf(object: Record<string, unknown>): string {
  const parts: string[] = [];
  let length = 2;
  for (const key of attempt(() => Object.keys(object)) ?? []) {
    if (TOLD.includes(key)) continue;
    const json = writeDetails(attempt(() => object[key]));
    if (json === "") continue;
    parts.push(`${JSON.stringify(key)}:${json}`);
    length += Buffer.byteLength(parts.at(-1) as string) + 1;
    if (length > P.ERROR_DETAILS) return "";
  }
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

/** The encoder of an error image, as if it were a method's. */
export function thrownSpec(index: number) {
  return { index, name: "thrown", size: P.ERROR_IMAGE_SIZE, inline: false, write: writeThrown } as const;
}

function writeThrown(w: Writer, p: number, tree: ThrownTree): void {
  let at = w.list(p, tree, P.ERROR_NODE_SIZE, 8);
  for (const { name, message, code, stack, goType, details, parent, joined } of tree) {
    w.string(at, name);
    w.string(at + 16, message);
    w.string(at + 32, code);
    w.string(at + 48, stack);
    w.string(at + 64, goType);
    w.string(at + 80, details);
    w.u32(at + P.ERROR_PARENT, parent);
    w.u32(at + P.ERROR_JOINED, joined ? 1 : 0);
    at += P.ERROR_NODE_SIZE;
  }
}
