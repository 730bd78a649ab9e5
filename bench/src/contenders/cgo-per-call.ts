import type { GoMemory } from "../bench.js";
import { addonPath, buildAddon, loadAddon } from "../build-steps/addon.js";
import { double } from "../callback.js";
import type { Calls, Contender } from "../contender.js";

const ID = "cgo-per-call";
const TARGET = "cgo_per_call";

interface Addon extends Omit<Calls, "memory"> {
  /** JSON as bytes: not among the timed calls. */
  memory(): Promise<Buffer>;
  /** The report of W11, doubles as bytes. */
  callBack(request: Uint8Array): Promise<Buffer>;
  /** Takes the function that calls of Go's are handed to, with their slot and number. */
  serve(asked: (slot: number, number: number) => void): void;
  /** Answers such a call. */
  answer(slot: number, answer: number): void;
  close(): void;
}

/** What most people write: contenders/cgo-per-call/README.md. The addon itself offers the calls. */
export const cgoPerCall: Contender = {
  id: ID,
  title: "cgo, per call",
  cannot: { W10: "a call of a thread-safe function an item: the row of batches is the one to look at" },
  build: () => buildAddon(ID, TARGET, true),
  open: async () => {
    const addon = loadAddon<Addon>(addonPath(ID, TARGET));
    const memory = async (): Promise<GoMemory> => JSON.parse((await addon.memory()).toString());
    let serving = false;
    return {
      calls: { ...addon, memory },
      callBack: async (count, goroutines) => {
        // Go serves one thread at a time: not before it is asked to, or the threads of W9 would take it from each other.
        if (!serving) addon.serve((slot, number) => void double(number).then((answer) => addon.answer(slot, answer)));
        serving = true;
        const report = await addon.callBack(new Uint8Array(Uint32Array.of(count, goroutines).buffer));
        return new Float64Array(Uint8Array.from(report).buffer);
      },
      close: async () => addon.close(),
    };
  },
};
