import type { DemoComplicatedRequest, DemoUser } from "../../bench.js";

/** The argument of a call as JSON takes it: `bench/go/jsonapi` reads it. Bytes are base64. */
export interface JsonRequest {
  readonly users?: readonly DemoUser[];
  readonly balabala?: string;
  readonly payload?: string;
  readonly size?: number;
}

/** The answer of a call as `bench/go/jsonapi` writes it. */
export interface JsonResponse {
  readonly pass: boolean;
  readonly sum: number;
  readonly payload: string;
}

export function checkRequest({ users, balabala }: DemoComplicatedRequest): JsonRequest {
  return { users, balabala: toBase64(balabala) };
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}
