import type { Node, SourceFile } from "ts-morph";
import type { Faults } from "./diagnostics.js";
import type { TypeTable } from "./table.js";

/** What all readers of one run share. */
export interface Context {
  readonly faults: Faults;
  readonly table: TypeTable;
  /** Type aliases that are being looked through, to notice one that never ends. */
  readonly open: Set<Node>;
  /** Every file in which something was read, in order; TypeScript checks these. */
  readonly files: Set<SourceFile>;
}
