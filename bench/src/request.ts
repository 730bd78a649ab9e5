import type { DemoComplicatedRequest } from "./bench.js";

/** The request of W1, W2 and W3: two users and 16 bytes, the same for every contender. */
export function demoRequest(): DemoComplicatedRequest {
  return {
    users: [
      { name: "Ada Lovelace", age: 36 },
      { name: "Alan Turing", age: 41 },
    ],
    balabala: Uint8Array.from({ length: 16 }, (_, i) => i),
  };
}

/** A payload of W4: byte i is i modulo 251, as in the Go handlers. */
export function payload(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = i % 251;
  return bytes;
}
