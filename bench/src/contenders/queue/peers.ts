import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { MessageChannel } from "node:worker_threads";
import type { Contender } from "../../contender.js";
import { AtomicsRing } from "../../queue/ends/atomics.js";
import { streamProducer } from "../../queue/ends/stream.js";
import { KINDS } from "../../queue/kinds.js";
import { pairSession } from "../../queue/pair.js";
import { forkEnd, ownEnd, programEnd, threadEnd } from "../../queue/remote-end.js";
import { buildQueueCpp, buildQueueGo, CPP, GO, RIGTORP } from "./programs.js";

/** What worker_threads have of their own: a message an entry, or a typed array a batch. */
export const messagePort: Contender = {
  id: "message-port",
  title: "MessagePort",
  workloads: ["W8"],
  queue: KINDS,
  build: async () => {},
  open: async () => {
    const { port1, port2 } = new MessageChannel();
    return pairSession([
      await threadEnd({ transport: "port", port: port1 }, "producer"),
      await threadEnd({ transport: "port", port: port2 }, "consumer"),
    ]);
  },
};

/** The ring of most tutorials. It has no batches and no messages. */
export const atomicsRing: Contender = {
  id: "atomics-ring",
  title: "Atomics-only ring",
  workloads: ["W8"],
  queue: ["one", "asleep"],
  build: async () => {},
  open: async () => {
    const place = { transport: "atomics", there: AtomicsRing.memory(), back: AtomicsRing.memory() } as const;
    return pairSession([await threadEnd(place, "producer"), await threadEnd(place, "consumer")]);
  },
};

/** A child's standard input, and its output for the way back. */
export const pipe: Contender = {
  id: "pipe-frames",
  title: "pipe, binary frames",
  workloads: ["W8"],
  queue: KINDS,
  build: async () => {},
  open: async () => {
    const child = await forkEnd(["stdin"], { piped: true });
    const producer = streamProducer(child.stdin as Writable, child.stdout as Readable);
    return pairSession([ownEnd(producer), child]);
  },
};

/** The same over a unix socket. */
export const socket: Contender = {
  id: "socket-frames",
  title: "unix socket, raw frames",
  workloads: ["W8"],
  queue: KINDS,
  build: async () => {},
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), "bench-queue-"));
    const path = join(folder, "socket");
    const child = await forkEnd(["socket", path], { word: "listening" });
    const connection = connect(path);
    await once(connection, "connect");
    // Connected: the name has done its work.
    await rm(folder, { recursive: true });
    return pairSession([ownEnd(streamProducer(connection, connection)), child], () => connection.destroy());
  },
};

/** A queue of C++ that cannot sleep and has no batches. */
export const rigtorp: Contender = {
  id: "rigtorp",
  title: RIGTORP ? "rigtorp SPSCQueue, C++" : "rigtorp SPSCQueue, C++, written from its design",
  workloads: ["W8"],
  queue: ["one"],
  build: buildQueueCpp,
  open: async () => pairSession([await programEnd(CPP, ["rigtorp"], [])]),
};

/** No queues: what copying the messages takes alone, in one thread. */
export const memcpyJs: Contender = {
  id: "memcpy-js",
  title: "memcpy in JavaScript",
  workloads: ["W8"],
  queue: ["message"],
  build: async () => {},
  open: async () => pairSession([await threadEnd({ transport: "copy" }, "producer")]),
};

export const memcpyGo: Contender = {
  id: "memcpy-go",
  title: "memcpy in Go",
  workloads: ["W8"],
  queue: ["message"],
  build: buildQueueGo,
  open: async () => pairSession([await programEnd(GO, ["copy"], [])]),
};
