import type { Results } from "../../results.js";
import { type ColourName, colour } from "./palette.js";

/** How one contender looks, the same in every plot. */
export interface Series {
  readonly id: string;
  readonly title: string;
  /** Stands for the title where there is no room for it. */
  readonly number: string;
  readonly colour: string;
  readonly dash: string;
  readonly symbol: (typeof SYMBOLS)[number];
  /** The first of ours and the first of cgo: whom the report is about. */
  readonly strong: boolean;
}

const SYMBOLS = ["circle", "square", "diamond", "triangle", "star", "cross", "hexagon"] as const;

/** By how many of its family come before it. */
const DASHES = ["none", "7 3", "2 3", "9 3 2 3", "4 2"] as const;

interface Family {
  /** How the ids of its members begin. */
  readonly starts: readonly string[];
  readonly colours: readonly ColourName[];
  readonly symbol: Series["symbol"];
}

const OURS: Family = {
  starts: ["ring"],
  colours: ["ring-1", "ring-2", "ring-3", "ring-4", "ring-5"],
  symbol: "circle",
};
const CGO: Family = { starts: ["cgo"], colours: ["cgo-1", "cgo-2", "cgo-3", "cgo-4", "cgo-5"], symbol: "square" };
const FAMILIES: readonly Family[] = [
  OURS,
  CGO,
  { starts: ["koffi"], colours: ["koffi"], symbol: "diamond" },
  { starts: ["unix", "socket"], colours: ["socket"], symbol: "triangle" },
  { starts: ["stdio", "pipe"], colours: ["stdio"], symbol: "star" },
  { starts: ["http"], colours: ["http"], symbol: "cross" },
  { starts: ["grpc"], colours: ["grpc-1", "grpc-2"], symbol: "hexagon" },
  { starts: ["connect"], colours: ["connect"], symbol: "diamond" },
  { starts: ["rust2go", "original"], colours: ["original"], symbol: "star" },
  { starts: ["eventfd", "memcpy"], colours: ["floor"], symbol: "cross" },
];
const OTHERS: Family = { starts: [], colours: ["other-1", "other-2", "other-3"], symbol: "triangle" };

/** The looks of all contenders of a run, by id. */
export function allSeries(contenders: Results["contenders"]): ReadonlyMap<string, Series> {
  const seen = new Map<Family, number>();
  return new Map(
    contenders.map(({ id, title }, i) => {
      const family = familyOf(id);
      const before = seen.get(family) ?? 0;
      seen.set(family, before + 1);
      return [
        id,
        {
          id,
          title,
          number: `${i + 1}`,
          colour: colour(family.colours[before % family.colours.length] as ColourName),
          dash: DASHES[(before + Math.floor(before / family.colours.length)) % DASHES.length] as string,
          symbol: family.symbol,
          strong: before === 0 && (family === OURS || family === CGO),
        },
      ];
    }),
  );
}

export function isOurs(id: string): boolean {
  return familyOf(id) === OURS;
}

export function isCgo(id: string): boolean {
  return familyOf(id) === CGO;
}

function familyOf(id: string): Family {
  return FAMILIES.find(({ starts }) => starts.some((start) => id.startsWith(start))) ?? OTHERS;
}
