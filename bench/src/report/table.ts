import Table from "cli-table3";

/** A table with text on the left and numbers on the right. */
export function newTable(head: string[]): Table.Table {
  return new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
  });
}
