import { f64, MessageRing, Ring } from "@x/mem-ring";
import type { Contender } from "../../contender.js";
import { CAPACITY, KINDS, MESSAGE_CAPACITY } from "../../queue/kinds.js";
import { pairSession } from "../../queue/pair.js";
import { forkEnd, programEnd, type RemoteEnd, threadEnd } from "../../queue/remote-end.js";
import { buildQueueCpp, buildQueueGo, CPP, GO } from "./programs.js";

/** Trips have one entry under way. */
const TRIP_CAPACITY = 1;

/** Two worker_threads, nothing native. */
export const ringThreads: Contender = {
  id: "ring-threads",
  title: "ring, JS to JS, threads",
  workloads: ["W8"],
  queue: KINDS,
  build: async () => {},
  open: async () => {
    const entries = (capacity: number) => Ring.create({ entry: f64, capacity }).memory;
    const place = {
      transport: "ring",
      memories: {
        entries: entries(CAPACITY),
        messages: MessageRing.create({ capacity: MESSAGE_CAPACITY }).memory,
        there: entries(TRIP_CAPACITY),
        back: entries(TRIP_CAPACITY),
      },
    } as const;
    return pairSession([await threadEnd(place, "producer"), await threadEnd(place, "consumer")]);
  },
};

/** A thread of the host and a Node process. */
export const ringProcesses = shared({
  id: "ring-processes",
  title: "ring, JS to JS, processes",
  build: async () => {},
  ends: async (rings, fds) => [
    await threadEnd({ transport: "shared", rings }, "producer"),
    await forkEnd(["shared", "consumer"], { fds }),
  ],
});

export const ringJsGo = shared({
  id: "ring-js-go",
  title: "ring, JS to Go",
  build: buildQueueGo,
  ends: async (rings, fds) => [
    await threadEnd({ transport: "shared", rings }, "producer"),
    await programEnd(GO, ["consumer"], fds),
  ],
});

export const ringGoJs = shared({
  id: "ring-go-js",
  title: "ring, Go to JS",
  build: buildQueueGo,
  ends: async (rings, fds) => [
    await programEnd(GO, ["producer"], fds),
    await threadEnd({ transport: "shared", rings }, "consumer"),
  ],
});

/** Two threads of one Go program, over memory and doorbells that other processes could have. */
export const ringGoGo = shared({
  id: "ring-go-go",
  title: "ring, Go to Go",
  build: buildQueueGo,
  ends: async (_, fds) => [await programEnd(GO, ["both"], fds)],
});

/** Two threads of one C++ program. */
export const ringCpp: Contender = {
  id: "ring-cpp",
  title: "ring, C++ to C++",
  workloads: ["W8"],
  queue: KINDS,
  build: buildQueueCpp,
  open: async () => pairSession([await programEnd(CPP, ["ring"], [])]),
};

/** The same where neither ever sleeps, as in rigtorp's. */
export const ringCppSpin: Contender = {
  id: "ring-cpp-spin",
  title: "ring, C++ to C++, never asleep",
  workloads: ["W8"],
  queue: ["one", "batch"],
  build: buildQueueCpp,
  open: async () => pairSession([await programEnd(CPP, ["ring-spin"], [])]),
};

type SharedRings = ReturnType<typeof handles>;

/** A row whose ends are in different processes: the host makes the queues, and passes them on as fds. */
function shared(row: {
  readonly id: string;
  readonly title: string;
  readonly build: () => Promise<void>;
  readonly ends: (rings: SharedRings, fds: readonly number[]) => Promise<RemoteEnd[]>;
}): Contender {
  const { id, title, build, ends } = row;
  return {
    id,
    title,
    workloads: ["W8"],
    queue: KINDS,
    build,
    open: async () => {
      // Loaded only here: it needs the addon.
      const { SharedMessageRing, SharedRing } = await import("@x/mem-ring/process");
      const entries = (capacity: number) => SharedRing.create({ entry: f64, capacity });
      const rings = {
        entries: entries(CAPACITY),
        messages: SharedMessageRing.create({ capacity: MESSAGE_CAPACITY }),
        there: entries(TRIP_CAPACITY),
        back: entries(TRIP_CAPACITY),
      };
      const all = [rings.entries, rings.messages, rings.there, rings.back];
      const opened = await ends(
        handles(rings),
        all.flatMap(({ fds }) => fds),
      );
      return pairSession(opened, () => {
        for (const ring of all) ring.close();
      });
    },
  };
}

function handles(rings: Record<"entries" | "messages" | "there" | "back", { readonly handle: Handle }>) {
  const { entries, messages, there, back } = rings;
  return { entries: entries.handle, messages: messages.handle, there: there.handle, back: back.handle };
}

type Handle = import("@x/mem-ring/process").Handle;
