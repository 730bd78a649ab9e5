import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  Doorbell,
  layout,
  native,
  planRegion,
  RawConsumer,
  RawProducer,
  Region,
  type RegionShape,
  RingError,
  toGo,
  toNode,
  Waiter,
} from "@x/mem-ring/channel";
import { afterEach, describe, expect, it } from "vitest";
import {
  childJson,
  collect,
  hash,
  mappings,
  NEAR_WRAP,
  openFds,
  reopen,
  runChild,
  smallRegion,
  workerUrl,
} from "./support.js";

const shape: RegionShape = { size: 1 << 20, toGoCapacity: 8, toNodeCapacity: 16 };

const refusal = (f: () => unknown): RingError => {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(RingError);
    return error as RingError;
  }
  throw new Error("nothing was refused");
};

describe("a region", () => {
  it("has the header that it was asked for, and a nonce of its own", () => {
    const a = Region.create(shape, hash);
    const b = Region.create(shape, hash);
    expect(a.header).toMatchObject(planRegion(shape));
    expect(a.header.schemaHash).toEqual(hash);
    expect(a.header.nonce).not.toBe(b.header.nonce);
    expect(a.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(a.buffer.byteLength).toBe(shape.size);
    expect(fstatSync(a.fd).size).toBe(shape.size);
    a.close();
    b.close();
  });

  it("rounds its size up to 64 KiB", () => {
    const region = Region.create({ ...shape, size: (1 << 20) + 1 }, hash);
    expect(region.header.regionSize).toBe((1 << 20) + (1 << 16));
    expect(fstatSync(region.fd).size).toBe(region.header.regionSize);
    region.close();
  });

  it("cannot shrink or grow", () => {
    const region = smallRegion();
    for (const size of [0, 4096, shape.size - 1, shape.size + 1, shape.size * 2]) {
      expect(() => ftruncateSync(region.fd, size)).toThrow(/EPERM/);
    }
    expect(fstatSync(region.fd).size).toBe(shape.size);
    region.close();
  });

  it("is one memory for all who map it", () => {
    const region = smallRegion();
    const peer = Region.open(shape.size, [reopen(region.fd), native.createDoorbell(), native.createDoorbell()]);
    expect(peer.header).toEqual(region.header);
    const here = new Int32Array(region.buffer);
    const there = new Int32Array(peer.buffer);
    Atomics.store(here, 5000, 17);
    expect(Atomics.load(there, 5000)).toBe(17);
    Atomics.store(there, 5001, 18);
    expect(Atomics.load(here, 5001)).toBe(18);
    peer.close();
    region.close();
  });

  it("gives pages back, which then read as zero", () => {
    const region = smallRegion();
    const { requestArena, requestArenaSize } = region.header;
    const bytes = new Uint8Array(region.buffer);
    bytes.fill(0xaa, requestArena, requestArena + requestArenaSize);
    const before = fstatSync(region.fd).blocks;
    region.release(requestArena, requestArenaSize / 2);
    expect((before - fstatSync(region.fd).blocks) * 512).toBeGreaterThanOrEqual(requestArenaSize / 2);
    expect(bytes[requestArena]).toBe(0);
    expect(bytes[requestArena + requestArenaSize / 2 - 1]).toBe(0);
    expect(bytes[requestArena + requestArenaSize / 2]).toBe(0xaa);
    expect(() => region.release(-4096, 4096)).toThrow();
    expect(() => region.release(0, 0)).toThrow();
    region.close();
  });
});

describe("closing a region", () => {
  it("closes its three fds, once: a second time touches nobody who has taken over the numbers", () => {
    const before = openFds();
    const region = smallRegion();
    expect(openFds()).toBe(before + 3);
    region.close();
    expect(openFds()).toBe(before);
    const strangers = [openSync("/dev/null", "r"), openSync("/dev/null", "r"), openSync("/dev/null", "r")];
    // The numbers have come back; otherwise the test below shows nothing.
    expect(new Set(strangers)).toEqual(new Set([region.fd, region.nodeDoorbell, region.goDoorbell]));
    region.close();
    region.close();
    for (const fd of strangers) expect(fstatSync(fd).isCharacterDevice()).toBe(true);
    for (const fd of strangers) closeSync(fd);
  });

  it("is not undone by the collector", async () => {
    const before = openFds();
    const numbers = (() => {
      const region = smallRegion();
      region.close();
      return [region.fd, region.nodeDoorbell, region.goDoorbell];
    })();
    const strangers = numbers.map(() => openSync("/dev/null", "r"));
    await collect(() => mappings() === 0);
    expect(mappings()).toBe(0);
    for (const fd of strangers) expect(fstatSync(fd).isCharacterDevice()).toBe(true);
    for (const fd of strangers) closeSync(fd);
    expect(openFds()).toBe(before);
  });

  it("is not done by the collector while a producer, a consumer or a waiter needs the doorbells", async () => {
    const users = [
      ({ buffer, header, goDoorbell }: Region) => new RawProducer(buffer, toGo(header), new Doorbell(goDoorbell)),
      ({ buffer, header, goDoorbell }: Region) => new RawConsumer(buffer, toNode(header), new Doorbell(goDoorbell)),
      ({ buffer, header, nodeDoorbell }: Region) =>
        new Waiter(buffer, toNode(header), nodeDoorbell, NEAR_WRAP, false, () => {}),
      ({ buffer }: Region) => new Uint8Array(buffer),
    ];
    await collect(() => mappings() === 0);
    const before = openFds();
    for (const use of users) {
      let user: unknown = use(smallRegion());
      for (let i = 0; i < 10; i++) await collect(() => true);
      expect(openFds()).toBe(before + 3);
      if (user instanceof Waiter) user.close();
      user = undefined;
      expect(await collect(() => openFds() === before && mappings() === 0)).toBe(true);
    }
  });

  it("leaves the memory to those who hold it", async () => {
    const region = smallRegion();
    const words = new Int32Array(region.buffer);
    words[4000] = 7;
    region.close();
    await collect(() => true);
    expect(words[4000]).toBe(7);
    expect(mappings()).toBeGreaterThan(0);
  });

  it("ends release(), which would punch a hole into whatever file has the number now", () => {
    const dir = mkdtempSync(join(tmpdir(), "mem-ring-"));
    const path = join(dir, "stranger");
    const content = Buffer.alloc(1 << 17, "x");
    writeFileSync(path, content);
    const region = smallRegion();
    region.close();
    const taken: number[] = [];
    while (taken.at(-1) !== region.fd && taken.length < 100) taken.push(openSync(path, "r+"));
    expect(taken.at(-1)).toBe(region.fd);
    expect(refusal(() => region.release(0, 1 << 16)).code).toBe("ERR_RING_CLOSED");
    for (const fd of taken) closeSync(fd);
    expect(readFileSync(path).equals(content)).toBe(true);
    rmSync(dir, { recursive: true });
  });
});

describe("options that cannot be are refused", () => {
  const bad: [string, Partial<Record<keyof RegionShape, unknown>>, RegExp][] = [
    ["no entries", { toGoCapacity: 0 }, /toGoCapacity.* got 0/],
    ["a negative capacity", { toNodeCapacity: -8 }, /toNodeCapacity.* got -8/],
    ["a capacity that is no power of two", { toGoCapacity: 12 }, /toGoCapacity.* got 12/],
    ["a fraction", { toNodeCapacity: 1.5 }, /toNodeCapacity.* got 1.5/],
    ["too many entries", { toGoCapacity: 2 ** 21 }, /toGoCapacity.* got 2097152/],
    ["2^32 entries, which are 0 in 32 bits", { toGoCapacity: 2 ** 32 }, /toGoCapacity/],
    ["2^31 entries, which are negative in 32 bits", { toGoCapacity: 2 ** 31 }, /toGoCapacity/],
    ["a capacity that is not a number", { toGoCapacity: Number.NaN }, /toGoCapacity.* got NaN/],
    ["a capacity that is text", { toGoCapacity: "8" }, /toGoCapacity.* got 8/],
    ["no capacity", { toNodeCapacity: undefined }, /toNodeCapacity.* got undefined/],
    ["no size", { size: 0 }, /region size.* got 0/],
    ["a negative size", { size: -1 }, /region size.* got -1/],
    ["a size without room for arenas", { size: 1 << 16 }, /region size.* got 65536/],
    ["a size of 4 GiB", { size: 2 ** 32 }, /region size.* got 4294967296/],
    ["an infinite size", { size: Number.POSITIVE_INFINITY }, /region size.* got Infinity/],
    ["a size that is not a number", { size: Number.NaN }, /region size.* got NaN/],
    ["no size at all", { size: undefined }, /region size.* got undefined/],
    ["rings that fill the region", { toGoCapacity: 2 ** 14 }, /region size/],
  ];
  it.each(bad)("%s", (_, part, message) => {
    const before = openFds();
    const error = refusal(() => Region.create({ ...shape, ...part } as RegionShape, hash));
    expect(error.code).toBe("ERR_RING_INVALID_OPTION");
    expect(error.message).toMatch(message);
    expect(openFds()).toBe(before);
  });

  it.each([0, 31, 33, 64])("a schema hash of %d bytes", (length) => {
    const error = refusal(() => Region.create(shape, new Uint8Array(length)));
    expect(error.code).toBe("ERR_RING_INVALID_OPTION");
    expect(error.message).toContain(`got ${length}`);
  });

  it("and the smallest and largest that can be are taken", () => {
    const small = Region.create({ size: 3 << 16, toGoCapacity: 1, toNodeCapacity: 1 }, hash);
    expect(small.header.requestArenaSize).toBe(1 << 16);
    const large = Region.create({ size: 2 ** 32 - (1 << 16), toGoCapacity: 2 ** 20, toNodeCapacity: 2 ** 20 }, hash);
    const last = new Uint8Array(large.buffer, large.buffer.byteLength - 1);
    last[0] = 1;
    expect(last[0]).toBe(1);
    small.close();
    large.close();
  });
});

describe("opening a region that somebody else made", () => {
  const opened: number[] = [];
  const fd = (n: number) => {
    opened.push(n);
    return n;
  };
  afterEach(() => {
    for (const n of opened.splice(0)) closeSync(n);
  });

  /** Tries, and shows that the fds are still the caller's: closing them in afterEach would throw otherwise. */
  const tryOpen = (size: number, memfd: number) => {
    const doorbells = [fd(native.createDoorbell()), fd(native.createDoorbell())] as const;
    const error = refusal(() => Region.open(size, [memfd, ...doorbells]));
    for (const n of doorbells) expect(fstatSync(n)).toBeDefined();
    return error;
  };

  it("refuses a size that is not the file's, whatever the header says: touching what lies behind the end is a SIGBUS", () => {
    const region = smallRegion();
    const view = new DataView(region.buffer);
    for (const size of [shape.size * 2, shape.size + (1 << 16), shape.size - (1 << 16), 1 << 16]) {
      view.setBigUint64(layout.HEADER_REGION_SIZE, BigInt(size), true);
      const plan = size > 1 << 17 ? planRegion({ size, toGoCapacity: 8, toNodeCapacity: 8 }) : region.header;
      view.setBigUint64(layout.HEADER_REQUEST_ARENA_SIZE, BigInt(plan.requestArenaSize), true);
      view.setBigUint64(layout.HEADER_RESPONSE_ARENA, BigInt(plan.responseArena), true);
      view.setBigUint64(layout.HEADER_RESPONSE_ARENA_SIZE, BigInt(plan.responseArenaSize), true);
      const error = tryOpen(size, fd(reopen(region.fd)));
      expect(error.code).toBe("ERR_RING_BAD_HEADER");
      expect(error.message).toMatch(/size/);
    }
    region.close();
  });

  it.each([0, 1, 4096, 65535, -65536, 1.5, Number.NaN])("refuses a size of %d", (size) => {
    const region = smallRegion();
    expect(tryOpen(size, fd(reopen(region.fd))).code).toBe("ERR_RING_BAD_HEADER");
    region.close();
  });

  it("refuses a file that could shrink", () => {
    const dir = mkdtempSync(join(tmpdir(), "mem-ring-"));
    const path = join(dir, "file");
    writeFileSync(path, Buffer.alloc(shape.size));
    const error = tryOpen(shape.size, fd(openSync(path, "r+")));
    expect(error.code).toBe("ERR_RING_BAD_HEADER");
    expect(error.message).toMatch(/sealed/);
    rmSync(dir, { recursive: true });
  });

  it("refuses numbers that are no fds", () => {
    expect(tryOpen(shape.size, -1).code).toBe("ERR_RING_BAD_HEADER");
    expect(tryOpen(shape.size, 1 << 20).code).toBe("ERR_RING_BAD_HEADER");
  });

  it("refuses memory that was not made for it: a mapping over the heap would end the process", () => {
    const region = smallRegion();
    const before = mappings();
    for (const view of [new Uint8Array(shape.size), new Uint8Array(region.buffer, 4096, 8192), new Uint8Array(100)]) {
      expect(() => native.mapExisting(view, region.fd)).toThrow();
      expect(() => native.mapRegion(view.subarray(1))).toThrow();
    }
    expect(mappings()).toBe(before);
    region.close();
  });
});

describe("nothing is left of a region", () => {
  it("after 10,000 were opened and dropped without close", async () => {
    type Measure = { fds: number; mappings: number; rssMb: number; vmMb: number };
    const { before, after } = await childJson<{ before: Measure; after: Measure }>("drop-regions.mjs", ["10000"]);
    expect(after.mappings).toBe(0);
    expect(after.fds).toBeLessThanOrEqual(before.fds);
    // 10,000 regions of 4 MiB are 39 GiB of address space; each has 64 pages touched, which makes 2.4 GiB.
    expect(after.rssMb - before.rssMb).toBeLessThan(100);
    expect(after.vmMb - before.vmMb).toBeLessThan(1000);
  });

  it.each([
    [0, "ERR_RING_NO_MEMORY"],
    [1, "ERR_RING_NO_MEMORY"],
    [2, "ERR_RING_NO_MEMORY"],
    [3, "made"],
  ])("when it is made with %d fds left (%s)", async (left, outcome) => {
    const result = await childJson<{ outcome: string; lost: number }>("fd-limit.mjs", [String(left)]);
    expect(result).toMatchObject({ outcome, lost: 0 });
  });
});

describe("a region's memory in a worker_thread", () => {
  const worker = (buffer: SharedArrayBuffer) =>
    new Worker(workerUrl("echo.mjs"), { workerData: { buffer, at: layout.ENTRIES_OFFSET >>> 2 } });

  it("is the same memory, for Atomics in both directions, after the Region was closed and collected", async () => {
    let region: Region | undefined = smallRegion();
    const words = new Int32Array(region.buffer);
    const at = layout.ENTRIES_OFFSET >>> 2;
    const thread = worker(region.buffer);
    const ended = new Promise((resolve) => thread.on("exit", resolve));
    const call = (n: number) => {
      Atomics.store(words, at, n);
      Atomics.notify(words, at);
      // The worker answers n + 1 in the next word.
      while (Atomics.load(words, at + 1) !== n + 1) {
        expect(Atomics.wait(words, at + 1, Atomics.load(words, at + 1), 20_000)).not.toBe("timed-out");
      }
    };
    for (let n = 10; n < 1000; n += 10) call(n);
    region.close();
    region = undefined;
    await collect(() => true);
    for (let n = 1000; n < 2000; n += 10) call(n);
    call(-100);
    await ended;
  });

  it("is unmapped when both are done with it", async () => {
    await collect(() => mappings() === 0);
    const before = mappings();
    await (async () => {
      const region = smallRegion();
      const thread = worker(region.buffer);
      await new Promise((resolve) => thread.once("online", resolve));
      expect(mappings()).toBeGreaterThan(before);
      await thread.terminate();
      region.close();
    })();
    expect(await collect(() => mappings() <= before)).toBe(true);
  });

  it("ends with the worker that made it: neither fds nor mappings stay", async () => {
    const before = openFds();
    for (let i = 0; i < 5; i++) {
      const thread = new Worker(workerUrl("own-region.mjs"));
      await new Promise((resolve) => thread.once("message", resolve));
      await thread.terminate();
    }
    expect(await collect(() => mappings() === 0)).toBe(true);
    expect(openFds()).toBe(before);
  });

  it("has waiters that can be terminated at any time: nothing crashes, no fd is left", async () => {
    const result = await runChild("terminate.mjs", ["60"], { timeout: 55_000 });
    expect(result.stderr).toBe("");
    expect(result).toMatchObject({ code: 0, signal: null });
    const { fds, mappings, delivered } = JSON.parse(result.stdout);
    expect({ fds, mappings }).toEqual({ fds: 0, mappings: 0 });
    expect(delivered).toBeGreaterThan(0);
  });
});
