// Runs on one processor: awaited calls one after the other, many at once, and handlers that burn.
import { inspect } from "@x/ts2go";
import { trust } from "../gen/trust.js";

let sum = 0;
for (let i = 0; i < 2000; i++) sum += await trust.add(i, 1);
await Promise.all(Array.from({ length: 2000 }, (_, i) => (i % 100 === 0 ? trust.burn(1000) : trust.add(i, 1))));
console.log(JSON.stringify({ sum, spins: inspect(trust).waits.spins }));
