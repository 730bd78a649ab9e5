import { fileURLToPath } from "node:url";

/** The bench folder; everything that is built or written lies under it. */
export const BENCH = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of one contender: its native sources, its README and its build. */
export function contenderFolder(id: string): string {
  return `${BENCH}contenders/${id}/`;
}
