import type { Contender } from "../contender.js";
import { cgoBatched, cgoBatchedAsleep, cgoCompletions } from "./cgo-batched/index.js";
import { cgoPerCall } from "./cgo-per-call.js";
import { eventfd } from "./eventfd.js";
import { ringSpawn, ringSpawnAsleep, ringSpawnBorrowed } from "./ring.js";

/** Everybody, in the order of the tables. */
export const contenders: readonly Contender[] = [
  ringSpawn,
  ringSpawnBorrowed,
  ringSpawnAsleep,
  cgoBatched,
  cgoBatchedAsleep,
  cgoCompletions,
  cgoPerCall,
  eventfd,
];
