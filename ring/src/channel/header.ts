import { RingError } from "../errors.js";
import * as L from "./layout.js";

/** The header's fields, in bytes where they are sizes or offsets. */
export interface Header {
  readonly regionSize: number;
  /** 64 random bits, new for every region. */
  readonly nonce: bigint;
  /** 32 bytes, opaque to the ring. */
  readonly schemaHash: Uint8Array;
  readonly toGoCapacity: number;
  readonly toNodeCapacity: number;
  readonly toGoEntries: number;
  readonly toNodeEntries: number;
  readonly requestArena: number;
  readonly requestArenaSize: number;
  readonly responseArena: number;
  readonly responseArenaSize: number;
}

/** What the creator of a region chooses. */
export interface RegionShape {
  /** Bytes of the whole region; rounded up to 64 KiB. Address space only: pages are committed on touch. */
  readonly size: number;
  /** Entries of ring toGo, a power of two. */
  readonly toGoCapacity: number;
  /** Entries of ring toNode, a power of two. */
  readonly toNodeCapacity: number;
}

const isCapacity = (n: number) => Number.isInteger(n) && n >= 1 && n <= 2 ** L.SLOT_BITS && (n & (n - 1)) === 0;
const alignUp = (n: number, align: number) => Math.ceil(n / align) * align;
/** Positions in a region are unsigned 32-bit numbers, and the upper half of a pointer is a constant. */
const MAX_REGION = 2 ** 32 - L.ARENA_ALIGN;

/** Computes every offset from the shape. Both arenas get half of what the rings leave. */
export function planRegion(shape: RegionShape): Omit<Header, "nonce" | "schemaHash"> {
  for (const name of ["toGoCapacity", "toNodeCapacity"] as const) {
    const n = shape[name];
    if (!isCapacity(n)) {
      throw new RingError(
        "ERR_RING_INVALID_OPTION",
        `${name} must be a power of two from 1 to ${2 ** L.SLOT_BITS}, got ${n}`,
      );
    }
  }
  const regionSize = alignUp(shape.size, L.ARENA_ALIGN);
  const toGoEntries = L.ENTRIES_OFFSET;
  const toNodeEntries = toGoEntries + shape.toGoCapacity * L.ENTRY_SIZE;
  const requestArena = alignUp(toNodeEntries + shape.toNodeCapacity * L.ENTRY_SIZE, L.ARENA_ALIGN);
  const half = Math.floor((regionSize - requestArena) / 2 / L.ARENA_ALIGN) * L.ARENA_ALIGN;
  if (!(half >= L.ARENA_ALIGN && regionSize <= MAX_REGION)) {
    throw new RingError(
      "ERR_RING_INVALID_OPTION",
      `region size must be from ${requestArena + 2 * L.ARENA_ALIGN} (two rings of this capacity and two arenas of 64 KiB) to ${MAX_REGION} bytes, got ${shape.size}`,
    );
  }
  return {
    regionSize,
    toGoCapacity: shape.toGoCapacity,
    toNodeCapacity: shape.toNodeCapacity,
    toGoEntries,
    toNodeEntries,
    requestArena,
    requestArenaSize: half,
    responseArena: requestArena + half,
    responseArenaSize: half,
  };
}

/** Writes the header. Done once, before the peer maps the region. */
export function writeHeader(buffer: ArrayBufferLike, header: Header): void {
  const view = new DataView(buffer, 0, L.HEADER_SIZE);
  const bytes = new Uint8Array(buffer, 0, L.HEADER_SIZE);
  for (let i = 0; i < L.MAGIC.length; i++) bytes[L.HEADER_MAGIC + i] = L.MAGIC.charCodeAt(i);
  view.setUint32(L.HEADER_VERSION, L.VERSION, true);
  view.setUint32(L.HEADER_HEADER_SIZE, L.HEADER_SIZE, true);
  view.setBigUint64(L.HEADER_REGION_SIZE, BigInt(header.regionSize), true);
  view.setBigUint64(L.HEADER_NONCE, header.nonce, true);
  bytes.set(header.schemaHash, L.HEADER_SCHEMA_HASH);
  view.setUint32(L.HEADER_ENTRY_SIZE, L.ENTRY_SIZE, true);
  view.setUint32(L.HEADER_FEATURES, 0, true);
  view.setUint32(L.HEADER_TO_GO_CAPACITY, header.toGoCapacity, true);
  view.setUint32(L.HEADER_TO_NODE_CAPACITY, header.toNodeCapacity, true);
  view.setBigUint64(L.HEADER_TO_GO_ENTRIES, BigInt(header.toGoEntries), true);
  view.setBigUint64(L.HEADER_TO_NODE_ENTRIES, BigInt(header.toNodeEntries), true);
  view.setBigUint64(L.HEADER_REQUEST_ARENA, BigInt(header.requestArena), true);
  view.setBigUint64(L.HEADER_REQUEST_ARENA_SIZE, BigInt(header.requestArenaSize), true);
  view.setBigUint64(L.HEADER_RESPONSE_ARENA, BigInt(header.responseArena), true);
  view.setBigUint64(L.HEADER_RESPONSE_ARENA_SIZE, BigInt(header.responseArenaSize), true);
}

