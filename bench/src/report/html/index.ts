import type { Results } from "../../results.js";
import { aimsSection, failuresSection, floorSection, machineSection, methodSection, noiseWarning } from "./about.js";
import { type Figure, figureHtml, type Source } from "./figure.js";
import { headlineHtml } from "./headline.js";
import { callBackFigure } from "./plots/call-back.js";
import { cpuFigure } from "./plots/cpu.js";
import { latencyFigure } from "./plots/latency.js";
import { leasesFigure } from "./plots/leases.js";
import { loopFigure } from "./plots/loop.js";
import { mixFigure } from "./plots/mix.js";
import { payloadFigure } from "./plots/payload.js";
import { queueFigure } from "./plots/queue.js";
import { ratiosFigure } from "./plots/ratios.js";
import { sleepersFigure } from "./plots/sleepers.js";
import { startsFigure } from "./plots/starts.js";
import { streamsFigure } from "./plots/streams.js";
import { threadsFigure } from "./plots/threads.js";
import { throughputFigure } from "./plots/throughput.js";
import { allSeries } from "./series.js";
import { PAGE_CSS } from "./style.js";
import { foldedTables, workloadsOf, workloadTable, workloadTitle } from "./tables.js";
import { element, escapeHtml } from "./text.js";

/** The plots in the order of the page, with the workload that each draws; one without data draws nothing. */
const PLOTS: readonly { readonly workload: string; readonly figure: (source: Source) => Figure | undefined }[] = [
  { workload: "W3", figure: ratiosFigure },
  { workload: "W3", figure: throughputFigure },
  { workload: "W2", figure: latencyFigure },
  { workload: "W3", figure: cpuFigure },
  { workload: "W4", figure: payloadFigure },
  { workload: "W12", figure: leasesFigure },
  { workload: "W1", figure: sleepersFigure },
  { workload: "W10", figure: streamsFigure },
  { workload: "W11", figure: callBackFigure },
  { workload: "W6", figure: mixFigure },
  { workload: "W7", figure: loopFigure },
  { workload: "W8", figure: queueFigure },
  { workload: "W9", figure: threadsFigure },
  { workload: "W5", figure: startsFigure },
];

/** The whole report as one HTML file that needs nothing else. */
export function htmlReport(results: Results): string {
  const source: Source = { results, series: allSeries(results.contenders) };
  const figures = PLOTS.flatMap(({ figure }) => figure(source) ?? []).map(figureHtml);
  const plotted = new Set(PLOTS.map(({ workload }) => workload));
  const workloads = workloadsOf(results);
  const body = [
    element("h1", "Calling Go from Node"),
    element("p", escapeHtml(subtitle(results)), { class: "soft" }),
    noiseWarning(results),
    headlineHtml(source),
    ...figures,
    ...workloads.filter((one) => !plotted.has(one)).map((one) => unplotted(source, one)),
    foldedTables(
      source,
      workloads.filter((one) => plotted.has(one)),
    ),
    aimsSection(results),
    machineSection(results),
    methodSection(),
    floorSection(results),
    failuresSection(source),
  ].filter((part) => part !== "");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Calling Go from Node: ${escapeHtml(results.startedAt.slice(0, 10))}</title>
<link rel="icon" href="data:,">
<style>${PAGE_CSS}</style>
</head>
<body><main>
${body.join("\n")}
</main></body>
</html>
`;
}

/** A workload that no plot knows: its numbers. */
function unplotted(source: Source, workload: string): string {
  const content = element("h2", escapeHtml(workloadTitle(workload))) + workloadTable(source, workload);
  return element("section", content, { id: `workload-${workload}` });
}

function subtitle({ machine, contenders, startedAt, effort }: Results): string {
  const { cpu, cores, node, go } = machine;
  return `${contenders.length} contenders on ${cpu}, ${cores} cores, Node ${node}, ${go}; ${startedAt.slice(0, 10)}, ${effort} run.`;
}
