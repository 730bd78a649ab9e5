/** One line on a terminal that says what is being done; lines one after another where there is no terminal. */
export class Progress {
  readonly #stream = process.stderr;

  say(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\u001b[K${text}`);
    else this.#stream.write(`${text}\n`);
  }

  /** A line that stays. */
  line(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[K");
  }
}
