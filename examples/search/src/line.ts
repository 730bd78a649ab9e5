/** A hit as a line of a terminal. */
import type { Hit } from "./search.js";

const TEXT_WIDTH = 70;
/** So much of the text stands before the first word that was found. */
const LEAD = 20;
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", "#34": '"', "#39": "'" };

export function line({ score, title, fragment = "" }: Hit): string {
  const text = fragment.replace(/\s+/g, " ").trim();
  const from = Math.max(0, text.indexOf("<mark>") - LEAD);
  const marked = text
    .slice(from, from + TEXT_WIDTH)
    .trimStart()
    // Not half a mark, or half an entity, at either end.
    .replace(/^[^<&]{0,5};|(<[^>]*|&[^;]*)$/g, "")
    .replace(/<mark>(.*?)(<\/mark>|$)/g, (_, word: string) => bold(word))
    .replace(/&(lt|gt|amp|#34|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
  return `  ${score.toFixed(3).padStart(7)}  ${title.padEnd(22)} ${marked}`;
}

function bold(text: string): string {
  return process.stdout.hasColors?.() ? `\x1b[1m${text}\x1b[22m` : text;
}
