/**
 * A Node process with one end of a queue, started by `remote-end.ts`: an end of rings by their fds, or the consumer of its
 * standard input or of a socket.
 */
import { createServer, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import type { Done, End, Job, Role } from "./end.js";
import { run } from "./end.js";
import { streamConsumer } from "./ends/stream.js";
import { type Fds, makeEnd } from "./transports.js";

const [transport, argument = ""] = process.argv.slice(2);

async function open(): Promise<End> {
  if (transport === "shared") return makeEnd({ transport, rings: ringsFrom(FIRST_FD) }, argument as Role);
  if (transport === "stdin") return streamConsumer(process.stdin, process.stdout);
  const socket = await accepted(argument);
  return streamConsumer(socket as Readable, socket);
}

/** Behind stdin, stdout, stderr and the channel of `fork`. */
const FIRST_FD = 4;

function ringsFrom(first: number) {
  const fds = (i: number): Fds => [first + 3 * i, first + 3 * i + 1, first + 3 * i + 2];
  return { entries: fds(0), messages: fds(1), there: fds(2), back: fds(3) };
}

/** Listens at a path and says so; the first to connect is the producer. */
function accepted(path: string): Promise<Socket> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      server.close();
      resolve(socket);
    });
    server.listen(path, () => process.send?.("listening"));
  });
}

process.on("disconnect", () => process.exit());
new Worker(new URL("./watchdog.js", import.meta.url)).unref();
const opened = open();
process.on("message", async (job: Job) => {
  const done: Done = await opened.then(
    (end) => run(end, job),
    (error: Error) => ({ error: error.message }),
  );
  process.send?.(done);
});
await opened;
process.send?.("ready");
