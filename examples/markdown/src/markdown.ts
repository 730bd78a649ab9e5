/** The interface between the two sides: what a TypeScript program wants of goldmark, a Markdown library for Go. */
import type { GoService, u8 } from "@x/ts2go";

export interface RenderOptions {
  /** `gfm` adds what GitHub adds: tables, strikethrough, task lists and bare links. Default `commonmark`. */
  flavor?: "commonmark" | "gfm";
  /**
   * Lets raw HTML and links such as `javascript:` through. They are left out by default: turn this on only for text
   * that you would also run.
   */
  unsafe?: boolean;
  /** Writes `<br />` instead of `<br>`. */
  xhtml?: boolean;
  /** Gives every heading an id that begins with this, and makes links to `#heading` agree. No ids by default. */
  idPrefix?: string;
  /** The folder that relative links and images begin at, with a slash at its end. They stay as they are by default. */
  base?: string;
}

export interface Heading {
  /** 1 to 6. */
  level: u8;
  /** Its text, without markup. */
  text: string;
  /** Its id in the HTML, where `idPrefix` asked for ids. */
  id?: string;
}

export interface Rendered {
  html: string;
  /** The text of the first heading, if there is one. */
  title?: string;
  /** All headings, in the order of the text. */
  headings: Heading[];
}

/** Markdown to HTML, by goldmark. */
export interface Markdown extends GoService {
  /** Renders one document. */
  render(source: string, options?: RenderOptions): Promise<Rendered>;
}
