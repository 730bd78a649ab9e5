// Futexes on a word of a region, shared between processes. V8's own waiters (Atomics.wait) live in a list inside V8
// and hear no futex call, and Atomics.notify wakes nobody outside the process: so both ends of a wait must be here.
#include "native.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <ctime>
#include <unistd.h>

namespace mem_ring {
namespace {

uint32_t* Word(const Napi::CallbackInfo& info) {
  Napi::Int32Array view = info[0].As<Napi::Int32Array>();
  uint32_t index = info[1].As<Napi::Number>().Uint32Value();
  if (index >= view.ElementLength()) {
    Napi::RangeError::New(info.Env(), "futex: the index lies outside the view").ThrowAsJavaScriptException();
    return nullptr;
  }
  return reinterpret_cast<uint32_t*>(view.Data()) + index;
}

// futexWait(view, index, expected, timeoutMs): sleeps while the word is `expected`. "ok", "not-equal" or "timed-out".
// Blocks the thread. Infinity and NaN wait for ever, and less than 0 is 0, as for Atomics.wait.
Napi::Value FutexWait(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  uint32_t* word = Word(info);
  if (word == nullptr) return env.Undefined();
  uint32_t expected = info[2].As<Napi::Number>().Uint32Value();
  double ms = info[3].As<Napi::Number>().DoubleValue();
  if (ms < 0) ms = 0;
  struct timespec timeout = {};
  // 31,000 years are for ever, too: a number that fits no time_t must not be converted.
  const bool for_ever = !(ms < 1e15);
  if (!for_ever) {
    timeout.tv_sec = static_cast<time_t>(ms / 1000);
    timeout.tv_nsec = static_cast<long>((ms - 1000.0 * static_cast<double>(timeout.tv_sec)) * 1e6);
  }
  // EINTR (a signal) returns "ok": every waiter looks at the word again after a wake.
  if (syscall(SYS_futex, word, FUTEX_WAIT, expected, for_ever ? nullptr : &timeout, nullptr, 0) == 0 || errno == EINTR) {
    return Napi::String::New(env, "ok");
  }
  if (errno == EAGAIN) return Napi::String::New(env, "not-equal");
  if (errno == ETIMEDOUT) return Napi::String::New(env, "timed-out");
  ThrowErrno(env, "futex", errno);
  return env.Undefined();
}

// futexWake(view, index, count): wakes waiters of the word in every process and returns how many.
Napi::Value FutexWake(const Napi::CallbackInfo& info) {
  uint32_t* word = Word(info);
  if (word == nullptr) return info.Env().Undefined();
  long n = syscall(SYS_futex, word, FUTEX_WAKE, info[2].As<Napi::Number>().Int32Value(), nullptr, nullptr, 0);
  return Napi::Number::New(info.Env(), static_cast<double>(n));
}

}  // namespace

void InitFutex(Napi::Env env, Napi::Object exports) {
  exports.Set("futexWait", Napi::Function::New<FutexWait>(env));
  exports.Set("futexWake", Napi::Function::New<FutexWake>(env));
}

}  // namespace mem_ring
