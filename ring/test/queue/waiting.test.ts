import { getEventListeners } from "node:events";
import { ClosedError, DamagedError, PeerDiedError, RingError, RoleTakenError, u32 } from "@x/mem-ring";
import { describe, expect, it } from "vitest";
import { ends, KINDS, L, rings, turns } from "./kinds.js";

const code = (name: string) => expect.objectContaining({ code: `ERR_RING_${name}` });
/** How each has ended so far: a value, a code, or "waits". */
async function outcomes(promises: readonly Promise<unknown>[]): Promise<unknown[]> {
  const seen: unknown[] = promises.map(() => "waits");
  promises.forEach((promise, i) => {
    promise.then(
      (value) => {
        seen[i] = value;
      },
      (error: { code?: unknown; name: string }) => {
        seen[i] = typeof error.code === "string" ? error.code : error.name;
      },
    );
  });
  await turns();
  return seen;
}

describe.each(
  KINDS.flatMap((kind) => (["sleep", "adaptive", "spin", 20] as const).map((wait) => [kind, wait] as const)),
)("waiting on a %s by %s", (kind, wait) => {
  it("pops are served in order of arrival, and nobody overtakes them", async () => {
    const { producer, consumer } = ends(kind, 4, wait);
    const pops = [consumer.pop(), consumer.popMany(2), consumer.pop()];
    expect(producer.tryPush(1)).toBe(true);
    expect(consumer.tryPop()).toBeUndefined();
    expect(consumer.tryPopMany(4)).toEqual([]);
    expect(consumer.tryPopInto(new Uint32Array(4))).toBe(0);
    expect(() => consumer.popSync(0)).toThrow(code("MISUSE"));
    expect(producer.tryPushMany([2, 3, 4])).toBe(3);
    expect(await Promise.all(pops)).toEqual([1, [2, 3], 4]);
    consumer.close();
    producer.close();
  });

  it("pushes are served in order of arrival, more of them than the ring holds", async () => {
    const { producer, consumer } = ends(kind, 2, wait);
    const pushes = [producer.push(1), producer.pushMany([2, 3, 4, 5, 6]), producer.push(7), producer.pushMany([])];
    expect(producer.tryPush(9)).toBe(false);
    expect(producer.tryPushMany([9])).toBe(0);
    expect(() => producer.pushSync(9, 0)).toThrow(code("MISUSE"));
    const got: number[] = [];
    while (got.length < 7) got.push(...(await consumer.popMany(Number.POSITIVE_INFINITY)));
    expect(got).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await Promise.all(pushes);
    consumer.close();
    producer.close();
  });

  it("a value that is refused takes nobody with it", async () => {
    const { producer, consumer } = ends(kind, 1, wait);
    producer.tryPush(1);
    const pushes = [producer.push(2), producer.push(-1), producer.pushMany([3, -1, 4]), producer.push(5)];
    const result = outcomes(pushes);
    const got: (number | undefined)[] = [];
    for (let i = 0; i < 4; i++) got.push(await consumer.pop());
    expect(got).toEqual([1, 2, 3, 5]);
    expect(await result).toEqual([undefined, "ERR_RING_MISUSE", "ERR_RING_MISUSE", undefined]);
    producer.close();
    consumer.close();
  });

  it("a signal ends the wait before, during, and not after", async () => {
    const { producer, consumer } = ends(kind, 1, wait);
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const [before, during, after, pushed, waiting] = controllers as AbortController[] as [
      AbortController,
      AbortController,
      AbortController,
      AbortController,
      AbortController,
    ];
    before.abort(new Error("before"));
    await expect(consumer.pop(before)).rejects.toThrow("before");
    await expect(producer.push(1, before)).rejects.toThrow("before");
    await expect(producer.pushMany([1], before)).rejects.toThrow("before");
    expect(producer.stats.length).toBe(0);

    const pops = [consumer.pop(during), consumer.pop(after), consumer.popMany(1, during), consumer.pop()];
    during.abort(new Error("during"));
    const settled = outcomes(pops);
    await producer.pushMany([1, 2]);
    expect(await settled).toEqual(["Error", 1, "Error", 2]);
    after.abort();

    await producer.push(3);
    const pushes = [producer.push(4, pushed), producer.push(5, waiting), producer.push(6)];
    waiting.abort();
    const ended = outcomes(pushes);
    expect([await consumer.pop(), await consumer.pop(), await consumer.pop()]).toEqual([3, 4, 6]);
    expect(await ended).toEqual([undefined, "AbortError", undefined]);
    for (const { signal } of controllers) expect(getEventListeners(signal, "abort")).toEqual([]);
    producer.close();
    consumer.close();
  });

  it("the producer closes: what was published is read, waiting pops get the end, waiting pushes are refused", async () => {
    const { producer, consumer } = ends(kind, 2, wait);
    const pushes = outcomes([producer.push(1), producer.pushMany([2, 3]), producer.push(4)]);
    producer.close();
    producer.close();
    expect(await pushes).toEqual([undefined, "ERR_RING_CLOSED", "ERR_RING_CLOSED"]);
    expect(() => producer.tryPush(1)).toThrow(ClosedError);
    expect(() => producer.tryPushMany([1])).toThrow(ClosedError);
    expect(() => producer.pushSync(1)).toThrow(ClosedError);
    await expect(producer.push(1)).rejects.toBeInstanceOf(ClosedError);
    expect(consumer.ended).toBe(false);
    expect(await outcomes([consumer.pop(), consumer.popMany(9), consumer.pop(), consumer.popMany(9)])).toEqual([
      1,
      [2],
      undefined,
      [],
    ]);
    expect(consumer.ended).toBe(true);
    expect([consumer.tryPop(), consumer.popSync(), consumer.tryPopMany(1)]).toEqual([undefined, undefined, []]);

    const other = ends(kind, 1, wait);
    const pops = outcomes([other.consumer.pop(), other.consumer.popMany(3)]);
    other.producer.close();
    expect(await pops).toEqual([undefined, []]);
    consumer.close();
    other.consumer.close();
  });

  it("the consumer closes: everything is refused on both sides", async () => {
    const { producer, consumer } = ends(kind, 1, wait);
    producer.tryPush(1);
    const pushes = outcomes([producer.push(2), producer.pushMany([3])]);
    consumer.close();
    consumer.close();
    expect(await pushes).toEqual(["ERR_RING_CLOSED", "ERR_RING_CLOSED"]);
    expect(() => producer.tryPush(1)).toThrow(new ClosedError("push: the consumer has stopped"));
    expect(() => consumer.tryPop()).toThrow(new ClosedError("pop: this consumer was closed"));
    expect(() => consumer.tryPopMany(1)).toThrow(ClosedError);
    expect(() => consumer.popSync()).toThrow(ClosedError);
    expect(() => consumer.tryPopInto(new Uint32Array(1))).toThrow(ClosedError);
    await expect(consumer.pop()).rejects.toBeInstanceOf(ClosedError);
    await expect(consumer.popMany(1)).rejects.toBeInstanceOf(ClosedError);

    const other = ends(kind, 1, wait);
    const pops = outcomes([other.consumer.pop(), other.consumer.popMany(3)]);
    other.consumer.close();
    expect(await pops).toEqual(["ERR_RING_CLOSED", "ERR_RING_CLOSED"]);
    producer.close();
    other.producer.close();
  });

  it("for await: break leaves the rest, and another loop goes on", async () => {
    const { producer, consumer } = ends(kind, 2, wait);
    const pushed = producer.pushMany([1, 2, 3, 4, 5]).then(() => producer.close());
    const got: number[] = [];
    for await (const value of consumer) {
      got.push(value);
      if (value === 2) break;
    }
    expect(got).toEqual([1, 2]);
    for await (const value of consumer) got.push(value);
    expect(got).toEqual([1, 2, 3, 4, 5]);
    await pushed;
    consumer.close();
  });

  it("popSync and pushSync end by themselves: done, timed out, ended", () => {
    const { producer, consumer } = ends(kind, 1, wait);
    for (const none of [0, -1, Number.NaN, 1]) expect(consumer.popSync(none)).toBeUndefined();
    expect(producer.pushSync(1)).toBe(true);
    for (const none of [0, -1, Number.NaN, 1]) expect(producer.pushSync(2, none)).toBe(false);
    expect(consumer.popSync()).toBe(1);
    expect(() => producer.pushSync(-1)).toThrow(code("MISUSE"));
    producer.pushSync(2);
    producer.close();
    expect([consumer.popSync(), consumer.popSync()]).toEqual([2, undefined]);
    consumer.close();
  });

  it("peerDied: what was published is read first, and who waits is told", async () => {
    const { producer, consumer } = ends(kind, 2, wait);
    producer.tryPush(1);
    consumer.peerDied();
    expect(await consumer.pop()).toBe(1);
    expect(() => consumer.tryPop()).toThrow(PeerDiedError);
    await expect(consumer.pop()).rejects.toEqual(code("PEER_DIED"));
    const other = ends(kind, 1, wait);
    const waits = outcomes([other.consumer.pop(), other.consumer.popMany(1)]);
    other.consumer.peerDied();
    expect(await waits).toEqual(["ERR_RING_PEER_DIED", "ERR_RING_PEER_DIED"]);
    other.producer.tryPush(1);
    const pushes = outcomes([other.producer.push(2), other.producer.push(3)]);
    other.producer.peerDied();
    expect(await pushes).toEqual(["ERR_RING_PEER_DIED", "ERR_RING_PEER_DIED"]);
    expect(() => other.producer.tryPush(1)).toThrow(PeerDiedError);
    for (const end of [producer, consumer, other.producer, other.consumer]) end.close();
  });

  it("an index that is nowhere it could be ends every wait", async () => {
    const { producer, consumer, words } = ends(kind, 2, wait);
    const pops = outcomes([consumer.pop(), consumer.pop()]);
    await turns();
    words[L.WORD_TAIL >>> 2] = 77;
    producer.close();
    await turns();
    expect(await pops).toEqual(["ERR_RING_DAMAGED", "ERR_RING_DAMAGED"]);
    expect(() => consumer.tryPop()).toThrow(DamagedError);
    consumer.close();
    const other = ends(kind, 1, wait);
    other.producer.tryPush(1);
    const pushes = outcomes([other.producer.push(2), other.producer.push(3)]);
    other.words[L.WORD_HEAD >>> 2] = 77;
    other.consumer.close();
    expect(await pushes).not.toContain("waits");
    other.producer.close();
  });
});

