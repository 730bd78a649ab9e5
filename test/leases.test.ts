import { type Client, connect, EncodeError, inspect, type Lease, OverloadedError, Ts2goError } from "@x/ts2go";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Leases } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

const MIB = 1 << 20;
/** The response arena and the request arena have a few MiB each: what is not given back is soon missed. */
const SMALL = { regionSize: 16 * MIB };

let client: Client<Leases>;
beforeAll(async () => {
  client = await connect(Leases, SMALL);
});
afterAll(() => client.close());
afterEach(async () => {
  await until("nothing in flight", () => inspect(client).inFlight === 0);
  await until("no leases", () => {
    if (inspect(client).leases > 0) gc();
    return inspect(client).leases === 0;
  });
  expect(inspect(client)).toMatchObject({ queued: 0, bodiesInUse: 0 });
});

const countUp = (n: number, first = 0) => Uint8Array.from({ length: n }, (_, i) => first + i);
const sum = (bytes: Uint8Array) => BigInt(bytes.reduce((a, b) => a + b, 0));
const { gc } = globalThis as unknown as { gc: () => void };

describe("a lease in a result", () => {
  test.each([1, 3, 127, 128, 4096, 100_000, 3 * MIB])("of %d bytes is what Go has made in place", async (n) => {
    using bytes = await client.make(n, 7);
    expect(Buffer.compare(bytes, countUp(n, 7))).toBe(0);
    expect(inspect(client).leases).toBe(1);
  });

  test("of memory of Go's own is copied once", async () => {
    using bytes = await client.copy(100_000, 1);
    expect(Buffer.compare(bytes, countUp(100_000, 1))).toBe(0);
  });

  test("of nothing is an empty array, and nothing is held", async () => {
    using bytes = await client.make(0, 0);
    expect(bytes.length).toBe(0);
    expect(inspect(client).leases).toBe(0);
  });

  test("can be a part of what was allocated", async () => {
    using bytes = await client.part(1000, 10, 20);
    expect([...bytes]).toEqual([...countUp(10, 10)]);
  });

  test("is bytes to everybody", async () => {
    using bytes = await client.make(300, 0);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(bytes).equals(Buffer.from(countUp(300)))).toBe(true);
    expect(structuredClone(bytes)).toEqual(countUp(300));
    expect(bytes.slice(1, 3)).toEqual(new Uint8Array([1, 2]));
    expect(new TextDecoder("latin1").decode(bytes.subarray(65, 68))).toBe("ABC");
  });

  test("stays until it is released, whatever is called meanwhile", async () => {
    const bytes = await client.make(MIB, 3);
    const kept = bytes.slice();
    for (let i = 0; i < 20; i++) (await client.make(MIB, i)).release();
    expect(Buffer.compare(bytes, kept)).toBe(0);
    bytes.release();
  });

  test("is gone after its release: in all views of it, and never becomes somebody else's bytes", async () => {
    const bytes = await client.make(1000, 1);
    const view = new DataView(bytes.buffer);
    const part = bytes.subarray(10, 20);
    expect(part[0]).toBe(11);
    expect(bytes.released).toBe(false);
    bytes.release();
    expect(bytes.released).toBe(true);
    expect(part.released).toBe(true);
    expect([bytes.length, part.length, bytes[0], part[0]]).toEqual([0, 0, undefined, undefined]);
    expect(() => view.getUint8(0)).toThrow(TypeError);
    expect(() => bytes.set([1])).toThrow();
    bytes.release();
    bytes[Symbol.dispose]();
  });

  test("may stand beside others: Go hears of it when all are released", async () => {
    const { width, pixels, thumbnail, tiles } = await client.picture(1000, 3);
    expect(width).toBe(1000);
    expect(pixels).toEqual(expect.objectContaining({ length: 1000 }));
    expect(thumbnail?.length).toBe(500);
    expect(tiles.map((tile) => [...tile])).toEqual([0, 1, 2].map((i) => [...countUp(5, i)]));
    expect(inspect(client).leases).toBe(1);
    pixels.release();
    for (const tile of tiles) tile.release();
    expect(thumbnail?.[499]).toBe(499 & 255);
    expect(inspect(client).leases).toBe(1);
    thumbnail?.release();
    expect(inspect(client).leases).toBe(0);
    const small = await client.picture(2, 0);
    expect([small.thumbnail, small.tiles]).toEqual([null, []]);
    small.pixels.release();
  });

  test("that is forgotten is given back by the collector, unless a view of it is in use", async () => {
    const { buffer } = await client.make(1000, 5);
    await (async () => {
      for (let i = 0; i < 10; i++) await client.make(1000, 0);
    })();
    // The last promise is remembered until the next call.
    await client.discarded();
    await until("the collector", () => {
      gc();
      return inspect(client).leases === 1;
    });
    expect(new Uint8Array(buffer)[999]).toBe((999 + 5) & 255);
  });

  test("comes to a sync call, too", async () => {
    using bytes = client.sync.make(10, 1);
    expect([...bytes]).toEqual([...countUp(10, 1)]);
  });

  test("costs nothing for long where handlers fail, panic, or answer nobody", async () => {
    for (let i = 0; i < 12; i++) {
      await expect(client.failing(MIB)).rejects.toThrow("made and not wanted");
      await expect(client.panicking(MIB)).rejects.toThrow("with a lease in hand");
      await expect(client.unsafe()).rejects.toMatchObject({ code: "ERR_DECODE" });
      const abort = new AbortController();
      const late = client.late(MIB, { signal: abort.signal });
      await client.discarded();
      abort.abort();
      await expect(late).rejects.toMatchObject({ name: "AbortError" });
      // What nobody waits for comes back all the same.
      await until("it comes back", () => inspect(client).inFlight === 0);
    }
    expect(inspect(client).leases).toBe(0);
    (await client.make(3 * MIB, 0)).release();
  });

  test("waits while leases fill the memory, and no longer than its caller", async () => {
    const held: Lease<Uint8Array>[] = [];
    for (;;) {
      const next = await client.make(MIB, 1, { timeout: 200 }).catch((error: Ts2goError) => error);
      if (next instanceof Error) {
        expect(next.code).toBe("ERR_TIMEOUT");
        break;
      }
      held.push(next);
    }
    expect(held.length).toBeGreaterThan(2);
    const later = client.make(MIB, 9);
    held.pop()?.release();
    (await later).release();
    for (const bytes of held) bytes.release();
  });

  test("cannot be allocated when the handler has returned, or larger than the memory is", async () => {
    (await client.make(1, 0)).release();
    expect(await client.stale()).toContain("the handler has returned already");
    await expect(client.make(100 * MIB, 0)).rejects.toThrow("connect with a larger regionSize");
  });

  test("outlives the worker", async () => {
    const other = await connect(Leases, SMALL);
    const bytes = await other.make(100_000, 4);
    await other.close();
    expect(Buffer.compare(bytes, countUp(100_000, 4))).toBe(0);
    bytes.release();
    expect(bytes.length).toBe(0);
  });
});

