// Writes docs/conformance.md anew: `node test/conformance/dist/table/write.js`.
import { writeFileSync } from "node:fs";
import { markdown } from "./markdown.js";
import { PAGE } from "./page.js";

writeFileSync(PAGE, markdown());
