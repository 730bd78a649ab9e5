import type { Need } from "../case.js";
import { here, inThread, type Seat } from "./seat.js";
import { connecting } from "./sources.js";

/** A way for calls to travel, on which every case runs. */
export interface Transport {
  readonly name: string;
  /** What it is, for the table. */
  readonly about: string;
  /** What it cannot give to a case, each with the reason that the table shows. */
  readonly lacks?: { readonly [K in Need]?: string };
  open(): Seat;
}

/** Every transport there is. */
export const TRANSPORTS: readonly Transport[] = [
  { name: "spawn", about: "`connect`, in the main thread", open: () => here(connecting({})) },
  { name: "spin off", about: "`connect` with `spin: false`", open: () => here(connecting({ spin: false })) },
  { name: "thread", about: "`connect` in a worker_thread", open: () => inThread("connecting") },
  {
    name: "default",
    about: "the client that is imported, in a worker_thread",
    lacks: { options: "the imported client has the default options" },
    open: () => inThread("importing"),
  },
];

/** Why a case cannot run on a transport; undefined where it can. */
export function lackOf(transport: Transport, needs: readonly Need[] = []): string | undefined {
  for (const need of needs) {
    const reason = transport.lacks?.[need];
    if (reason !== undefined) return reason;
  }
  return undefined;
}
