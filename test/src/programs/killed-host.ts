// Prints the worker's pid and keeps it busy, until somebody kills this process.
import { inspect } from "@x/ts2go";
import { trust } from "../gen/trust.js";

await trust.ping();
console.log(inspect(trust).pid);
for (;;) await Promise.all(Array.from({ length: 8 }, () => trust.burn(200_000)));
