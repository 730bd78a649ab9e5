import type { Dispatcher, Pool } from "undici";
import { buildGoProgram } from "../build-steps/addon.js";
import { contenderFolder } from "../build-steps/paths.js";
import { type Contender, IMPORTED } from "../contender.js";
import { GoChild } from "./child/go-child.js";
import { jsonCalls } from "./json/calls.js";
import type { JsonResponse } from "./json/messages.js";

const ID = "http-json";

/** For methods that answer at once: as many connections, and requests on each, as in undici's own benchmark. */
const QUICK = { connections: 50, pipelining: 10 };

/** For methods that wait: each request has a connection to itself, so that none stands behind another. */
const SLOW = { connections: 1024, pipelining: 1 };
const WAITING: ReadonlySet<string> = new Set(["checkSlowly", "checkLong"]);

/** JSON over HTTP/1.1 with keep-alive: contenders/http-json/README.md. */
export const httpJson: Contender = {
  id: ID,
  title: "HTTP/1.1, JSON",
  slowCallsPerSecond: 20_000,
  cannot: {
    W10: "streams are compared with those of gRPC and Connect, which are streams over HTTP",
    W11: "it would be a second server, in Node, as in the rows of gRPC",
  },
  build: () => buildGoProgram(contenderFolder(ID), ID),
  open: async () => {
    // Loaded only here: nobody else's process should carry it.
    const { Pool } = await import("undici");
    performance.mark(IMPORTED);
    const child = await GoChild.start(ID, "tcp");
    const quick = new Pool(`http://${child.address}`, QUICK);
    const slow = new Pool(`http://${child.address}`, SLOW);
    return {
      calls: jsonCalls((method, request) => post(WAITING.has(method) ? slow : quick, method, request)),
      childPid: child.pid,
      close: async () => {
        await Promise.all([quick.destroy(), slow.destroy()]);
        await child.close();
      },
    };
  },
};

function post(pool: Pool, method: string, request: unknown): Promise<JsonResponse> {
  return new Promise((resolve, reject) => {
    pool.dispatch(
      {
        method: "POST",
        path: `/${method}`,
        headers: HEADERS,
        body: JSON.stringify(request),
        // Both are what pipelining needs: it is no harm if a request is sent twice, and none is expected to take long.
        idempotent: true,
        blocking: false,
      },
      new Answer(resolve, reject),
    );
  });
}

const HEADERS = { "content-type": "application/json" };

/** Collects an answer, with no stream in between: `dispatch` is the way that undici's benchmark finds quickest. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: JsonResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;

  constructor(resolve: (answer: JsonResponse) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = (this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)).toString();
    if (this.#status === 200) this.#resolve(JSON.parse(text));
    else this.#reject(new Error(`status ${this.#status}: ${text}`));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