/** Reads and checks the header of a region that somebody else made. Throws `ERR_RING_BAD_HEADER` and says what differs. */
export function readHeader(buffer: ArrayBufferLike): Header {
  const refuse = (what: string, expected: unknown, received: unknown): never => {
    throw new RingError("ERR_RING_BAD_HEADER", `region header: ${what} is ${received}, expected ${expected}`);
  };
  if (buffer.byteLength < L.ENTRIES_OFFSET) refuse("size", `at least ${L.ENTRIES_OFFSET} bytes`, buffer.byteLength);
  // One copy, then only the copy: a header that changes while it is read cannot pass the checks in pieces.
  const bytes = new Uint8Array(buffer, 0, L.HEADER_SIZE).slice();
  const view = new DataView(bytes.buffer);
  const magic = String.fromCharCode(...bytes.subarray(L.HEADER_MAGIC, L.HEADER_MAGIC + L.MAGIC.length));
  if (magic !== L.MAGIC) refuse("magic", JSON.stringify(L.MAGIC), JSON.stringify(magic));
  const version = view.getUint32(L.HEADER_VERSION, true);
  if (version !== L.VERSION) refuse("protocol version", L.VERSION, version);
  const headerSize = view.getUint32(L.HEADER_HEADER_SIZE, true);
  if (headerSize !== L.HEADER_SIZE) refuse("header size", L.HEADER_SIZE, headerSize);
  const entrySize = view.getUint32(L.HEADER_ENTRY_SIZE, true);
  if (entrySize !== L.ENTRY_SIZE) refuse("entry size", L.ENTRY_SIZE, entrySize);
  const features = view.getUint32(L.HEADER_FEATURES, true);
  if (features !== 0) refuse("feature bits", "0 (none are known)", `0x${features.toString(16)}`);
  const header: Header = {
    regionSize: Number(view.getBigUint64(L.HEADER_REGION_SIZE, true)),
    nonce: view.getBigUint64(L.HEADER_NONCE, true),
    schemaHash: bytes.slice(L.HEADER_SCHEMA_HASH, L.HEADER_SCHEMA_HASH + 32),
    toGoCapacity: view.getUint32(L.HEADER_TO_GO_CAPACITY, true),
    toNodeCapacity: view.getUint32(L.HEADER_TO_NODE_CAPACITY, true),
    toGoEntries: Number(view.getBigUint64(L.HEADER_TO_GO_ENTRIES, true)),
    toNodeEntries: Number(view.getBigUint64(L.HEADER_TO_NODE_ENTRIES, true)),
    requestArena: Number(view.getBigUint64(L.HEADER_REQUEST_ARENA, true)),
    requestArenaSize: Number(view.getBigUint64(L.HEADER_REQUEST_ARENA_SIZE, true)),
    responseArena: Number(view.getBigUint64(L.HEADER_RESPONSE_ARENA, true)),
    responseArenaSize: Number(view.getBigUint64(L.HEADER_RESPONSE_ARENA_SIZE, true)),
  };
  if (header.regionSize !== buffer.byteLength) refuse("region size", buffer.byteLength, header.regionSize);
  if (header.regionSize % L.ARENA_ALIGN !== 0) {
    refuse("region size", `a multiple of ${L.ARENA_ALIGN}`, header.regionSize);
  }
  for (const name of ["toGoCapacity", "toNodeCapacity"] as const) {
    if (!isCapacity(header[name])) refuse(name, `a power of two up to ${2 ** L.SLOT_BITS}`, header[name]);
  }
  // The offsets follow from size and capacities; a header that says otherwise was not written by this protocol.
  let plan: ReturnType<typeof planRegion>;
  try {
    plan = planRegion({ ...header, size: header.regionSize });
  } catch {
    return refuse("region size", "one that its rings leave room in, below 4 GiB", header.regionSize);
  }
  for (const [name, expected] of Object.entries(plan)) {
    const received = header[name as keyof typeof plan];
    if (received !== expected) refuse(name, expected, received);
  }
  return header;
}
