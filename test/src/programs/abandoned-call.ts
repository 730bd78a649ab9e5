// Gives up a call whose handler goes on: nobody waits for it any more, so the program may end.
import { patience } from "../gen/trust.js";

const controller = new AbortController();
const call = patience.ignore(new Uint8Array(10), 60_000, { signal: controller.signal });
await patience.remaining();
controller.abort(new Error("enough"));
await call.catch((error: Error) => console.log(error.message));
