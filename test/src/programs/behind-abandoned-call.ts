// The only place belongs to a call that was given up, and a call waits behind it: this program ends when that is answered.
import { connect } from "@x/ts2go";
import { Patience } from "../gen/trust.js";

const client = await connect(Patience, { capacity: 1 });
const controller = new AbortController();
const given = client.ignore(new Uint8Array(1), 300, { signal: controller.signal });
controller.abort("enough");
await given.catch((reason: unknown) => console.log(reason));
console.log(await client.remaining());
