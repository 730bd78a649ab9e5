/** Text as it may stand in HTML, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Keeps a number and its unit on one line. */
export function unbroken(text: string): string {
  return text.replace(/(?<=\d) (?=×|%|[nµm]?s\b|[KMG]iB)/g, "\u00a0");
}

/** One element around HTML that is already safe. */
export function element(name: string, content: string, attributes: Record<string, string> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return `<${name}${written.join("")}>${content}</${name}>`;
}

/** A table of plain text: the first column names the row, the others are numbers or short phrases. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: "th" | "td"): string =>
    element("tr", cells.map((cell) => element(tag, escapeHtml(unbroken(cell)))).join(""));
  const body = rows.map((cells) => line(cells, "td")).join("");
  const content = element("thead", line(head, "th")) + element("tbody", body);
  // A table wider than the window scrolls in a box of its own; tabindex lets the keyboard scroll it.
  return element("div", element("table", content), { class: "scroll", tabindex: "0" });
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** With a capital letter, as a heading begins. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
