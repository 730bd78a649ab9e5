import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { buildGoProgram } from "../../build-steps/addon.js";
import { isFresh } from "../../build-steps/fresh.js";
import { BENCH, contenderFolder } from "../../build-steps/paths.js";
import { runStep } from "../../build-steps/run.js";

const GO_FOLDER = contenderFolder("queue-go");
const CPP_FOLDER = contenderFolder("queue-cpp");

/** The ends of the queue in Go, and in C++. */
export const GO = `${GO_FOLDER}bin/queue-go`;
export const CPP = `${CPP_FOLDER}bin/queue-cpp`;

/** What the C++ program is made from beside its own file: the header of the ring, and the stand-in for rigtorp's. */
const RING = `${BENCH}../ring/include`;
const STAND_IN = `${BENCH}../ring/test/cpp`;
const RIGTORP_HEADERS = ["/usr/include/rigtorp/SPSCQueue.h", "/usr/local/include/rigtorp/SPSCQueue.h"];

/** Whether rigtorp's own header is installed; else a queue written from its documented design runs in its place. */
export const RIGTORP = RIGTORP_HEADERS.some((path) => existsSync(path));

export function buildQueueGo(): Promise<void> {
  return buildGoProgram(GO_FOLDER, "queue-go");
}

export async function buildQueueCpp(): Promise<void> {
  if (isFresh(CPP, [CPP_FOLDER, RING, STAND_IN])) return;
  await mkdir(`${CPP_FOLDER}bin`, { recursive: true });
  const includes = [RING, STAND_IN].map((folder) => `-I${folder}`);
  await runStep(CPP_FOLDER, process.env.CXX ?? "g++", [
    "-std=c++17",
    "-O3",
    "-pthread",
    ...includes,
    "main.cc",
    "-o",
    CPP,
  ]);
}
