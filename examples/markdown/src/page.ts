/** The HTML page: an index of files, and each file's rendered content. No script: CSS shows the file that is linked to. */
import { readFile } from "node:fs/promises";
import type { Rendered } from "./markdown.js";

export interface Document extends Rendered {
  path: string;
  source: string;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const text = (plain: string) => plain.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");

/**
 * The text of other people goes into this page twice guarded: goldmark leaves raw HTML and script links out, and the
 * page's policy lets nothing run or load that is not in the page.
 */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export async function page(documents: readonly Document[], facts: Readonly<Record<string, string>>) {
  const css = await readFile(new URL("../src/page.css", import.meta.url), "utf8");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Markdown, rendered in Go for TypeScript</title>
<style>
${css}</style>
</head>
<body>
<main>
<section id="overview">
<h1>Markdown, rendered in Go for TypeScript</h1>
<p>Each of the ${documents.length} files in the list was rendered by <code>goldmark</code>, a Go library, in a call from TypeScript:
<code>await markdown.render(source)</code>.</p>
<table>
${Object.entries(facts)
  .map(([what, figure]) => `<tr><th scope="row">${text(what)}</th><td>${text(figure)}</td></tr>`)
  .join("\n")}
</table>
</section>
${documents.map(article).join("\n")}
</main>
<nav aria-label="Files">
<ul>
${documents.map(({ path }, i) => `<li><a href="#${i}">${text(path)}</a></li>`).join("\n")}
</ul>
</nav>
</body>
</html>
`;
}

function article({ path, source, html, title, headings }: Document, i: number): string {
  return `<article id="${i}" aria-label="${text(title ?? path)}">
<header><a class="back" href="#overview">All files</a> ${text(path)}, ${Buffer.byteLength(source).toLocaleString("en-US")} bytes</header>
${headings.length < 4 ? "" : contents(headings)}
${html}</article>`;
}

function contents(headings: Document["headings"]): string {
  const items = headings
    .filter(({ level }) => level <= 3)
    .map(({ level, id, text: heading }) => `<li class="level${level}"><a href="#${id}">${text(heading)}</a></li>`);
  return `<details><summary>Contents</summary><ul>${items.join("")}</ul></details>`;
}