describe.each(KINDS)("the roles of a %s", (kind) => {
  it("are taken once, even when they were closed", () => {
    const ring = rings[kind](u32, 2);
    const producer = ring.producer();
    expect(() => ring.producer()).toThrow(RoleTakenError);
    ring.consumer().close();
    expect(() => ring.consumer()).toThrow(
      `the ring has a consumer already (process ${process.pid}): make a ring for each pair of ends`,
    );
    producer.close();
    expect(() => ring.producer()).toThrow(code("ROLE_TAKEN"));
  });

  it("are not taken by a way of waiting that does not exist", () => {
    const ring = rings[kind](u32, 2);
    for (const wait of ["never", -1, Number.NaN, 1_000_001] as never[]) {
      expect(() => ring.producer({ wait })).toThrow(RingError);
      expect(() => ring.consumer({ wait })).toThrow(code("INVALID_OPTION"));
    }
    ring.producer().close();
    ring.consumer().close();
  });

  it("an idle ring does not wait, ring or sleep", async () => {
    const { producer, consumer } = ends(kind, 1);
    const before = [producer.stats, consumer.stats];
    await turns(200);
    expect([producer.stats, consumer.stats]).toEqual(before);
    const pop = consumer.pop();
    await turns(200);
    expect(consumer.stats.waits).toBeLessThanOrEqual(2);
    producer.tryPush(1);
    expect(await pop).toBe(1);
    producer.close();
    consumer.close();
  });
});
