import { connect, type Socket } from "node:net";
import type { DemoComplicatedRequest, DemoResponse } from "../../bench.js";
import { double } from "../../callback.js";
import { FLUSH_BYTES, METHOD, PAYLOAD_MAX, RecordWriter } from "../cgo-batched/record.js";
import { WaitingCalls } from "../child/waiting.js";
import { FlowStreams } from "../flow/streams.js";
import { byCopies } from "../spare.js";
import { ANSWER, AnswerReader } from "./answers.js";

/** How much is read at a time, at most. */
const READ_BYTES = 256 << 10;

/** Before a payload that goes alone: size, slot, method and length, 32 bits each. */
const HEAD_BYTES = 16;

/** Calls over one socket: ids tell the answers apart, and the requests of a turn are one write. */
export class Client {
  readonly socket: Socket;
  /** Writers whose bytes the socket has done with. */
  readonly #spare: RecordWriter[] = [];
  #writer = new RecordWriter();
  readonly #waiting = new WaitingCalls();
  #flushAtTurnEnd = false;
  readonly streams = new FlowStreams((payload) =>
    this.#call((slot) => this.#writer.payload(slot, METHOD.stream, payload)),
  );

  readonly leases = byCopies(
    (bytes) => this.#call((slot) => this.#payload(slot, METHOD.takeEnds, bytes)),
    (size, mark) => {
      const request = new Uint8Array(Uint32Array.of(size, mark).buffer);
      return this.#call((slot) => this.#writer.payload(slot, METHOD.giveEnds, request));
    },
  );

  constructor(path: string) {
    const reader = new AnswerReader((slot, kind, value, bytes) => {
      if (kind === ANSWER.ask) this.#asked(slot, value);
      else this.#waiting.resolve(slot, kind === ANSWER.bool ? { pass: value !== 0 } : (bytes ?? value));
    });
    this.socket = connect({
      path,
      onread: {
        // One buffer for all reads: without it, each read makes a new one.
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback: (size, buffer) => {
          reader.read(buffer as Buffer, size);
          return true;
        },
      },
    });
    this.socket.on("error", () => {}); // what it ends with; the end itself follows
    this.socket.on("close", () => this.#waiting.rejectAll(new Error("the Go process has gone")));
  }

  check(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#call((slot) => this.#writer.request(slot, METHOD.check, req));
  }

  checkSlowly(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#call((slot) => this.#writer.request(slot, METHOD.checkSlowly, req));
  }

  checkLong(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#call((slot) => this.#writer.request(slot, METHOD.checkLong, req));
  }

  checkBusy(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#call((slot) => this.#writer.request(slot, METHOD.checkBusy, req));
  }

  take(payload: Uint8Array): Promise<number> {
    return this.#call((slot) => this.#payload(slot, METHOD.take, payload));
  }

  echo(payload: Uint8Array): Promise<Uint8Array> {
    return this.#call((slot) => this.#payload(slot, METHOD.echo, payload));
  }

  give(size: number): Promise<Uint8Array> {
    return this.#call((slot) => this.#writer.number(slot, METHOD.give, size));
  }

  /** The report as Go carries it: doubles. */
  async callBack(count: number, goroutines: number): Promise<Float64Array> {
    const request = new Uint8Array(Uint32Array.of(count, goroutines).buffer);
    const report = await this.#call<Uint8Array>((slot) => this.#writer.payload(slot, METHOD.callBack, request));
    return new Float64Array(report.slice().buffer);
  }

  /** Go calls. */
  #asked(slot: number, number: number): void {
    double(number).then((answer) => {
      this.#writer.number(slot, METHOD.answer, answer);
      this.#written();
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #call<T>(write: (slot: number) => void): Promise<T> {
    return this.#waiting.call<T>((slot) => {
      write(slot);
      this.#written();
    });
  }

  #written(): void {
    if (this.#writer.used > FLUSH_BYTES) {
      this.#flush();
    } else if (!this.#flushAtTurnEnd) {
      this.#flushAtTurnEnd = true;
      queueMicrotask(() => {
        this.#flushAtTurnEnd = false;
        this.#flush();
      });
    }
  }

  /** Writes a small payload among the other requests; a large one goes from where it lies. */
  #payload(slot: number, method: number, payload: Uint8Array): void {
    if (payload.length <= PAYLOAD_MAX) {
      this.#writer.payload(slot, method, payload);
      return;
    }
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32LE(HEAD_BYTES + payload.length, 0);
    head.writeUInt32LE(slot, 4);
    head.writeUInt32LE(method, 8);
    head.writeUInt32LE(payload.length, 12);
    this.socket.cork();
    this.#flush();
    this.socket.write(head);
    this.socket.write(payload);
    this.socket.uncork();
  }

  #flush(): void {
    const writer = this.#writer;
    if (writer.used === 0) return;
    this.#writer = this.#spare.pop() ?? new RecordWriter();
    this.socket.write(writer.bytes.subarray(0, writer.used), () => {
      writer.clear();
      this.#spare.push(writer);
    });
  }
}
