import { moduleOf } from "./cold/modules.js";
import { coldStart } from "./cold/start.js";
import type { Measurement, Observation } from "./measure.js";
import type { Remote } from "./remote.js";
import { shuffled } from "./statistics.js";
import type { SyscallTool } from "./syscalls.js";
import type { Cell } from "./workloads.js";

/** All rounds of one contender in one cell, in the order of the rounds. */
export interface Row {
  readonly contender: string;
  readonly cell: Cell;
  readonly rounds: Measurement[];
  /** The round that does not count. */
  observed?: Observed;
}

export interface Observed extends Observation {
  /** Of both sides together; absent where nothing could count them. */
  readonly syscalls?: number;
}

/** A contender that dropped out, and why. */
export interface Failure {
  readonly contender: string;
  readonly reason: string;
}

/** Who takes part in a cell. */
export interface Runner {
  readonly id: string;
  /** In how many rounds, the first ones, where not in all. */
  readonly rounds?: number;
  /** Gives how many calls fill a round. */
  warmUp(cell: Cell): Promise<number>;
  measure(cell: Cell, count: number): Promise<Measurement>;
  observe?(cell: Cell, count: number): Promise<Observed>;
}

/** A contender in its process. */
export function remoteRunner(id: string, rounds: number, remote: Remote, tool?: SyscallTool): Runner {
  return {
    id,
    rounds,
    warmUp: (cell) => remote.ask({ op: "warmUp", cell }),
    measure: (cell, count) => remote.ask({ op: "measure", cell, count }),
    observe: async (cell, count) => {
      const counter = await tool?.attach(remote.pids);
      const observation = await remote.ask({ op: "observe", cell, count });
      return { ...observation, ...(counter ? { syscalls: await counter.stop() } : {}) };
    },
  };
}

/** A contender that is started anew for each round. */
export function coldRunner(id: string, rounds: number): Runner {
  let module = "";
  return {
    id,
    rounds,
    // No start beforehand: its host has read the files, they are in the page cache.
    warmUp: async () => {
      module = await moduleOf(id);
      return 1;
    },
    measure: () => coldStart(module, id),
  };
}

/**
 * Measures one cell: in every round each contender once, in random order, so that what disturbs the machine disturbs
 * all of them and ratios can be taken round by round. Who makes fewer rounds than others makes the first ones. A
 * contender that fails is dropped from the cell.
 */
export async function measureCell(
  cell: Cell,
  runners: readonly Runner[],
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
  for (const runner of runners) {
    try {
      counts.set(runner.id, await runner.warmUp(cell));
      rows.set(runner.id, { contender: runner.id, cell, rounds: [] });
    } catch (error) {
      drop(runner.id, error);
    }
  }
  const each = async (list: readonly Runner[], run: (runner: Runner, row: Row, count: number) => Promise<void>) => {
    for (const runner of list) {
      const row = rows.get(runner.id);
      if (!row) continue;
      try {
        await run(runner, row, counts.get(runner.id) as number);
      } catch (error) {
        drop(runner.id, error);
      }
    }
  };
  for (let round = 0; round < cell.rounds; round++) {
    const some = runners.filter(({ rounds = cell.rounds }) => round < rounds);
    await each(shuffled(some, random), async (runner, row, count) => {
      row.rounds.push(await runner.measure(cell, count));
    });
  }
  if (cell.observed) {
    await each(runners, async (runner, row, count) => {
      // What was measured stands, whatever becomes of this.
      const observed = await runner.observe?.(cell, count).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : error;
        failed({ contender: runner.id, reason: `${cell.workload} ${cell.key}, garbage and system calls: ${why}` });
      });
      if (observed) row.observed = observed;
    });
  }
  return [...rows.values()];
}
