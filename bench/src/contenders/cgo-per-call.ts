import { addonPath, buildAddon, loadAddon } from "../build-steps/addon.js";
import type { Calls, Contender } from "../contender.js";

const ID = "cgo-per-call";
const TARGET = "cgo_per_call";

/** What most people write: contenders/cgo-per-call/README.md. The addon itself offers the calls. */
export const cgoPerCall: Contender = {
  id: ID,
  title: "cgo, per call",
  build: () => buildAddon(ID, TARGET, true),
  open: async () => {
    const addon = loadAddon<Calls & { close(): void }>(addonPath(ID, TARGET));
    return { calls: addon, close: async () => addon.close() };
  },
};
