import type { GoMemory } from "../bench.js";
import { addonPath, buildAddon, loadAddon } from "../build-steps/addon.js";
import type { Calls, Contender } from "../contender.js";

const ID = "cgo-per-call";
const TARGET = "cgo_per_call";

interface Addon extends Omit<Calls, "memory"> {
  /** JSON as bytes: not among the timed calls. */
  memory(): Promise<Buffer>;
  close(): void;
}

/** What most people write: contenders/cgo-per-call/README.md. The addon itself offers the calls. */
export const cgoPerCall: Contender = {
  id: ID,
  title: "cgo, per call",
  build: () => buildAddon(ID, TARGET, true),
  open: async () => {
    const addon = loadAddon<Addon>(addonPath(ID, TARGET));
    const memory = async (): Promise<GoMemory> => JSON.parse((await addon.memory()).toString());
    return { calls: { ...addon, memory }, close: async () => addon.close() };
  },
};
