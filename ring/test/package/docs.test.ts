import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE } from "./readme.js";

const read = (path: string) => readFileSync(join(PACKAGE, path), "utf8");
const page = read("docs/how-it-works.md");
const { queue } = JSON.parse(read("layout.json")) as {
  queue: {
    header: { name: string; offset: number; bytes: number }[];
    words: { name: string; offset: number }[];
    data: number;
    constants: { name: string; value: number }[];
  };
};
const constant = (name: string) => queue.constants.find((one) => one.name === name)?.value;

describe("docs/how-it-works.md draws what is there", () => {
  it("every word at its offset, and nothing else", () => {
    const drawing = /```\n(0x0000 {2}header.*?)```/s.exec(page)?.[1] ?? "";
    const drawn = [...drawing.matchAll(/^0x([0-9a-f]{4}) {2}(\w+)/gm)].map(([, at, name]) => [
      name,
      Number.parseInt(at as string, 16),
    ]);
    const starts = [...drawing.matchAll(/^0x\w+ {2}(\w+).*; 0x([0-9a-f]{4}) when that process began/gm)].map(
      ([, role, at]) => [`${role}Start`, Number.parseInt(at as string, 16)],
    );
    expect(Object.fromEntries([...drawn, ...starts])).toEqual({
      header: 0,
      ...Object.fromEntries(queue.words.map(({ name, offset }) => [name, offset])),
      entries: queue.data,
    });
  });

  it("the header's fields, byte by byte", () => {
    const [, offsets = "", names = ""] = /by bytes:\n\n```\n(.*)\n.*\n(.*)\n/.exec(page) ?? [];
    const drawn = names.match(/\w+/g)?.map((name, i) => [name, Number(offsets.match(/\d+/g)?.[i])]);
    expect(drawn).toEqual(queue.header.map(({ name, offset }) => [name, offset]));
    const last = queue.header.at(-1);
    expect(Number(offsets.match(/\d+/g)?.at(-1))).toBe((last?.offset ?? 0) + (last?.bytes ?? 0));
  });

  it("a record's fields, and the padding that skips to the end", () => {
    expect(page).toMatch(/0 {8}4 {10}8 {17}8 \+ length/);
    expect(constant("recordHeader")).toBe(8);
    expect(constant("recordAlign")).toBe(8);
    expect(page).toContain(`0x${constant("padding")?.toString(16).toUpperCase()}`);
  });

  it("the sync points by the names that the code has", () => {
    const code = ["raw/producer.ts", "raw/consumer.ts", "queue/end.ts"].map((name) => read(`src/${name}`)).join("\n");
    for (const name of ["entries visible", "slots free", "consumer asleep", "producer waits", "no more entries"]) {
      expect(page).toContain(name);
      expect(code).toContain(name);
    }
  });

  it("the proof by the numbers of its own page, and mutants that it has", () => {
    const proof = read("spec/README.md");
    const rows = page.match(/^\| ring: .*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(proof).toContain(row);
    const mutants = [...page.matchAll(/\[((?:`\w+`(?:, )?)+)\]/g)].flatMap(
      ([, names]) => (names as string).match(/\w+/g) ?? [],
    );
    expect(mutants.length).toBeGreaterThan(6);
    for (const name of mutants) expect(proof).toContain(`| \`${name}\` |`);
  });

  it("the credits of the adaptive wait as they are", () => {
    const spin = read("src/wait/spin.ts");
    expect(spin).toMatch(/ADAPTIVE_US = 50;/);
    expect(spin).toMatch(/CREDIT_MAX = 16;/);
    expect(spin).toMatch(/MISS_PENALTY = 4;/);
    expect(spin).toMatch(/PROBE_EVERY = 64;/);
    expect(page).toMatch(/up to 50 µs/);
    expect(page).toMatch(
      /sixteen credits; a hit gives one, a miss takes four; without credit it tries one wait in\s+sixty-four/,
    );
  });
});
