// Maps the region that it has inherited and sleeps on a word of it.
import { native, Region } from "@x/mem-ring/channel";

const region = Region.open(Number(process.argv[2]), [3, 4, 5]);
const words = new Int32Array(region.buffer);
const at = Number(process.argv[3]);
const answer = native.futexWait(words, at, 0, 20_000);
Atomics.store(words, at, 42);
console.log(answer);
