import { expect, it } from "vitest";
import { ANSWER, AnswerReader } from "../src/contenders/unix-socket/answers.js";
import { payload } from "../src/request.js";

type Answer = readonly [slot: number, kind: number, value: number, bytes?: Uint8Array];

const ANSWERS: readonly Answer[] = [
  [0, ANSWER.bool, 1],
  [1, ANSWER.bytes, 0, payload(0)],
  [2, ANSWER.bytes, 30, payload(30)],
  [65_535, ANSWER.number, 0xffff_ffff],
  [3, ANSWER.bytes, 7, payload(7)],
];

/** The answers as contenders/unix-socket/answer.go writes them. */
function written(): Buffer {
  return Buffer.concat(
    ANSWERS.flatMap(([slot, kind, value, bytes = new Uint8Array()]) => {
      const head = Buffer.alloc(12);
      head.writeUInt32LE(slot, 0);
      head.writeUInt32LE(kind, 4);
      head.writeUInt32LE(value, 8);
      return [head, bytes];
    }),
  );
}

it("reads answers from pieces of any size, out of a buffer that is used again", () => {
  const stream = written();
  for (let size = 1; size <= stream.length; size++) {
    const got: Answer[] = [];
    const reader = new AnswerReader((slot, kind, value, bytes) => {
      got.push(bytes ? [slot, kind, value, bytes] : [slot, kind, value]);
    });
    const buffer = Buffer.alloc(size);
    for (let at = 0; at < stream.length; at += size) {
      reader.read(buffer, stream.copy(buffer, 0, at, at + size));
      buffer.fill(0xee);
    }
    expect(got).toEqual(ANSWERS);
  }
});
