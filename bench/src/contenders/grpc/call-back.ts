import { once } from "node:events";
import { dirname, join } from "node:path";
import type { ClientDuplexStream, Server, ServiceClientConstructor, ServiceError } from "@grpc/grpc-js";
import { double } from "../../callback.js";
import type { Network } from "../child/go-child.js";

/** Number and slot of a call of Go's, and of its answer, where they are messages of a stream. */
interface Ask {
  readonly slot: number;
  readonly number: number;
}

/** The client of the service that has Go call Node. */
export interface CallBackService {
  run(
    request: { count: number; goroutines: number; host: string },
    done: (error: ServiceError | null, response?: { report: number[] }) => void,
  ): void;
  serve(): ClientDuplexStream<Ask, Ask>;
}

/** How Go reaches Node. */
export interface Host {
  /** What Go connects to; empty where Node has a stream open. */
  readonly address: string;
  close(): void;
}

/** Has Go make calls, by a host that is opened when it is first needed. */
export class CallBack {
  readonly #service: CallBackService;
  readonly #open: () => Promise<Host>;
  #host: Promise<Host> | undefined;

  constructor(service: CallBackService, open: () => Promise<Host>) {
    this.#service = service;
    this.#open = open;
  }

  async run(count: number, goroutines: number): Promise<number[]> {
    this.#host ??= this.#open();
    const { address: host } = await this.#host;
    return new Promise((resolve, reject) => {
      this.#service.run({ count, goroutines, host }, (error, response) => {
        if (error || !response) reject(error ?? new Error("no report"));
        else resolve(response.report);
      });
    });
  }

  async close(): Promise<void> {
    (await this.#host)?.close();
  }
}

/** A server in Node, of which Go is a client: beside Go's own socket, or on a port of its own. */
export async function openServer(service: ServiceClientConstructor, network: Network, child: string): Promise<Host> {
  const { Server, ServerCredentials } = await import("@grpc/grpc-js");
  const server: Server = new Server();
  server.addService(service.service, {
    double: ({ request }: { request: { number: number } }, done: (error: null, response: { number: number }) => void) =>
      void double(request.number).then((number) => done(null, { number })),
  });
  const wanted = network === "unix" ? `unix:${join(dirname(child), "host")}` : "127.0.0.1:0";
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(wanted, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { address: network === "unix" ? wanted : `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** One stream, open as long as this client, on which Go's calls and their answers are messages. */
export async function openStream(service: CallBackService): Promise<Host> {
  const stream = service.serve();
  // It ends when it is closed, or when Go goes: then the report fails as well.
  stream.on("error", () => {});
  stream.on("data", ({ slot, number }: Ask) => {
    double(number).then((answer) => stream.write({ slot, number: answer }));
  });
  await once(stream, "metadata");
  return { address: "", close: () => stream.cancel() };
}
