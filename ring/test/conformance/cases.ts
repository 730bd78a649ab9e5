import { entryCases } from "./entry-cases.js";
import { messageCases } from "./message-cases.js";
import type { Case } from "./table.js";

/** Every case; ./table.ts says how to read one. */
export const cases: readonly Case[] = [...entryCases, ...messageCases];
