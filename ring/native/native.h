// The addon's only door to Node-API: every other file includes this one.
//
// Rules, each of which was somebody's bug before it was a rule:
//  1. State belongs to the environment (a worker_thread has one of its own), never to a global.
//  2. Whatever has a libuv handle closes it in an asynchronous cleanup hook, and is freed in the last close callback.
//  3. No thread but the environment's own calls into it; any other one goes through a thread-safe function.
//  4. A file descriptor has one owner, which closes it once.
#pragma once

#include <napi.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace mem_ring {

// Throws a JavaScript Error with the code of a system call's errno, as Node's own do.
inline void ThrowErrno(Napi::Env env, const char* call, int error) {
  Napi::Error e = Napi::Error::New(env, std::string(call) + ": " + strerror(error));
  e.Set("syscall", Napi::String::New(env, call));
  e.Set("errno", Napi::Number::New(env, error));
  e.ThrowAsJavaScriptException();
}

void InitRegion(Napi::Env env, Napi::Object exports);
void InitCopy(Napi::Env env, Napi::Object exports);
void InitDoorbell(Napi::Env env, Napi::Object exports);
void InitFutex(Napi::Env env, Napi::Object exports);
void InitWaiter(Napi::Env env, Napi::Object exports);
void InitGuardian(Napi::Env env, Napi::Object exports);
void InitPoll(Napi::Env env, Napi::Object exports);
void InitPeer(Napi::Env env, Napi::Object exports);
void InitSocket(Napi::Env env, Napi::Object exports);

}  // namespace mem_ring
