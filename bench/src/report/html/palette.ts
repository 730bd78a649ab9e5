/**
 * The colours of the report, each for a light and a dark page. Blue is ours, orange is cgo, in shades for their
 * variants; the others are muted. Blue against orange stays apart for every kind of colour blindness, and lines differ
 * by dash and mark as well.
 */
const PAGE = {
  page: ["#f6f7f9", "#0e1116"],
  card: ["#ffffff", "#171b22"],
  ink: ["#1b1f26", "#e8ebf0"],
  "ink-soft": ["#59616e", "#9aa4b2"],
  rule: ["#dfe3e8", "#2b323c"],
  good: ["#1a7f4b", "#4cc38a"],
  bad: ["#b3261e", "#ff8a80"],
} as const;

const CONTENDERS = {
  "ring-1": ["#0b57c4", "#5aa9ff"],
  "ring-2": ["#3a82d6", "#4586db"],
  "ring-3": ["#0a2f66", "#b5d7ff"],
  "ring-4": ["#2a7f9e", "#53b5d6"],
  "ring-5": ["#6f86c9", "#8f9ff0"],
  "cgo-1": ["#c2410c", "#ff8a4c"],
  "cgo-2": ["#d9691f", "#db6526"],
  "cgo-3": ["#7c2d0a", "#ffc7a1"],
  "cgo-4": ["#a3662c", "#d9a066"],
  "cgo-5": ["#c9573d", "#e88a73"],
  koffi: ["#7b4fa3", "#b794dd"],
  socket: ["#2f7d5b", "#5fbf94"],
  stdio: ["#857000", "#c9b23c"],
  http: ["#6b7280", "#9aa3b0"],
  "grpc-1": ["#a0356a", "#e57bab"],
  "grpc-2": ["#c2648f", "#f2b9d2"],
  connect: ["#5f7f7a", "#8fb8b1"],
  original: ["#374151", "#d1d5db"],
  floor: ["#7f8792", "#7d8794"],
  "other-1": ["#6e5a4e", "#b8a598"],
  "other-2": ["#7d838d", "#8f97a3"],
  "other-3": ["#4b5563", "#c2c8d0"],
} as const;

export type ColourName = keyof typeof CONTENDERS;

/** A colour by name, as a stylesheet refers to it. */
export function colour(name: ColourName | keyof typeof PAGE): string {
  return `var(--${name})`;
}

/** Declares all colours below `selector`, for the page that the reader prefers. */
export function paletteCss(selector: string): string {
  const declare = (theme: 0 | 1): string =>
    Object.entries({ ...PAGE, ...CONTENDERS })
      .map(([name, shades]) => `--${name}:${shades[theme]}`)
      .join(";");
  return `${selector}{color-scheme:light dark;${declare(0)}}
@media (prefers-color-scheme:dark){${selector}{${declare(1)}}}`;
}
