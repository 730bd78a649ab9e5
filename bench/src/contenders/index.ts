import type { Contender } from "../contender.js";
import { cgoBatched, cgoBatchedAsleep, cgoCompletions } from "./cgo-batched/index.js";
import { cgoPerCall } from "./cgo-per-call.js";
import { connect } from "./connect/index.js";
import { eventfd } from "./eventfd.js";
import { grpcTcp, grpcUnix, grpcUnixStream } from "./grpc/index.js";
import { httpJson } from "./http-json.js";
import { koffi } from "./koffi.js";
import { atomicsRing, memcpyGo, memcpyJs, messagePort, pipe, rigtorp, socket } from "./queue/peers.js";
import { ringCpp, ringCppSpin, ringGoGo, ringGoJs, ringJsGo, ringProcesses, ringThreads } from "./queue/rings.js";
import { ringSpawn, ringSpawnAsleep, ringSpawnBorrowed, ringSpawnCopied, ringSpawnSync } from "./ring.js";
import { stdioJson } from "./stdio-json.js";
import { unixSocket } from "./unix-socket/index.js";

/** Everybody, in the order of the tables. */
export const contenders: readonly Contender[] = [
  ringSpawn,
  ringSpawnBorrowed,
  ringSpawnAsleep,
  ringSpawnSync,
  ringSpawnCopied,
  cgoBatched,
  cgoBatchedAsleep,
  cgoCompletions,
  cgoPerCall,
  koffi,
  unixSocket,
  stdioJson,
  httpJson,
  grpcTcp,
  grpcUnix,
  grpcUnixStream,
  connect,
  ringThreads,
  ringProcesses,
  ringJsGo,
  ringGoJs,
  ringGoGo,
  ringCpp,
  ringCppSpin,
  rigtorp,
  messagePort,
  atomicsRing,
  pipe,
  socket,
  memcpyJs,
  memcpyGo,
  eventfd,
];
