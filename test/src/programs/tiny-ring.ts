// A ring of one entry, on one processor: Go often answers before it has given the entry back, and then the next call has
// to wait for room while nothing is in flight.
import { connect } from "@x/ts2go";
import { Trust } from "../gen/trust.js";

const client = await connect(Trust, { capacity: 1 });
let sum = 0;
for (let i = 0; i < 3000; i++) sum += await client.add(i, 1);
await client.close();
console.log(sum);
