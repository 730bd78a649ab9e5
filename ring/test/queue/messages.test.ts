import { ClosedError, MessageTooLongError } from "@x/mem-ring";
import { describe, expect, it } from "vitest";
import { L, MESSAGE_KINDS, message, messageEnds, messageRings, turns } from "./kinds.js";

const code = (name: string) => expect.objectContaining({ code: `ERR_RING_${name}` });

describe.each(MESSAGE_KINDS)("a %s", (kind) => {
  it.each([32, 64, 128])("of %d bytes takes every length at every offset, padded at the wrap", (capacity) => {
    const max = capacity / 2 - 8;
    for (let offset = 0; offset < capacity; offset += 8) {
      for (let length = 0; length <= max; length++) {
        const { producer, consumer, words } = messageEnds(kind, capacity, "sleep", (-capacity + offset) | 0);
        const sent = [message(length, 1), message(max - length, 2), message(length, 3)];
        const got: Uint8Array[] = [];
        for (const each of sent) {
          while (!producer.tryPush(each)) got.push(consumer.tryPop() as Uint8Array);
        }
        const size = (8 + length + 7) & -8;
        const padding = size > capacity - offset ? capacity - offset : 0;
        if (got.length === 0) expect(producer.stats.length).toBeGreaterThanOrEqual(padding + size);
        for (let next = consumer.tryPop(); next !== undefined; next = consumer.tryPop()) got.push(next);
        expect(got).toEqual(sent);
        expect(words[L.WORD_HEAD >>> 2]).toBe(words[L.WORD_TAIL >>> 2]);
        producer.close();
        consumer.close();
      }
    }
  });

  it.each([
    [1, 32],
    [32, 32],
    [33, 64],
    [1000, 1024],
  ])("of %d bytes has %d", (asked, capacity) => {
    const ring = messageRings[kind](asked);
    expect([ring.capacity, ring.maxLength]).toEqual([capacity, capacity / 2 - 8]);
  });

  it("refuses what can never fit, and what is no message", async () => {
    const { producer, consumer } = messageEnds(kind, 64);
    expect(producer.maxLength).toBe(24);
    const error = new MessageTooLongError(25, 24);
    expect(() => producer.tryPush(message(25))).toThrow(error);
    expect(() => producer.tryClaim(25)).toThrow(/at most 24 bytes .* got 25/);
    expect(() => producer.pushSync(message(25))).toThrow(code("MESSAGE_TOO_LONG"));
    await expect(producer.push(message(25))).rejects.toEqual(code("MESSAGE_TOO_LONG"));
    for (const length of [-1, 0.5, Number.NaN]) expect(() => producer.tryClaim(length)).toThrow(code("MISUSE"));
    for (const none of ["abc", [1, 2], new Uint16Array(2), undefined] as never[]) {
      expect(() => producer.tryPush(none)).toThrow(code("MISUSE"));
      await expect(producer.push(none)).rejects.toEqual(code("MISUSE"));
    }
    expect(consumer.tryPop()).toBeUndefined();
    // Those before the one that is refused are in, those behind are not.
    await expect(producer.pushMany([message(1), message(25), message(2)])).rejects.toEqual(code("MESSAGE_TOO_LONG"));
    expect(consumer.tryPopMany(9)).toEqual([message(1)]);
  });

  it("claims, commits and aborts in place, one at a time", async () => {
    const { producer, consumer } = messageEnds(kind, 64);
    for (let round = 0; round < 20; round++) {
      const length = (round * 5) % 25;
      const aborted = producer.tryClaim((round * 7) % 25) as Uint8Array;
      aborted.fill(0xee);
      expect(() => producer.tryClaim(1)).toThrow(code("MISUSE"));
      expect(() => producer.tryPush(message(1))).toThrow(code("MISUSE"));
      expect(() => producer.pushSync(message(1))).toThrow(code("MISUSE"));
      await expect(producer.push(message(1))).rejects.toEqual(code("MISUSE"));
      await expect(producer.pushMany([message(1)])).rejects.toEqual(code("MISUSE"));
      expect(consumer.tryPop()).toBeUndefined();
      producer.abort();
      expect(() => producer.abort()).toThrow(code("MISUSE"));
      expect(() => producer.commit()).toThrow(code("MISUSE"));
      const claim = producer.tryClaim(length) as Uint8Array;
      expect(claim.length).toBe(length);
      claim.set(message(length, round));
      expect(consumer.tryPop()).toBeUndefined();
      producer.commit();
      expect(() => producer.commit()).toThrow(code("MISUSE"));
      expect(consumer.tryPop()).toEqual(message(length, round));
    }
    let claims = 0;
    for (; producer.tryClaim(24) !== undefined; claims++) producer.commit();
    expect(claims).toBeGreaterThan(0);
    expect(() => producer.commit()).toThrow(code("MISUSE"));
  });

  it("nothing follows the end: a claim that is open when its end closes is lost", () => {
    const { producer, consumer } = messageEnds(kind, 64);
    producer.tryClaim(3)?.fill(1);
    producer.close();
    expect(() => producer.commit()).toThrow(ClosedError);
    expect(() => producer.commit()).toThrow(code("MISUSE"));
    expect(consumer.tryPop()).toBeUndefined();
    expect(consumer.ended).toBe(true);
    expect(consumer.stats.length).toBe(0);
    const other = messageEnds(kind, 64);
    other.producer.tryClaim(3);
    other.producer.close();
    other.producer.abort();
    expect(() => other.producer.tryClaim(1)).toThrow(ClosedError);
  });

  it("peeks in place and releases, one at a time", async () => {
    const { producer, consumer } = messageEnds(kind, 64);
    expect(consumer.tryPeek()).toBeUndefined();
    expect(() => consumer.release()).toThrow(code("MISUSE"));
    for (let round = 0; round < 20; round++) {
      const length = (round * 5) % 25;
      producer.tryPush(message(length, round));
      const peeked = consumer.tryPeek() as Uint8Array;
      expect(peeked).toEqual(message(length, round));
      expect(peeked.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(consumer.tryPeek()).toEqual(peeked);
      expect(() => consumer.tryPop()).toThrow(code("MISUSE"));
      expect(() => consumer.tryPopMany(1)).toThrow(code("MISUSE"));
      await expect(consumer.pop()).rejects.toEqual(code("MISUSE"));
      expect(consumer.stats.length).toBeGreaterThan(0);
      consumer.release();
      expect(() => consumer.release()).toThrow(code("MISUSE"));
      expect(consumer.stats.length).toBe(0);
    }
    producer.tryPush(message(3));
    consumer.tryPeek();
    consumer.close();
    const { doorbells } = consumer.stats;
    consumer.release();
    expect(consumer.stats.doorbells).toBe(doorbells);
    expect(() => consumer.tryPeek()).toThrow(ClosedError);
  });

  it("waits for room and for messages, in order, to the end", async () => {
    const { producer, consumer } = messageEnds(kind, 64);
    const sent = Array.from({ length: 50 }, (_, i) => message((i * 37) % 25, i));
    const pushes = Promise.all([producer.pushMany(sent.slice(0, 30)), ...sent.slice(30).map((m) => producer.push(m))]);
    expect(producer.tryClaim(0)).toBeUndefined();
    const ended = pushes.then(() => producer.close());
    const got: Uint8Array[] = [];
    for await (const one of consumer) {
      got.push(one);
      if (got.length % 7 === 0) break;
    }
    while (got.length < 30) got.push(...(await consumer.popMany(3)));
    for await (const one of consumer) got.push(one);
    expect(got).toEqual(sent);
    await ended;
    expect(await consumer.popMany(1)).toEqual([]);
    consumer.close();
  });

  it("an abort leaves the queue to the others", async () => {
    const { producer, consumer } = messageEnds(kind, 32);
    const controller = new AbortController();
    const pop = consumer.pop(controller);
    const next = consumer.pop();
    controller.abort();
    await expect(pop).rejects.toThrow("aborted");
    await producer.push(message(5));
    expect(await next).toEqual(message(5));
    while (producer.tryPush(message(8)));
    const second = new AbortController();
    const pushes = [producer.push(message(8), second), producer.push(message(7))];
    await turns();
    second.abort();
    await expect(pushes[0]).rejects.toThrow("aborted");
    let last: Uint8Array | undefined;
    while (last?.length !== 7) last = await consumer.pop();
    await pushes[1];
    producer.close();
    consumer.close();
  });
});
