import type { Ground } from "./kit/ground.js";
import type { Published } from "./table/published.js";

/** What a case takes of a transport beyond carrying calls. One that cannot give it says why, in `transports`. */
export type Need =
  /** A client with options of its own: `fresh` is called with some. */
  | "options"
  /** A process behind it that can be killed without this one. */
  | "process";

/** One behaviour, by its name. It must hold on every transport. */
export interface Case {
  /** Unique, and what a reader of the table sees. */
  readonly name: string;
  /** The features of Connect and the cases of gRPC that this one answers. */
  readonly like?: readonly Published[];
  readonly needs?: readonly Need[];
  /** It changes something for its whole thread: where threads run cases, it has one of its own. */
  readonly alone?: true;
  /** Passes by returning. The runner looks afterwards that no call and no body is left. */
  run(on: Ground): Promise<void> | void;
}

/** The cases of one feature of ours. */
export interface Group {
  readonly title: string;
  readonly cases: readonly Case[];
}
