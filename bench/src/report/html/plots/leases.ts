import { formatRatio } from "../../../aims.js";
import { LEASE_WAYS, type LeaseWay } from "../../../leases.js";
import type { RowResult } from "../../../results.js";
import { pairedRatio } from "../../../statistics.js";
import { duration, rate, size } from "../../format.js";
import { LENT } from "../../reference.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain } from "../scale.js";
import { capital, enumerate } from "../text.js";
import { nsPerCall, sizePanel } from "./by-size.js";

const TITLE = "Large bytes in place";

interface WayCell {
  readonly way: LeaseWay;
  readonly rows: readonly RowResult[];
}

/** W12: what it costs to hand bytes over, by their size, a panel for each direction. */
export function leasesFigure(source: Source): Figure | undefined {
  const all = source.results.rows.filter(({ workload }) => workload === "W12");
  if (all.length === 0) return undefined;
  const cells = LEASE_WAYS.flatMap((way): WayCell[] => {
    const rows = all.filter(({ key }) => key.startsWith(`${way} `)).sort((a, b) => a.bytes - b.bytes);
    return rows.length > 0 ? [{ way, rows }] : [];
  });
  const yDomain = logDomain(all.map(nsPerCall));
  return {
    id: "leases",
    title: TITLE,
    caption: leasesCaption(source, cells),
    reading:
      "Whoever makes the bytes writes the first eight and the last eight, whoever gets them reads those, and nobody touches the others: what is left is the cost of handing them over. A flat line costs the same at any size. “Copied”, “borrowed” and the socket carry all bytes; cgo’s row is memory from malloc that both sides see, used again by hand, which nothing protects after its release.",
    panels: cells.map((cell) => panel(source, cell, yDomain)),
    legend: [...source.series.values()].filter(({ id }) => all.some(({ contender }) => contender === id)),
    height: 400,
  };
}

function panel(source: Source, { way, rows }: WayCell, yDomain: [number, number]): Panel {
  const ticks = (sizes: readonly number[]) => sizes;
  return sizePanel(source, rows, {
    title: TITLE,
    heading: capital(LENT[way]),
    label: "size, bytes",
    ticks,
    yDomain,
    words,
  });
}

/** At the largest size: how many calls, against the smallest size, and against cgo. */
function leasesCaption(source: Source, cells: readonly WayCell[]): string {
  const { rows: some } = cells[0] as WayCell;
  const subject = subjectOf(some) ?? (some[0] as RowResult).contender;
  const reference = referenceOf(some);
  const ends = cells.flatMap(({ way, rows }) => {
    const own = rows.filter(({ contender }) => contender === subject);
    const [small, large] = [own[0], own.at(-1)];
    return small && large ? [{ way, rows, small, large }] : [];
  });
  const parts = ends.map(({ way, small, large }) => {
    const grown = pairedRatio(large.rounds.callsPerSecond, small.rounds.callsPerSecond);
    const against = small === large ? "" : `, ${formatRatio(grown)} those of ${size(small.bytes)}`;
    return `${rate(large.callsPerSecond)} calls/s of ${size(large.bytes)} ${LENT[way]}${against}`;
  });
  const made = `“${titleOf(source, subject)}” makes ${enumerate(parts)}`;
  const ratios = ends.flatMap(({ way, rows, large }) => {
    const cell = rows.filter(({ bytes }) => bytes === large.bytes);
    const ratio = reference !== undefined && reference !== subject && ratioOf(large, reference, cell, "callsPerSecond");
    return ratio ? [{ way, ratio }] : [];
  });
  if (ratios.length === 0 || reference === undefined) {
    return `${made}; what it would be compared with did not run.`;
  }
  const compared = ratios.map(({ way, ratio }) => `${formatRatio(ratio)} ${LENT[way]}`);
  const than = `compared with “${titleOf(source, reference)}” that is ${enumerate(compared)}`;
  return `${made}; ${than}${doubts(...ratios.map(({ ratio }) => ratio))}`;
}

function words(row: RowResult): string {
  return `${duration(nsPerCall(row))} a call, ${rate(row.callsPerSecond)} calls/s`;
}
