/**
 * Every example of the CommonMark specification, through the bridge, byte for byte. They come with goldmark itself: its
 * module holds the specification's own `spec.json`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, connect } from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Markdown } from "../src/gen/markdown.js";

interface Example {
  example: number;
  section: string;
  markdown: string;
  html: string;
}

const cwd = fileURLToPath(new URL("..", import.meta.url));
const goldmark = JSON.parse(
  execFileSync("go", ["mod", "download", "-json", "github.com/yuin/goldmark"], { cwd, encoding: "utf8" }),
) as { Dir: string };
const examples = JSON.parse(readFileSync(join(goldmark.Dir, "_test/spec.json"), "utf8")) as Example[];

let markdown: Client<Markdown>;
beforeAll(async () => {
  markdown = await connect(Markdown);
});
afterAll(() => markdown.close());

test(`the specification has its 652 examples or more: ${examples.length}`, () => {
  expect(examples.length).toBeGreaterThanOrEqual(652);
  expect(examples.map(({ example }) => example)).toEqual(examples.map((_, i) => i + 1));
});

describe.each([...new Set(examples.map(({ section }) => section))])("%s", (section) => {
  for (const { example, markdown: source, html } of examples.filter((one) => one.section === section)) {
    test(`example ${example}`, async () => {
      // The specification's HTML has raw HTML in it and ends its empty elements with a slash.
      expect((await markdown.render(source, { unsafe: true, xhtml: true })).html).toBe(html);
    });
  }
});

test("all examples in flight at once give the same", async () => {
  const rendered = await Promise.all(
    examples.map(({ markdown: source }) => markdown.render(source, { unsafe: true, xhtml: true })),
  );
  expect(rendered.map(({ html }) => html)).toEqual(examples.map(({ html }) => html));
});
