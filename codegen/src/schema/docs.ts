import { type JSDoc, Node } from "ts-morph";
import type { Doc } from "./model.js";

/** The doc comment of a declaration: the last one before it, as TypeScript and every editor read it. */
export function docOf(node: Node): Doc | undefined {
  if (!Node.isJSDocable(node)) return undefined;
  const comment = node.getJsDocs().at(-1);
  return comment === undefined ? undefined : read(comment);
}

function read(comment: JSDoc): Doc {
  return {
    source: dedent(comment.getText()),
    text: clean(comment.getDescription()),
    tags: comment.getTags().map((tag) => ({ name: tag.getTagName(), text: clean(tagText(tag.getText())) })),
  };
}

/** A tag's text without `@name` and without the comment marks that the last tag may drag along. */
function tagText(source: string): string {
  return source
    .replace(/^@\S+[ \t]*/, "")
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line : line.replace(/^\s*\*? ?/, "")))
    .join("\n");
}

function clean(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}

/** Takes the indentation of its place away from a comment: every line but the first begins with one space. */
function dedent(comment: string): string {
  return comment
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line.trimEnd() : ` ${line.trim()}`.trimEnd()))
    .join("\n");
}
