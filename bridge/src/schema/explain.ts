import type { Method, Schema } from "./index.js";
export interface Fault {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}
export function explain(_schema: Schema, _method: Method, _args: readonly unknown[]): Fault | undefined {
  return undefined;
}
