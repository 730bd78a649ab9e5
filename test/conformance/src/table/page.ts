import { fileURLToPath } from "node:url";

/** Where the table is kept; as far from `src` as from `dist`. */
export const PAGE = fileURLToPath(new URL("../../../../docs/conformance.md", import.meta.url));
