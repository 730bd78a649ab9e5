import type { Node, SourceFile, TypeNode } from "ts-morph";
import type { Faults } from "./diagnostics.js";
import type { Env } from "./generics.js";
import type { Type } from "./model.js";
import type { TypeTable } from "./table.js";

/** What all readers of one run share, and what type parameters stand for where one reads. */
export interface Context {
  readonly faults: Faults;
  readonly table: TypeTable;
  /** Type aliases that are being looked through, each with what its parameters stand for, to notice one without end. */
  readonly open: Set<string>;
  /** Every file in which something was read, in order; TypeScript checks these. */
  readonly files: Set<SourceFile>;
  readonly env: Env;
  /** Every borrowed parameter, to be looked at when all types are known. */
  readonly borrowed: { readonly node: TypeNode; readonly type: Type }[];
  /** What is sent where nothing can be leased, with the reason; to be looked at when all types are known. */
  readonly unleased: { readonly node: Node; readonly type: Type; readonly why: string }[];
}
