/** The interface between the two sides: what a TypeScript program wants of cel-go, Google's policy language for Go. */
import type { Duration, GoService, i64, u32, u64 } from "@x/ts2go";

/** A value as the language has it. It tells whole numbers of two kinds from fractions, all of 64 bits. */
export type Value =
  | { kind: "null" }
  | { kind: "bool"; value: boolean }
  | { kind: "int"; value: i64 }
  | { kind: "uint"; value: u64 }
  | { kind: "double"; value: number }
  | { kind: "string"; value: string }
  | { kind: "bytes"; value: Uint8Array }
  /** To the millisecond. */
  | { kind: "timestamp"; value: Date }
  | { kind: "duration"; value: Duration }
  /** What `type(x)` gives; only as a result. */
  | { kind: "type"; name: string }
  | { kind: "list"; values: Value[] }
  /** A map whose keys are strings. */
  | { kind: "object"; fields: Record<string, Value> }
  /** A map with other keys: `bool`, `int` or `uint`. From Go in the order of its keys. */
  | { kind: "map"; entries: Entry[] };

export interface Entry {
  key: Value;
  value: Value;
}

export type Scalar =
  | "null"
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "timestamp"
  | "duration"
  | "dyn";

/** What a variable holds. `dyn` is anything, and is not checked before it is used. */
export type Type =
  | { kind: "scalar"; of: Scalar }
  | { kind: "list"; of: Type }
  | { kind: "map"; from: Scalar; to: Type };

export interface Policy {
  name: string;
  /** An expression: `account.balance >= amount && !(account.country in blocked)`. */
  source: string;
  /** The variables that it may use, by their names. */
  variables: Record<string, Type>;
  /** Ends an evaluation that gets more expensive, in cel's units. No limit by default. */
  costLimit?: u64;
}

/** What is wrong with a policy, and where: both count from 1, columns in code points. */
export interface Issue {
  line: u32;
  column: u32;
  message: string;
}

export interface Accepted {
  /** Of the policy's result, as cel writes it: `map(string, int)`. */
  type: string;
  /** What an evaluation can cost; at most 2^64 - 1 if there is no bound. */
  cost: { least: u64; most: u64 };
}

/** How an evaluation has ended. */
export type Outcome =
  | { kind: "value"; value: Value; cost: u64; took: Duration }
  /** Such as a division by zero. A place is given where cel knows it. */
  | { kind: "failed"; message: string; place?: Place; cost: u64; took: Duration }
  /** Variables or parts of them that are needed and were not given. */
  | { kind: "unknown"; missing: string[]; cost: u64; took: Duration };

/** Counts from 1. */
export interface Place {
  line: u32;
  column: u32;
}

/** Policies by name. One that was never put is an error with the code `ERR_NO_POLICY`. */
export interface Policies extends GoService {
  /** What is wrong with a policy, in the order of its text. Nothing, if it can be put. */
  check(policy: Policy): Promise<Issue[]>;
  /** Compiles a policy, in the place of one with the same name. One that is wrong is an error: `ERR_POLICY`. */
  put(policy: Policy): Promise<Accepted>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
  evaluate(name: string, variables: Record<string, Value>): Promise<Outcome>;
  /** The outcome for each of a stream, in its order. */
  evaluateAll(name: string, each: AsyncIterable<Record<string, Value>>): AsyncIterable<Outcome>;
}
