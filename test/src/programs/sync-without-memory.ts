// Makes sync calls for which the memory is taken by this thread itself, and prints what became of them.
import { type Client, connect, inspect } from "@x/ts2go";
import { Leases } from "../gen/trust.js";

/** Bytes that are no lease are copied, whatever the type says. */
const bytes = (n: number) => new Uint8Array(n).fill(1) as never;

function refusal(client: Client<Leases>) {
  try {
    client.sync.sum(bytes(400_000));
    return {};
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return { code, message, queued: inspect(client).queued };
  }
}

// Calls share some 750 kB.
const client = await connect(Leases, { regionSize: 2 << 20, capacity: 64 });

let end = () => {};
const ended = new Promise<void>((resolve) => {
  end = resolve;
});
async function* none(): AsyncGenerator<number> {
  await ended;
  yield* [];
}
const both = client.both(bytes(500_000), none());
const besideStream = refusal(client);
// What the error says can be done.
const sum = client.sum(bytes(400_000));
end();
const afterStream = [await both, await sum].map(String);

const mine = client.alloc(500_000);
const besideBytes = refusal(client);
mine[Symbol.dispose]();
const afterBytes = [client.sync.sum(bytes(400_000))].map(String);

await client.close();
console.log(
  JSON.stringify([
    { ...besideStream, afterwards: afterStream },
    { ...besideBytes, afterwards: afterBytes },
  ]),
);
