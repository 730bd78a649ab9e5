// What cases of leases have in common.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Client, Lease } from "@x/ts2go";
import type { Conformance } from "../conformance.js";
import { until } from "./checks.js";

export const MIB = 1 << 20;

/** An arena of a few MiB each way: what is not given back is soon missed. */
export const SMALL = { regionSize: 16 * MIB };

/** `n` bytes that count up from `first`. */
export const countUp = (n: number, first = 0): Uint8Array => Uint8Array.from({ length: n }, (_, i) => first + i);

export const sum = (bytes: Uint8Array): number => bytes.reduce((a, b) => a + b, 0);

/** A lease of the client's memory with bytes that count up. */
export function filled(client: Client<Conformance>, n: number, first = 0): Lease<Uint8Array> {
  const bytes = client.alloc(n);
  bytes.set(countUp(n, first));
  return bytes;
}

/** Collects garbage until `condition` holds. Node needs no flag for it. */
export async function collected(what: string, condition: () => boolean): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  await until(what, () => {
    gc();
    return condition();
  });
}
