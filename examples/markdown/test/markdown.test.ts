import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, connect, EncodeError } from "@x/ts2go";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Markdown } from "../src/gen/markdown.js";
import type { RenderOptions } from "../src/markdown.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));

let markdown: Client<Markdown>;
beforeAll(async () => {
  markdown = await connect(Markdown);
});
afterAll(() => markdown.close());

const html = async (source: string, options?: RenderOptions) => (await markdown.render(source, options)).html;

describe("render", () => {
  test("gives HTML, the title and the headings", async () => {
    expect(await markdown.render("# One *more*\n\ntext\n\n### Two\nthree")).toEqual({
      html: "<h1>One <em>more</em></h1>\n<p>text</p>\n<h3>Two</h3>\n<p>three</p>\n",
      title: "One more",
      headings: [
        { level: 1, text: "One more" },
        { level: 3, text: "Two" },
      ],
    });
  });

  test("has no title where there is no heading", async () => {
    expect(await markdown.render("")).toEqual({ html: "", headings: [] });
  });

  test("reads a heading as a person does", async () => {
    const source = "`a && <b>` &amp; \\*c\\* [d](e) <https://f.test> ![g](h) <b>i</b>\nj &amp;lt; \\&amp;\n===";
    expect((await markdown.render(source)).title).toBe("a && <b> & *c* d https://f.test g i j &lt; &amp;");
  });

  test("knows GitHub's flavor if asked", async () => {
    expect(await html("~~a~~")).toBe("<p>~~a~~</p>\n");
    expect(await html("~~a~~", { flavor: "gfm" })).toBe("<p><del>a</del></p>\n");
    expect(await html("|a|\n|-|\n|b|", { flavor: "gfm" })).toContain("<td>b</td>");
  });

  test("gives headings an id, and makes links agree", async () => {
    const { html, headings } = await markdown.render("# A b\n# A b\n[c](#a-b-1)", { idPrefix: "x-" });
    expect(html).toBe('<h1 id="x-a-b">A b</h1>\n<h1 id="x-a-b-1">A b</h1>\n<p><a href="#x-a-b-1">c</a></p>\n');
    expect(headings.map(({ id }) => id)).toEqual(["x-a-b", "x-a-b-1"]);
  });

  test.each([
    ["[a](b.md)", '<a href="../x/b.md">a</a>'],
    ["[a]\n\n[a]: ./b.md?c#d", '<a href="../x/./b.md?c#d">a</a>'],
    ["![a](b.png)", '<img src="../x/b.png" alt="a">'],
    ["[a](/b)", '<a href="/b">a</a>'],
    ["[a](//b.test)", '<a href="//b.test">a</a>'],
    ["[a](https://b.test/c)", '<a href="https://b.test/c">a</a>'],
    ["[a](mailto:b@c.test)", '<a href="mailto:b@c.test">a</a>'],
    ["[a](#b)", '<a href="#b">a</a>'],
    ["[a]()", '<a href="">a</a>'],
  ])("resolves relative links: %s", async (source, link) => {
    expect(await html(source, { base: "../x/" })).toBe(`<p>${link}</p>\n`);
  });

  test("takes text of every kind and size", async () => {
    expect(await html("grüße, 世界 🌍 \0")).toBe("<p>grüße, 世界 🌍 \ufffd</p>\n");
    const long = "a".repeat(5_000_000);
    expect(await html(long)).toBe(`<p>${long}</p>\n`);
  });

  test("refuses what is no flavor, with the path to it", async () => {
    const call = markdown.render("", { flavor: "mint" as "gfm" });
    await expect(call).rejects.toBeInstanceOf(EncodeError);
    await expect(call).rejects.toMatchObject({ path: "options.flavor" });
  });
});

