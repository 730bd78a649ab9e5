import { createClient } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { Calls, Streams } from "../../contender.js";
import { Bench } from "./gen/bench_pb.js";

/** What one session may hold, in megabytes; with Node's 10, eight payloads of 16 MiB end with ENHANCE_YOUR_CALM. */
const SESSION_MEGABYTES = 1024;

/** The calls, over one HTTP/2 session. */
export class Client {
  readonly calls: Calls;
  readonly streams: Streams;
  readonly #session: Http2SessionManager;

  constructor(baseUrl: string) {
    this.#session = new Http2SessionManager(baseUrl, {}, { maxSessionMemory: SESSION_MEGABYTES });
    const transport = createConnectTransport({
      baseUrl,
      httpVersion: "2",
      sessionManager: this.#session,
      acceptCompression: [], // there is no network here that it would spare
    });
    const client = createClient(Bench, transport);
    this.calls = {
      check: async (req) => ({ pass: (await client.check(req)).pass }),
      checkSlowly: async (req) => ({ pass: (await client.checkSlowly(req)).pass }),
      checkLong: async (req) => ({ pass: (await client.checkLong(req)).pass }),
      checkBusy: async (req) => ({ pass: (await client.checkBusy(req)).pass }),
      take: async (payload) => (await client.take({ payload })).sum,
      give: async (size) => (await client.give({ size })).payload,
      echo: async (payload) => (await client.echo({ payload })).payload,
    };
    this.streams = {
      readings: (size) => client.readings({ size }),
      total: async (readings) => (await client.total(readings)).amount,
      mirror: (readings) => client.mirror(readings),
    };
  }

  close(): void {
    this.#session.abort();
  }
}
