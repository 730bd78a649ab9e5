import type { Calls } from "../../contender.js";
import { checkRequest, fromBase64, type JsonRequest, type JsonResponse, toBase64 } from "./messages.js";

/** Sends the request of a method and gives its answer. */
export type Send = (method: keyof Calls, request: JsonRequest) => Promise<JsonResponse>;

/** The calls over any way to send JSON. */
export function jsonCalls(send: Send): Calls {
  const pass = async (answer: Promise<JsonResponse>) => ({ pass: (await answer).pass });
  return {
    check: (req) => pass(send("check", checkRequest(req))),
    checkSlowly: (req) => pass(send("checkSlowly", checkRequest(req))),
    checkLong: (req) => pass(send("checkLong", checkRequest(req))),
    checkBusy: (req) => pass(send("checkBusy", checkRequest(req))),
    take: async (payload) => (await send("take", { payload: toBase64(payload) })).sum,
    give: async (size) => fromBase64((await send("give", { size })).payload),
    echo: async (payload) => fromBase64((await send("echo", { payload: toBase64(payload) })).payload),
  };
}
