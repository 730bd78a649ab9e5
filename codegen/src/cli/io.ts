import { relative, sep } from "node:path";
import util from "node:util";

/** The world as the command sees it; tests give it another one. */
export interface Io {
  /** The folder that relative paths on the command line start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether terminal colours are wanted in what goes to `err`. */
  readonly colour: boolean;
  /** The same of `out`, where that is a report for people. */
  readonly colourOut: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** The process that we are. */
export function processIo(): Io {
  const { env } = process;
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  const colour = (stream: NodeJS.WriteStream): boolean =>
    wanted || (stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb");
  return {
    cwd: process.cwd(),
    env,
    colour: colour(process.stderr),
    colourOut: colour(process.stdout),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}

/** A fault of the command itself, shown without a stack: what is wrong, and what to do. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}

type Style = "bold" | "dim" | "red" | "cyan" | "green" | "yellow";

/** Styles text where colours are wanted. */
export function paint(io: Io, style: Style, text: string): string {
  // An old Node has no styleText, and `ts2go doctor` has to run there to say that it is too old.
  const { styleText } = util as Partial<typeof util>;
  return io.colour && styleText !== undefined ? styleText(style, text, { validateStream: false } as never) : text;
}

/** A path as the user would write it from where they stand. */
export function shown(io: Io, path: string): string {
  return relative(io.cwd, path).split(sep).join("/") || ".";
}
