/** Lines of code with their indentation: what every emitter writes to. */
export class Code {
  private readonly lines: string[] = [];
  private depth = 0;

  constructor(private readonly unit: string) {}

  line(text = ""): this {
    this.lines.push(text === "" ? "" : this.unit.repeat(this.depth) + text);
    return this;
  }

  /** Several lines of one text, each indented; an empty line stays empty. */
  text(text: string): this {
    for (const line of text.split("\n")) this.line(line);
    return this;
  }

  /** An opening line, what `body` writes, indented, and a closing line. */
  block(open: string, close: string, body: () => void): this {
    this.line(open);
    this.depth++;
    body();
    this.depth--;
    return this.line(close);
  }

  /** An `if` with both its branches. */
  branches(open: string, yes: () => void, no: () => void): this {
    this.line(open);
    this.depth++;
    yes();
    this.depth--;
    return this.block("} else {", "}", no);
  }

  /** Like {@link block} for a body that is known already. */
  nested(body: Code): this {
    for (const line of body.lines) this.line(line);
    return this;
  }

  get empty(): boolean {
    return this.lines.length === 0;
  }

  toString(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }
}
