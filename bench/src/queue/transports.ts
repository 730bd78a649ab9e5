import type { MessagePort } from "node:worker_threads";
import { f64, MessageRing, Ring } from "@x/mem-ring";
import type { End, Role } from "./end.js";
import { AtomicsRing, atomicsConsumer, atomicsProducer } from "./ends/atomics.js";
import { copier } from "./ends/copy.js";
import { portConsumer, portProducer } from "./ends/port.js";
import { ringConsumer, ringProducer } from "./ends/ring.js";

/** What a thread or process needs to make its end. */
export type Place =
  | { readonly transport: "ring"; readonly memories: Queues<SharedArrayBuffer> }
  | { readonly transport: "shared"; readonly rings: Queues<SharedHandle> }
  | { readonly transport: "atomics"; readonly there: SharedArrayBuffer; readonly back: SharedArrayBuffer }
  | { readonly transport: "port"; readonly port: MessagePort }
  | { readonly transport: "copy" };

/** The queues of a pair of ends: for entries, for messages, and for trips there and back. */
export interface Queues<T> {
  readonly entries: T;
  readonly messages: T;
  readonly there: T;
  readonly back: T;
}

export type Fds = readonly [number, number, number];
/** A ring between processes: its fds in this process, or what another thread of it has opened. */
export type SharedHandle = Fds | { readonly memory: SharedArrayBuffer; readonly fds: Fds };

/** Both ends never wait for long where entries are moved; where they make trips, each sleeps at once. */
const SPIN = { wait: "spin" } as const;
const SLEEP = { wait: "sleep" } as const;

export async function makeEnd(place: Place, role: Role): Promise<End> {
  switch (place.transport) {
    case "ring": {
      const { entries, messages, there, back } = place.memories;
      const rings = {
        entries: Ring.open(entries, f64),
        messages: MessageRing.open(messages),
        there: Ring.open(there, f64),
        back: Ring.open(back, f64),
      };
      return endOf(rings, role, true);
    }
    case "shared": {
      // Loaded only here: it needs the addon.
      const { SharedMessageRing, SharedRing } = await import("@x/mem-ring/process");
      const { entries, messages, there, back } = place.rings;
      const rings = {
        entries: SharedRing.open(entries, f64),
        messages: SharedMessageRing.open(messages),
        there: SharedRing.open(there, f64),
        back: SharedRing.open(back, f64),
      };
      return endOf(rings, role, false);
    }
    case "atomics": {
      const [there, back] = [new AtomicsRing(place.there), new AtomicsRing(place.back)];
      return role === "producer" ? atomicsProducer(there, back) : atomicsConsumer(there, back);
    }
    case "port":
      return role === "producer" ? portProducer(place.port) : portConsumer(place.port);
    case "copy":
      return copier();
  }
}

type Entries = Pick<Ring<number>, "producer" | "consumer">;
type Messages = Pick<MessageRing, "producer" | "consumer">;

function endOf(
  rings: { readonly entries: Entries; readonly messages: Messages; readonly there: Entries; readonly back: Entries },
  role: Role,
  blocking: boolean,
): End {
  const { entries, messages, there, back } = rings;
  return role === "producer"
    ? ringProducer({
        entries: entries.producer(SPIN),
        messages: messages.producer(SPIN),
        there: there.producer(SLEEP),
        back: back.consumer(SLEEP),
        blocking,
      })
    : ringConsumer({
        entries: entries.consumer(SPIN),
        messages: messages.consumer(SPIN),
        there: there.consumer(SLEEP),
        back: back.producer(SLEEP),
        blocking,
      });
}
