import { once } from "node:events";
import type { ClientDuplexStream, ClientReadableStream, ClientWritableStream, ServiceError } from "@grpc/grpc-js";
import type { Reading } from "../../bench.js";
import type { Streams } from "../../contender.js";

/** The streams of the client that @grpc/grpc-js makes of bench.proto. */
export interface StreamService {
  readings(request: { size: number }): ClientReadableStream<Reading>;
  total(done: (error: ServiceError | null, response?: { amount: number }) => void): ClientWritableStream<Reading>;
  mirror(): ClientDuplexStream<Reading, Reading>;
}

/** A call that streams is a stream of Node's, which is read by `for await` and written until it says to wait. */
export function streams(service: StreamService): Streams {
  return {
    readings: (size) => service.readings({ size }),
    total: (readings) =>
      new Promise((resolve, reject) => {
        const call = service.total((error, response) => {
          if (error || !response) reject(error ?? new Error("no total"));
          else resolve(response.amount);
        });
        writeAll(call, readings).catch(reject);
      }),
    mirror: (readings) => {
      const call = service.mirror();
      writeAll(call, readings).catch((error: Error) => call.destroy(error));
      return call;
    },
  };
}

async function writeAll(call: ClientWritableStream<Reading>, readings: AsyncIterable<Reading>): Promise<void> {
  for await (const reading of readings) if (!call.write(reading)) await once(call, "drain");
  call.end();
}
