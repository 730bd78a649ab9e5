import { Command, InvalidArgumentError } from "commander";
import { compareReport, compareResults } from "./compare/report.js";
import { runComparison } from "./compare/run.js";
import type { WorkloadId } from "./contender.js";
import { contenders } from "./contenders/index.js";
import { writeComparison, writeFiles } from "./report/files.js";
import { terminalReport } from "./report/terminal.js";
import { runBenchmark } from "./run.js";
import { TITLES } from "./workloads.js";

interface Options {
  readonly quick?: true;
  readonly only?: string[];
  readonly workload?: WorkloadId[];
  readonly rounds?: number;
  readonly seed?: number;
  readonly readme?: true;
  readonly compare?: string;
}

/** What `--compare` looks at unless `--only` says otherwise: the product. */
const OURS = ["ring-spawn"];

const program = new Command("npm run bench --")
  .description("Compares ways to call Go from Node: the same handlers, the same requests, interleaved rounds.")
  .option("--quick", "in two minutes, once all is built")
  .option("--only <ids>", "contenders to run, by id or its beginning: ring,cgo-batched", list)
  .option("--workload <ids>", `workloads to run: ${Object.keys(TITLES).join(",")}`, workloadList)
  .option("--rounds <count>", "rounds a cell; with --compare, pairs of processes", positive)
  .option("--seed <number>", "seed of the order of the rounds", positive)
  .option("--readme", "put the plot of throughput where the README shows it")
  .option("--compare <ref>", "ours as it is here against ours at another commit: faster, slower or can't tell")
  .addHelpText("after", `\nContenders: ${contenders.map(({ id }) => id).join(", ")}`)
  .action(async (options: Options) => {
    const { quick = false, workload, rounds, seed = Date.now() % 2 ** 32, readme = false, compare: ref } = options;
    const only = options.only ?? (ref === undefined ? undefined : OURS);
    const plan = {
      quick,
      contenders: contenders.filter(({ id }) => only?.some((start) => id.startsWith(start)) ?? true),
      workloads: workload ?? (Object.keys(TITLES) as WorkloadId[]),
      seed,
    };
    if (ref !== undefined) {
      const comparison = await runComparison({ ...plan, ref, blocks: rounds });
      await writeComparison(compareResults(comparison));
      process.stdout.write(`\n${compareReport(comparison)}\n`);
      if (comparison.compared.length === 0) process.exitCode = 1;
      return;
    }
    const results = await runBenchmark({ ...plan, rounds });
    process.stdout.write(`\n${terminalReport(results)}\n\n`);
    for (const line of await writeFiles(results, readme)) process.stdout.write(`${line}\n`);
    if (results.rows.length === 0) process.exitCode = 1;
  });

function list(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

function workloadList(text: string): WorkloadId[] {
  return list(text.toUpperCase()).map((id) => {
    if (!(id in TITLES)) throw new InvalidArgumentError(`There is no ${id}.`);
    return id as WorkloadId;
  });
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number above 0.");
  return number;
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
