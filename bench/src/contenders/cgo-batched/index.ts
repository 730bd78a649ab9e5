import { addonPath, buildAddon, loadAddon } from "../../build-steps/addon.js";
import type { Contender } from "../../contender.js";
import { type Addon, Client } from "./client.js";

const ID = "cgo-batched";
const TARGET = "cgo_batched";

/** How long either side polls before it sleeps, in microseconds. */
const SPIN_US = 50;

/** Its Go half stands in globals, and so does the way back to the one thread that started it. */
const ONE_THREAD = "its addon serves one JavaScript thread a process";

/** A batch of requests goes to Go when it has this many, or when the turn of the event loop ends. */
const BATCH = 128;

/** The strongest way through cgo that we could write; contenders/cgo-batched/README.md says why it is as it is. */
export const cgoBatched = contender({ id: ID, title: "cgo, batched", batch: BATCH, spinUs: SPIN_US, leases: true });

/** The same without polling: both sides sleep whenever they have nothing to do. */
export const cgoBatchedAsleep = contender({
  id: `${ID}-asleep`,
  title: "cgo, batched, asleep",
  batch: BATCH,
  spinUs: 0,
  workloads: ["W1", "W2", "W3"],
});

/** The same with one crossing a request: only completions are batched. What "batched cgo" mostly means elsewhere. */
export const cgoCompletions = contender({
  id: "cgo-completions",
  title: "cgo, completions batched",
  batch: 1,
  spinUs: 0,
  workloads: ["W1", "W2", "W3"],
});

interface Row extends Pick<Contender, "id" | "title" | "workloads" | "leases"> {
  readonly batch: number;
  readonly spinUs: number;
}

function contender({ batch, spinUs, ...row }: Row): Contender {
  return {
    ...row,
    cannot: { W9: ONE_THREAD },
    build: () => buildAddon(ID, TARGET, true),
    open: async () => {
      const client = new Client(loadAddon<Addon>(addonPath(ID, TARGET)), batch, spinUs);
      return {
        calls: client,
        streams: client.streams,
        leases: client.leases,
        callBack: (count, goroutines) => client.callBack(count, goroutines),
        close: async () => {},
      };
    },
  };
}