describe("a lease in an argument", () => {
  const filled = (n: number, first = 0) => {
    const bytes = client.alloc(n);
    bytes.set(countUp(n, first));
    return bytes;
  };

  test.each([1, 128, 4097, 3 * MIB])("of %d bytes is passed in place, and is gone here", async (n) => {
    const bytes = filled(n, 3);
    expect(inspect(client).bodiesInUse).toBe(1);
    const expected = sum(bytes);
    const promise = client.sum(bytes);
    expect(bytes.released).toBe(true);
    expect(bytes.length).toBe(0);
    expect(await promise).toBe(expected);
  });

  test("may be a part of what was allocated, and passed more than once in one call", async () => {
    const data = filled(1000);
    const { buffer } = data;
    const upload = { name: "é", data: data.subarray(0, 10), more: [data, data.subarray(990)], copied: countUp(4) };
    const expected =
      sum(upload.data) + sum(data) + sum(data.subarray(990)) + sum(countUp(4)) + sum(new TextEncoder().encode("é"));
    expect(await client.upload(upload)).toBe(expected);
    expect(data.released).toBe(true);
    expect(buffer.byteLength).toBe(0);
  });

  test("may be any bytes: others are copied", async () => {
    const bytes = countUp(50_000) as Uint8Array as Lease<Uint8Array>;
    expect(await client.sum(bytes)).toBe(sum(bytes));
    expect(bytes.length).toBe(50_000);
    using result = await client.make(2000, 1);
    expect(await client.sum(result)).toBe(sum(countUp(2000, 1)));
    expect(result.released).toBe(false);
    using empty = client.alloc(0);
    expect(await client.sum(empty)).toBe(0n);
  });

  test("of another client is copied", async () => {
    await using other = await connect(Leases, SMALL);
    using bytes = other.alloc(100);
    bytes.fill(1);
    expect(await client.sum(bytes)).toBe(100n);
    expect(bytes.released).toBe(false);
  });

  test("cannot be passed twice, nor after its release", async () => {
    const bytes = filled(100);
    await client.sum(bytes);
    await expect(client.sum(bytes)).rejects.toThrow(EncodeError);
    await expect(client.sum(bytes)).rejects.toThrow(
      "Leases.sum: data: expected Lease<Uint8Array>, got a lease that was released, or passed in a call, before",
    );
    const upload = { name: "", data: filled(3), more: [bytes], copied: bytes };
    await expect(client.upload(upload)).rejects.toThrow("upload.more[0]");
    // Nothing was sent: what was good is still there.
    expect(upload.data.length).toBe(3);
    upload.data.release();
    const again = client.upload({ ...upload, data: filled(1), more: [] });
    await expect(again).rejects.toThrow("upload.copied: expected Uint8Array, got a lease that was released");
    gc();
    await until("the collector", () => {
      gc();
      return inspect(client).bodiesInUse === 0;
    });
  });

  test("that is not passed is given back by hand, or by the collector", async () => {
    filled(100).release();
    expect(inspect(client).bodiesInUse).toBe(0);
    (() => {
      for (let i = 0; i < 10; i++) filled(100);
    })();
    await until("the collector", () => {
      gc();
      return inspect(client).bodiesInUse === 0;
    });
  });

  test("cannot be written to in Go", async () => {
    await expect(client.deface(filled(10))).rejects.toThrow("write fault");
  });

  test("goes with streams, and with calls of which nobody hears", async () => {
    expect(
      await client.both(
        filled(10),
        (async function* () {
          yield* [1, 2, 3];
        })(),
      ),
    ).toBe(2n * sum(countUp(10)) + 6n);
    const before = await client.discarded();
    client.discard(filled(10));
    await until("it was read", () => inspect(client).inFlight === 0);
    expect(await client.discarded()).toBe(before + sum(countUp(10)));
  });

  test("stays until the handler is done, though its caller has given up", async () => {
    const before = await client.discarded();
    const bytes = filled(1000);
    const expected = 2n * sum(bytes);
    const abort = new AbortController();
    const held = client.hold(bytes, { signal: abort.signal });
    await client.discarded();
    abort.abort();
    await expect(held).rejects.toMatchObject({ name: "AbortError" });
    // Were it free already, this would lie where it was.
    for (let i = 0; i < 50; i++) client.alloc(1000).fill(255).subarray().release();
    await until("the handler is done", () => inspect(client).inFlight === 0);
    expect(await client.discarded()).toBe(before + expected);
  });

  test("says what is wrong with the size, and when there is no room", async () => {
    for (const n of [-1, 0.5, Number.NaN, "7" as never]) {
      expect(() => client.alloc(n)).toThrow("alloc: expected a whole number of bytes from 0, got");
    }
    expect(() => client.alloc(100 * MIB)).toThrow("connect with a larger regionSize");
    const held: Lease<Uint8Array>[] = [];
    expect(() => {
      for (;;) held.push(client.alloc(MIB));
    }).toThrow(OverloadedError);
    // A call that finds no room waits for what is given back.
    const call = client.upload({ name: "", data: client.alloc(0), more: [], copied: new Uint8Array(MIB) });
    held.pop()?.release();
    expect(await call).toBe(0n);
    for (const bytes of held) bytes.release();
    const closed = await connect(Leases, SMALL);
    await closed.close();
    expect(() => closed.alloc(1)).toThrow(Ts2goError);
  });
});

test("10,000 mixed calls leave nothing behind", async () => {
  const one = async (i: number) => {
    switch (i % 5) {
      case 0:
        return (await client.make(i % 3000, 1)).release();
      case 1:
        return (await client.copy(i % 3000, 1)).release();
      case 2: {
        const bytes = client.alloc(1 + (i % 3000)).fill(1) as Lease<Uint8Array>;
        const { length } = bytes;
        expect(await client.sum(bytes)).toBe(BigInt(length));
        return;
      }
      case 3:
        return void (await client.failing(100).catch(() => {}));
      default: {
        const { pixels, thumbnail, tiles } = await client.picture(i % 500, i % 4);
        for (const each of [pixels, thumbnail, ...tiles]) each?.release();
      }
    }
  };
  for (let i = 0; i < 10_000; i += 100) await Promise.all(Array.from({ length: 100 }, (_, k) => one(i + k)));
  expect(inspect(client)).toMatchObject({ leases: 0, bodiesInUse: 0 });
});
