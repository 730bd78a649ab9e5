import type { Measurement } from "../measure.js";
import type { Remote } from "../remote.js";
import type { Cell } from "../workloads.js";

export type Side = "ours" | "theirs";

const SIDES: readonly Side[] = ["ours", "theirs"];

/** The same contender in two processes, one of each checkout. */
export class Pair {
  readonly #remotes: Readonly<Record<Side, Remote>>;

  constructor(remotes: Readonly<Record<Side, Remote>>) {
    this.#remotes = remotes;
  }

  async open(): Promise<void> {
    // Not by `Remote.open`: what an older host answers is nothing.
    for (const side of SIDES) await this.#remotes[side].ask({ op: "open" }).catch(named(side));
  }

  /** The rounds of a cell; the sides take turns in the order that is drawn for each round. Both make as many calls. */
  async run(cell: Cell, order: () => Side[]): Promise<Record<Side, Measurement[]>> {
    let count = Number.POSITIVE_INFINITY;
    for (const side of order()) {
      count = Math.min(count, await this.#remotes[side].ask({ op: "warmUp", cell }).catch(named(side)));
    }
    const rounds: Record<Side, Measurement[]> = { ours: [], theirs: [] };
    for (let round = 0; round < cell.rounds; round++) {
      for (const side of order()) {
        rounds[side].push(await this.#remotes[side].ask({ op: "measure", cell, count }).catch(named(side)));
      }
    }
    return rounds;
  }

  async close(): Promise<void> {
    await Promise.all(SIDES.map((side) => this.#remotes[side].close()));
  }
}

/** Says in an error whose it is. */
function named(side: Side): (error: unknown) => never {
  return (error) => {
    throw new Error(`${side === "ours" ? "here" : "there"}: ${error instanceof Error ? error.message : error}`);
  };
}
