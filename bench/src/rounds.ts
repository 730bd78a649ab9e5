import type { Contender } from "./contender.js";
import type { Measurement } from "./measure.js";
import type { Remote } from "./remote.js";
import { shuffled } from "./statistics.js";
import type { Cell } from "./workloads.js";

/** All rounds of one contender in one cell, in the order of the rounds. */
export interface Row {
  readonly contender: string;
  readonly cell: Cell;
  readonly rounds: Measurement[];
}

/** A contender that dropped out, and why. */
export interface Failure {
  readonly contender: string;
  readonly reason: string;
}

export interface RunningContender {
  readonly contender: Contender;
  readonly remote: Remote;
}

/**
 * Measures one cell: in every round each contender once, in random order, so that what disturbs the machine disturbs
 * all of them and ratios can be taken round by round. A contender that fails is dropped from the cell.
 */
export async function measureCell(
  cell: Cell,
  running: readonly RunningContender[],
  random: () => number,
  failed: (failure: Failure) => void,
): Promise<Row[]> {
  const counts = new Map<string, number>();
  const rows = new Map<string, Row>();
  const drop = (id: string, error: unknown): void => {
    counts.delete(id);
    rows.delete(id);
    failed({
      contender: id,
      reason: `${cell.workload} ${cell.key}: ${error instanceof Error ? error.message : error}`,
    });
  };
  const racing = running.filter(({ contender }) => contender.workloads?.includes(cell.workload) ?? true);
  for (const { contender, remote } of racing) {
    try {
      counts.set(contender.id, await remote.ask({ op: "warmUp", cell }));
      rows.set(contender.id, { contender: contender.id, cell, rounds: [] });
    } catch (error) {
      drop(contender.id, error);
    }
  }
  for (let round = 0; round < cell.rounds; round++) {
    for (const { contender, remote } of shuffled(racing, random)) {
      const count = counts.get(contender.id);
      if (count === undefined) continue;
      try {
        rows.get(contender.id)?.rounds.push(await remote.ask({ op: "measure", cell, count }));
      } catch (error) {
        drop(contender.id, error);
      }
    }
  }
  return [...rows.values()];
}
