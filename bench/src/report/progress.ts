import { SingleBar } from "cli-progress";

/** How often the bar is drawn anew: seldom, so as not to disturb what is measured. */
const DRAWS_PER_SECOND = 2;

/** One thing that takes time, by what share of the whole it should take. */
export interface Step {
  readonly text: string;
  readonly weight: number;
}

/** Says what is being done: in one live line on a terminal, in lines one after another where there is none. */
export class Progress {
  readonly #stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  #bar: Bar | undefined;

  constructor(stream: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr) {
    this.#stream = stream;
  }

  say(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\u001b[K${text}`);
    else this.#stream.write(`${text}\n`);
  }

  /** Goes through the steps and gives each in turn, with a bar that says how many are left and for how long. */
  *steps<T extends Step>(all: readonly T[]): Generator<T> {
    if (this.#stream.isTTY) this.#bar = new Bar(this.#stream, all);
    for (const [i, step] of all.entries()) {
      if (this.#bar) this.#bar.begin(i);
      else this.say(`${i + 1} of ${all.length}: ${step.text}`);
      yield step;
    }
    this.end();
  }

  /** A line that stays. */
  line(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    this.#bar?.end();
    this.#bar = undefined;
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[K");
  }
}

/** A bar that moves through steps of known weight, and guesses from those that are over how long the others take. */
class Bar {
  readonly #steps: readonly Step[];
  readonly #bar: SingleBar;
  readonly #start = performance.now();
  readonly #timer: NodeJS.Timeout;
  #current = 0;
  #currentStart = this.#start;

  constructor(stream: NodeJS.WritableStream, steps: readonly Step[]) {
    this.#steps = steps;
    this.#bar = new SingleBar({
      stream,
      format: "{bar} {number} of {count}: {text}{left}",
      barsize: 30,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      hideCursor: true,
      clearOnComplete: true,
      fps: DRAWS_PER_SECOND,
      gracefulExit: true,
    });
    this.#bar.start(weightOf(steps), 0, this.#payload());
    this.#timer = setInterval(() => this.#draw(), 1000 / DRAWS_PER_SECOND).unref();
  }

  begin(step: number): void {
    this.#current = step;
    this.#currentStart = performance.now();
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#bar.stop();
  }

  #draw(): void {
    this.#bar.update(weightOf(this.#steps.slice(0, this.#current)), this.#payload());
  }

  #payload() {
    const msLeft = this.#msLeft();
    return {
      number: this.#current + 1,
      count: this.#steps.length,
      text: this.#steps[this.#current]?.text ?? "",
      left: msLeft === undefined ? "" : `, ${Math.ceil(msLeft / 1000)} s left`,
    };
  }

  /** Nothing is known before the first step is over. */
  #msLeft(): number | undefined {
    const done = weightOf(this.#steps.slice(0, this.#current));
    if (done === 0) return undefined;
    const msPerWeight = (this.#currentStart - this.#start) / done;
    const left = weightOf(this.#steps.slice(this.#current)) * msPerWeight;
    return Math.max(0, left - (performance.now() - this.#currentStart));
  }
}

function weightOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { weight }) => sum + weight, 0);
}
