import { layout, Region } from "@x/mem-ring/channel";
import { Channel, type ChannelEvents } from "../call/channel.js";
import * as P from "../call/protocol.js";
import type { Providers } from "../client/node-service.js";
import type { Options } from "../client/options.js";
import type { ServiceSpec } from "../client/service.js";
import { describeExit, RingError, SchemaMismatchError, Ts2goError, WorkerStartError } from "../errors.js";
import { differences, obstacles } from "../schema/difference.js";
import type { Schema } from "../schema/index.js";
import type { ControlMessage, Hello, Refused } from "../worker/control.js";
import { WorkerProcess } from "../worker/process.js";

/** Room for the rings beside the arenas is part of the region's size. */
function makeRegion(service: ServiceSpec, options: Options): Region {
  const callbacks = service.schema.callbacks !== undefined;
  const region = createRegion(service, options, callbacks);
  const { regionSize, requestArenaSize } = region.header;
  if (callbacks && requestArenaSize < 2 * layout.ARENA_ALIGN) {
    region.close();
    throw new Ts2goError(
      "ERR_INVALID_OPTION",
      `connect: option regionSize: expected at least ${regionSize + 2 * layout.ARENA_ALIGN} where Go calls TypeScript, because replies have a part of it; got ${options.regionSize}`,
    );
  }
  return region;
}

/** Where Go calls, ring toNode is twice as long: one half for as many completions as ever, one for Go's calls. */
function createRegion(service: ServiceSpec, options: Options, callbacks: boolean): Region {
  const { regionSize: size, capacity } = options;
  try {
    return Region.create(
      { size, toGoCapacity: capacity, toNodeCapacity: callbacks ? 2 * capacity : capacity },
      Buffer.from(service.schemaHash, "hex"),
    );
  } catch (error) {
    if (!(error instanceof RingError && error.code === "ERR_RING_INVALID_OPTION")) throw error;
    // The queue has other words for it than the user of connect.
    throw new Ts2goError(
      "ERR_INVALID_OPTION",
      `connect: options regionSize and capacity: expected two that go together, got ${size} and ${capacity}: ${error.message}`,
      { cause: error },
    );
  }
}

/**
 * Starts one worker, of the program `binary`, and shakes hands with it.
 *
 * @throws {WorkerStartError} that names why.
 */
export async function startWorker(
  service: ServiceSpec,
  options: Options,
  binary: string,
  events: ChannelEvents,
  providers: Providers,
): Promise<{ channel: Channel; worker: WorkerProcess }> {
  const region = makeRegion(service, options);
  let onMessage: (message: ControlMessage) => void = () => {};
  const answered = new Promise<ControlMessage>((resolve) => {
    onMessage = resolve;
  });
  let worker: WorkerProcess | undefined;
  try {
    const compat = service.compat === true;
    const started = new WorkerProcess({ ...options, compat, binary }, region, (message) => onMessage(message));
    worker = started;
    const hello = await answer(service, binary, started, answered, options.startTimeout);
    check(service, region, hello);
    const high = Number(BigInt(`0x${hello.base}`) >> 32n);
    const answering = { schema: service.schema, providers, onOnewayError: options.onOnewayError };
    const names = (schema: Schema) => schema.methods.map((m) => m.name);
    let channel: Channel;
    if (hello.schemaHash === service.schemaHash) {
      channel = new Channel(region, high, names(service.schema), options.spin, events, answering);
    } else {
      const there = otherSchema(service, hello);
      // Only here: hardly any connection is between two versions.
      const { AdaptedChannel, AdaptedMethods, AdaptedProviders } = await import("../compat/index.js");
      const methods = new AdaptedMethods(service.schema, there);
      const adapted = new AdaptedProviders(service.schema, there, methods, providers);
      channel = new AdaptedChannel(methods, region, high, names(there), options.spin, events, {
        ...answering,
        schema: adapted.schema,
        providers: adapted,
      });
    }
    worker.unref();
    return { channel, worker };
  } catch (error) {
    worker?.kill();
    region.close();
    throw error;
  }
}

async function answer(
  service: ServiceSpec,
  binary: string,
  worker: WorkerProcess,
  answered: Promise<ControlMessage>,
  timeoutMs: number,
): Promise<Hello> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new WorkerStartError(
          "timeout",
          `the Go program ${binary} did not report within ${timeoutMs} ms: does its main call ts2go.Main? (option startTimeout)`,
        ),
      );
    }, timeoutMs);
  });
  const gone = worker.exited.then(
    async (exit) => {
      // It may have said why before it went.
      const last = await Promise.race([answered, Promise.resolve(undefined)]);
      if (last !== undefined) return last;
      throw new WorkerStartError(
        "crashed",
        `the Go program ${binary} ${describeExit(exit)}\nbefore it was ready`,
        exit,
      );
    },
    (cause: Error) => {
      throw new WorkerStartError(
        "not-executable",
        `the Go program ${binary} cannot be run: ${cause.message}`,
        undefined,
        { cause },
      );
    },
  );
  try {
    const message = await Promise.race([answered, gone, late]);
    if (message.hello !== undefined) return message.hello;
    throw refusal(service, message.refused);
  } finally {
    clearTimeout(timer);
    gone.catch(() => {});
  }
}

function refusal(service: ServiceSpec, refused: Refused | undefined): Error {
  if (refused?.reason === "schema" && refused.schema !== undefined) {
    const there = JSON.parse(refused.schema) as Schema;
    return new SchemaMismatchError(differences(service.schema, there), advice(service, there));
  }
  return new WorkerStartError(
    "refused",
    `the Go program refuses to serve: ${refused?.message ?? "it did not say why"}`,
  );
}

/** What to do about differences that both ends could live with, and one does not want to. */
function advice(service: ServiceSpec, there: Schema): string | undefined {
  if (obstacles(service.schema, there).length > 0) return undefined;
  const strict = service.compat === true ? "the Go program was" : "this client was";
  return `Run \`ts2go build\`. The two would go together, but ${strict} generated without \`--compat\`.`;
}

/**
 * The schema of a Go program that serves other versions than its own, too.
 *
 * @throws {SchemaMismatchError} names what a connection cannot bridge.
 */
function otherSchema(service: ServiceSpec, hello: Hello): Schema {
  const there = JSON.parse(hello.schema as string) as Schema;
  const found = obstacles(service.schema, there);
  if (found.length > 0) throw new SchemaMismatchError(found);
  return there;
}

/** The worker has to be the one that was started here, for this region and this schema, or for another that it names. */
function check(service: ServiceSpec, region: Region, hello: Hello): void {
  const refuse = (what: string, expected: unknown, received: unknown): never => {
    throw new WorkerStartError(
      "refused",
      `the Go program's ${what} is ${received}, expected ${expected}: build it with the same release of ts2go`,
    );
  };
  if (hello.protocol !== P.PROTOCOL_VERSION) refuse("call protocol", P.PROTOCOL_VERSION, hello.protocol);
  if (hello.nonce !== region.header.nonce.toString(16)) refuse("nonce", region.header.nonce.toString(16), hello.nonce);
  const adaptable = service.compat === true && hello.schema !== undefined;
  if (hello.schemaHash !== service.schemaHash && !adaptable)
    refuse("schema hash", service.schemaHash, hello.schemaHash);
  if (!/^[0-9a-f]+00000000$/.test(hello.base)) refuse("base address", "a multiple of 4 GiB", hello.base);
}
