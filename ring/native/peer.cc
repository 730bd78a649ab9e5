// The other end of a queue: noticing its death, and leaving word of this thread's own.
#include "native.h"

#include <atomic>
#include <sys/syscall.h>
#include <unistd.h>

namespace mem_ring {
namespace {

// openPidfd(pid): an fd that can be read when the process has ended, or -1 if there is none of that number.
Napi::Value OpenPidfd(const Napi::CallbackInfo& info) {
  int fd = static_cast<int>(syscall(SYS_pidfd_open, info[0].As<Napi::Number>().Int32Value(), 0));
  if (fd < 0 && errno != ESRCH) {
    ThrowErrno(info.Env(), "pidfd_open", errno);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), fd);
}

// What a thread leaves behind if it ends without closing its end: the word that says so, and a ring.
struct Testament {
  napi_env env;
  napi_ref memory;
  std::atomic<uint32_t>* word;
  std::atomic<uint32_t>* flag;
  uint32_t value;
  int doorbell;
};

void Execute(void* arg) {
  auto* t = static_cast<Testament*>(arg);
  uint32_t open = 0;
  // SYNC POINT: no more entries, nobody reads. Pairs with the other side's load after it has armed its flag. What the thread
  // has stored itself stays.
  t->word->compare_exchange_strong(open, t->value);
  // Whatever the word and the flag say: the thread may have ended between its own store and its ring.
  t->flag->exchange(0);
  RingEventfd(t->doorbell);
  napi_delete_reference(t->env, t->memory);
  delete t;
}

// atThreadEnd(memory: Uint8Array, word, flag, value, doorbell): when this JavaScript environment ends and the word is
// still 0, stores `value`, exchanges the flag to 0 and rings the doorbell. The result takes that back.
Napi::Value AtThreadEnd(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Uint8Array memory = info[0].As<Napi::Uint8Array>();
  uint32_t word = info[1].As<Napi::Number>().Uint32Value();
  uint32_t flag = info[2].As<Napi::Number>().Uint32Value();
  auto outside = [&](uint32_t at) { return at % 4 != 0 || uint64_t{at} + 4 > memory.ByteLength(); };
  if (outside(word) || outside(flag)) {
    Napi::RangeError::New(env, "atThreadEnd: an offset lies outside the memory").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  auto* t = new Testament{env,
                          nullptr,
                          reinterpret_cast<std::atomic<uint32_t>*>(memory.Data() + word),
                          reinterpret_cast<std::atomic<uint32_t>*>(memory.Data() + flag),
                          info[3].As<Napi::Number>().Uint32Value(),
                          info[4].As<Napi::Number>().Int32Value()};
  napi_create_reference(env, memory, 1, &t->memory);
  napi_add_env_cleanup_hook(env, Execute, t);
  // Called once, by the end that closes (ring/src/process/doorbells.ts).
  return Napi::Function::New(
      env,
      [](const Napi::CallbackInfo& call) {
        auto* testament = static_cast<Testament*>(call.Data());
        napi_remove_env_cleanup_hook(call.Env(), Execute, testament);
        napi_delete_reference(call.Env(), testament->memory);
        delete testament;
      },
      "revoke", t);
}

}  // namespace

void InitPeer(Napi::Env env, Napi::Object exports) {
  exports.Set("openPidfd", Napi::Function::New<OpenPidfd>(env));
  exports.Set("atThreadEnd", Napi::Function::New<AtThreadEnd>(env));
}

}  // namespace mem_ring