const HOSTILE = [
  "<script>alert(1)</script>",
  "a <img src=x onerror=alert(1)> b",
  "<a href='javascript:alert(1)'>a</a>",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt:alert(1))",
  "[a](&#106;avascript:alert(1))",
  "[a](java&Tab;script:alert(1))",
  "[a](java&NewLine;script:alert(1))",
  "[a](&#1;javascript:alert(1))",
  "[a](<\tjavascript:alert(1)>)",
  "[a](vbscript:alert(1))",
  "[a](data:text/html,<script>alert(1)</script>)",
  "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
  "[a]\n\n[a]: javascript:alert(1)",
  "<javascript:alert(1)>",
  '![" onerror="alert(1)](x" onerror="alert(1))',
  '[a](b "c\\" onclick=\\"alert(1)")',
  '# "><script>alert(1)</script>',
  "# a {#b onclick=alert(1)}",
  "</article></main><style>*{display:none}</style>",
  '```"><script>alert(1)</script>\n```',
  "|a|\n|:-:|\n|<script>alert(1)</script>|",
  "- [x] <iframe src=https://a.test></iframe>",
];

/** What goldmark itself writes. Text and attributes are escaped, so whatever looks like a tag is one. */
const HARMLESS =
  /^<(\/?(p|a|b|em|strong|del|code|pre|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|td|th|img|br|hr|input)( (href|src|alt|title|id|class|style|align|start|type|checked|disabled)="[^"<>]*")*)>$|^<!-- raw HTML omitted -->$/;
/** Where a browser would see a script: it resolves entities, drops tabs, line ends and leading control characters. */
const isScript = (url: string) =>
  /&(?!(amp|lt|gt|quot);)/.test(url) ||
  /^(javascript|vbscript|data:(?!image\/(png|gif|jpeg|webp)))/i.test(url.replace(/[\t\r\n]|^[\0-\x20]+/g, ""));

describe("other people's Markdown cannot run anything", () => {
  for (const base of [undefined, "../x/"]) {
    test.each(HOSTILE)(`${base === undefined ? "" : "with a base: "}%s`, async (source) => {
      const options: RenderOptions = base === undefined ? {} : { base };
      const rendered = await html(source, { flavor: "gfm", idPrefix: "x-", ...options });
      for (const [tag] of rendered.matchAll(/<[^>]*>?/g)) expect(tag).toMatch(HARMLESS);
      for (const [, url] of rendered.matchAll(/(?:href|src)="([^"]*)"/g)) expect(isScript(url ?? "")).toBe(false);
    });
  }

  test("unless it is asked for", async () => {
    expect(await html("<script>1</script>", { unsafe: true })).toBe("<script>1</script>");
    expect(await html("[a](javascript:1)", { unsafe: true })).toBe('<p><a href="javascript:1">a</a></p>\n');
  });
});

test("the program renders a folder into one page that loads and runs nothing", async () => {
  const dir = mkdtempSync(join(tmpdir(), "ts2go-markdown-"));
  try {
    mkdirSync(join(dir, "docs/deep"), { recursive: true });
    writeFileSync(join(dir, "docs/one.md"), "# One & all\n[two](deep/TWO.MD)");
    writeFileSync(join(dir, "docs/deep/TWO.MD"), HOSTILE.join("\n\n"));
    writeFileSync(join(dir, "docs/deep/&<'\".md"), "three");
    const target = join(dir, "page.html");
    const { stdout, stderr } = await execa(process.execPath, [join(cwd, "dist/main.js"), "docs", target], {
      cwd: dir,
      timeout: 30_000,
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^3 Markdown files below docs/);
    expect(stdout).toMatch(/files\/s/);
    expect(stdout).toMatch(/p50 [\d.,]+ us, p99 [\d.,]+ us/);
    const page = readFileSync(target, "utf8");
    expect(page).toContain('<h1 id="2-one--all">One &amp; all</h1>');
    expect(page).toContain('<a href="docs/deep/TWO.MD">two</a>');
    expect(page).toContain("deep/&amp;&lt;&#39;&quot;.md");
    expect(page).toContain(`content="default-src 'none';`);
    expect(page.replace(/"[^"]*"/g, '""')).not.toMatch(/<script|<iframe|<link|<svg|<[^>]* on\w+=/i);
    expect(page.match(/<style/g)).toHaveLength(1);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the generated files are those of the interface", async () => {
  const { stdout } = await execa("ts2go", ["gen", "--check"], { cwd, preferLocal: true });
  expect(stdout).toBe("generated code is up to date");
});
