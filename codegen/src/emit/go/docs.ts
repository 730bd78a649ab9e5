import type { Doc } from "../../schema/index.js";

/**
 * A TypeScript doc comment as Go writes one, without the comment marks: paragraphs, lists and code in the form that
 * gofmt keeps, `@deprecated` as Go's `Deprecated:` paragraph. With a name, the comment begins with it, as Go's
 * tools want.
 */
export function goDoc(doc: Doc | undefined, name?: string, original?: string): string[] {
  if (doc === undefined) return [];
  const parts = [...blocks(doc.text)];
  for (const tag of doc.tags) {
    if (tag.name === "deprecated") parts.push([`Deprecated: ${oneLine(tag.text) || "do not use."}`]);
  }
  const [first] = parts;
  if (first?.[0] === undefined) return [];
  if (name !== undefined) {
    const text = first[0];
    const start = original ?? name;
    if (text.startsWith(`${start} `)) first[0] = name + text.slice(start.length);
    else if (/^[\t ]/.test(text) || text.startsWith("Deprecated:")) parts.unshift([`${name}:`]);
    else first[0] = `${name}: ${text}`;
  }
  parts.forEach((part, index) => {
    // gofmt takes a short line between paragraphs for a heading, unless it ends like a sentence.
    const [line, more] = part;
    if (index > 0 && line !== undefined && more === undefined && /^\p{Lu}(.*[\p{L}\p{N})])?$/u.test(line))
      part[0] = `${line}.`;
  });
  return parts.flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}

/** Comment lines with their marks. */
export function commented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "//" : line.startsWith("\t") ? `//${line}` : `// ${line}`));
}

/** A bullet or a number before text. */
const LIST_ITEM = /^\s*(?:[-*+\u2022]|(\d+)[.)])\s+(?=\S)/;

/** A list in gofmt's form: all numbers or all bullets, as it begins, without empty lines. */
function list(lines: readonly string[]): string[] {
  const numbered = LIST_ITEM.exec(lines[0] ?? "")?.[1] !== undefined;
  let number = 0;
  return lines.map((line) => {
    if (!LIST_ITEM.test(line)) return `    ${line}`;
    const text = plain(line.replace(LIST_ITEM, ""));
    number++;
    return numbered ? ` ${number}. ${text}` : `  - ${text}`;
  });
}

type Kind = "text" | "list" | "code";

/** Cuts Markdown into paragraphs, lists and code blocks, each in gofmt's form. */
function blocks(text: string): string[][] {
  const blocks = new Blocks();
  let fence = false;
  for (const line of text.split("\n")) {
    if (/^\s*```/.test(line)) {
      fence = !fence;
      blocks.end();
    } else if (fence) {
      blocks.add("code", line.trimEnd());
    } else if (line.trim() === "") {
      blocks.end();
    } else if (LIST_ITEM.test(line)) {
      blocks.add("list", line.trim());
    } else if (blocks.kind === "list") {
      blocks.add("list", plain(line));
    } else {
      blocks.add("text", plain(line));
    }
  }
  return blocks.all;
}

/** Code, indented by one tab; what begins like a list would be one to gofmt, and becomes text. */
function code(lines: string[]): string[] {
  if (LIST_ITEM.test(lines[0] ?? "")) return lines.map(plain).filter((line) => line !== "");
  while (lines.at(-1) === "") lines.pop();
  const depths = lines.filter((line) => line !== "").map((line) => /^\s*/.exec(line)?.[0] ?? "");
  const common = depths.reduce((a, b) => (b.startsWith(a) ? a : a.startsWith(b) ? b : ""));
  return lines.map((line) => (line === "" ? "" : `\t${line.slice(common.length).replace(/^\+build/, "build")}`));
}

/** Blocks of lines; a new kind of line begins a new one. */
class Blocks {
  private readonly done: { kind: Kind; lines: string[] }[] = [];
  kind: Kind | undefined;

  add(kind: Kind, line: string): void {
    const last = this.done.at(-1);
    // Two lists without text between are one list to gofmt.
    if (last !== undefined && last.kind === kind && (this.kind === kind || kind === "list")) last.lines.push(line);
    else if (line !== "") this.done.push({ kind, lines: [line] });
    this.kind = kind;
  }

  /** Ends the block: the next line begins another one. */
  end(): void {
    this.kind = undefined;
  }

  get all(): string[][] {
    let indented = false;
    return this.done.flatMap(({ kind, lines }) => {
      const block = kind === "list" ? list(lines) : kind === "code" ? code(lines) : lines;
      // Indented lines behind a list, or behind other code, would be a part of it.
      const apart = indented && /^[\t ]/.test(block[0] ?? "");
      indented = /^[\t ]/.test(block[0] ?? "");
      return apart ? [["Example:"], block] : [block];
    });
  }
}

/**
 * A line of text that gofmt leaves alone: no indentation, no mark that means something at a line's beginning, no
 * quotes that it would make round.
 */
function plain(line: string): string {
  return (
    line
      .trim()
      .replace(/^\+build/, "build")
      // A link to a TypeScript name is that name: Go's tools know no other.
      .replace(/\{@link(?:code|plain)?\s+([^\s|}]+)[\s|]*([^}]*)\}/g, (_, name: string, text: string) => text || name)
      .replaceAll("``", "\u201c")
      .replaceAll("''", "\u201d")
      .replace(/^#+\s+/, "")
      .replace(/^\[([^\]]*)\]:\s/, "$1: ")
  );
}

function oneLine(text: string): string {
  return text.split("\n").map(plain).join(" ").trim();
}
