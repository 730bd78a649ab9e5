import { closeSync, readFileSync } from "node:fs";
import { layout, native, Region, RingError, readHeader } from "@x/mem-ring/channel";
import { describe, expect, it } from "vitest";
import { hash, reopen } from "./support.js";

interface Cases {
  size: number;
  toGoCapacity: number;
  toNodeCapacity: number;
  nonce: string;
  schemaHash: string;
  header: { at: number; hex: string }[];
  cases: { name: string; at: number; hex: string; refused: string }[];
  sizes: { name: string; size: number; refused: string }[];
}

// Go's tests read the same file: what one end refuses, the other refuses, and by the same name.
const cases: Cases = JSON.parse(
  readFileSync(new URL("../../go/memring/testdata/header-cases.json", import.meta.url), "utf8"),
);

const put = (buffer: ArrayBufferLike, at: number, hex: string) =>
  new Uint8Array(buffer).set(Buffer.from(hex, "hex"), at);

function valid(size = cases.size): ArrayBuffer {
  const buffer = new ArrayBuffer(size);
  for (const { at, hex } of cases.header) put(buffer, at, hex);
  return buffer;
}

function expectRefused(f: () => unknown, field: string) {
  let error: unknown;
  try {
    f();
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(RingError);
  const { code, message } = error as RingError;
  expect(code).toBe("ERR_RING_BAD_HEADER");
  expect(message).toMatch(new RegExp(`^region header: ${field} is `));
  const [, received, expected] = / is (.*), expected (.*)$/.exec(message) ?? [];
  expect(received).not.toBe(expected);
}

describe("a header", () => {
  it("is read", () => {
    const header = readHeader(valid());
    expect(header).toMatchObject({
      regionSize: cases.size,
      toGoCapacity: cases.toGoCapacity,
      toNodeCapacity: cases.toNodeCapacity,
      nonce: BigInt(`0x${cases.nonce}`),
      toGoEntries: layout.ENTRIES_OFFSET,
    });
    expect(Buffer.from(header.schemaHash).toString("hex")).toBe(cases.schemaHash);
  });

  it("is written as it is read: byte by byte what both languages' tests have written out", () => {
    const { size, toGoCapacity, toNodeCapacity } = cases;
    const region = Region.create({ size, toGoCapacity, toNodeCapacity }, hash);
    const page = new Uint8Array(region.buffer, 0, layout.HEADER_SIZE).slice();
    // The nonce is the one thing that nobody can know.
    new DataView(page.buffer).setBigUint64(layout.HEADER_NONCE, BigInt(`0x${cases.nonce}`), true);
    expect(Buffer.from(page).equals(Buffer.from(valid(), 0, layout.HEADER_SIZE))).toBe(true);
    region.close();
  });

  it("is copied: what is written later changes nothing", () => {
    const buffer = valid();
    const header = readHeader(buffer);
    new Uint8Array(buffer).fill(0xff, 0, layout.HEADER_SIZE);
    expect(header.schemaHash[31]).toBe(0x1f);
    expect(header.regionSize).toBe(cases.size);
  });
});

describe("a damaged header is refused by name", () => {
  it.each(cases.cases)("$name: $refused", ({ at, hex, refused }) => {
    const buffer = valid();
    put(buffer, at, hex);
    expectRefused(() => readHeader(buffer), refused);

    const { size, toGoCapacity, toNodeCapacity } = cases;
    const region = Region.create({ size, toGoCapacity, toNodeCapacity }, hash);
    put(region.buffer, at, hex);
    const fds = [reopen(region.fd), native.createDoorbell(), native.createDoorbell()] as const;
    expectRefused(() => Region.open(size, fds), refused);
    for (const fd of fds) closeSync(fd);
    region.close();
  });

  it.each(cases.sizes)("$name: $refused", ({ size, refused }) => {
    const buffer = valid(size);
    new DataView(buffer).setBigUint64(layout.HEADER_REGION_SIZE, BigInt(size), true);
    expectRefused(() => readHeader(buffer), refused);
  });

  it.each([0, 1, 100, 4096, 8191])("a buffer of %d bytes: size", (size) => {
    expectRefused(() => readHeader(valid(cases.size).slice(0, size)), "size");
  });
});
