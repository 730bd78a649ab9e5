import { GoError } from "../../errors.js";
import type { Writer } from "../../image/writer.js";
import { THROWN_IMAGE_SIZE } from "../protocol.js";

/** What is told to Go of something that was thrown: `NodeError` there. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly stack: string;
  /** If it came from Go: its type there. */
  readonly goType: string;
}

/** UTF-16 units of a text that are sent at most: a message is for people. */
const TEXT_MAX = 16_384;

/** Says of anything what Go can be told. Nothing that it is made of makes this throw. */
export function describeThrown(thrown: unknown): Thrown {
  // Errors of other realms are objects with a message, too.
  const isObject = typeof thrown === "object" && thrown !== null;
  const text = (key: string): string => (isObject ? textOf(() => (thrown as Record<string, unknown>)[key]) : "");
  if (!isObject || text("message") + text("stack") === "") {
    return { name: "", message: textOf(() => String(thrown)), code: "", stack: "", goType: "" };
  }
  return {
    name: text("name"),
    message: text("message"),
    code: text("code"),
    stack: text("stack"),
    goType: thrown instanceof GoError ? text("goType") : "",
  };
}

function textOf(get: () => unknown): string {
  try {
    const value = get();
    const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
    return (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text).toWellFormed();
  } catch {
    return "";
  }
}

/** The encoder of a thrown image, as if it were a method's. */
export function thrownSpec(index: number) {
  return { index, name: "thrown", size: THROWN_IMAGE_SIZE, inline: false, write: writeThrown } as const;
}

function writeThrown(w: Writer, p: number, { name, message, code, stack, goType }: Thrown): void {
  w.string(p, name);
  w.string(p + 16, message);
  w.string(p + 32, code);
  w.string(p + 48, stack);
  w.string(p + 64, goType);
}
