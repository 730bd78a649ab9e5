// The table of contents: what the addon gives to JavaScript. Types stand in ring/src/native.ts.
#include "native.h"

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  mem_ring::InitRegion(env, exports);
  mem_ring::InitCopy(env, exports);
  mem_ring::InitLease(env, exports);
  mem_ring::InitDoorbell(env, exports);
  mem_ring::InitFutex(env, exports);
  mem_ring::InitWaiter(env, exports);
  mem_ring::InitGuardian(env, exports);
  mem_ring::InitPoll(env, exports);
  mem_ring::InitPeer(env, exports);
  mem_ring::InitSocket(env, exports);
  return exports;
}

NODE_API_MODULE(mem_ring, Init)
