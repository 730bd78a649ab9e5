import type { Reading } from "../../bench.js";
import type { Streams } from "../../contender.js";
import { Incoming } from "./incoming.js";
import { HEADER_BYTES, OP, type Send } from "./layout.js";
import { pushAll } from "./outgoing.js";

/**
 * Streams made of calls, for contenders whose frames are written by hand: pulls that are answered with batches, pushes
 * that bring batches. A call that waits for its answer is a credit. bench/go/flow is the other end.
 */
export class FlowStreams implements Streams {
  readonly #send: Send;
  #streams = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  readings(count: number): AsyncIterable<Reading> {
    const stream = this.#streams++;
    this.#begin(OP.readings, stream, count).catch(() => {}); // the pulls behind it fail as well
    return this.#pulled(stream);
  }

  async total(readings: AsyncIterable<Reading>): Promise<number> {
    const stream = this.#streams++;
    await this.#begin(OP.total, stream, 0);
    const total = await pushAll(readings, stream, this.#send);
    return new DataView(total.buffer, total.byteOffset).getFloat64(0, true);
  }

  mirror(readings: AsyncIterable<Reading>): AsyncIterable<Reading> {
    const stream = this.#streams++;
    this.#begin(OP.mirror, stream, 0).catch(() => {});
    const items = this.#pulled(stream);
    pushAll(readings, stream, this.#send).catch((error: unknown) => items.fail(error));
    return items;
  }

  #pulled(stream: number): Incoming {
    const pull = header(OP.pull, stream, 0);
    return new Incoming(() => this.#send(pull));
  }

  #begin(op: number, stream: number, count: number): Promise<Uint8Array> {
    return this.#send(header(op, stream, count));
  }
}

function header(op: number, stream: number, count: number): Uint8Array {
  const words = new Uint32Array(HEADER_BYTES / Uint32Array.BYTES_PER_ELEMENT);
  words.set([op, stream, count]);
  return new Uint8Array(words.buffer);
}
