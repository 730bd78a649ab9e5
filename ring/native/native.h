// The addon's only door to Node-API: every other file includes this one.
//
// Rules, each of which was somebody's bug before it was a rule:
//  1. State belongs to the environment (a worker_thread has one of its own), never to a global.
//  2. Whatever has a libuv handle closes it in an asynchronous cleanup hook, and is freed in the last close callback.
//  3. No thread but the environment's own calls into it; any other one goes through a thread-safe function.
//  4. A file descriptor has one owner, which closes it once.
#pragma once

#include <napi.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <string>

namespace mem_ring {

// Throws a JavaScript Error with the code of a system call's errno, as Node's own do.
inline void ThrowErrno(Napi::Env env, const char* call, int error) {
  Napi::Error e = Napi::Error::New(env, std::string(call) + ": " + strerror(error));
  e.Set("syscall", Napi::String::New(env, call));
  e.Set("errno", Napi::Number::New(env, error));
  e.ThrowAsJavaScriptException();
}

// Rings a doorbell. EAGAIN would mean that 2^64 - 2 rings are waiting to be heard: then it is readable, which is all that is
// wanted.
inline void RingEventfd(int fd) {
  uint64_t one = 1;
  while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
}

// What a function that was made with `data` belongs to.
template <typename T>
T* DataOf(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  return static_cast<T*>(data);
}

struct Method {
  const char* name;
  napi_callback function;
};

// An object with these functions, which find `data` by DataOf.
inline napi_value ObjectWith(napi_env env, std::initializer_list<Method> methods, void* data) {
  napi_value object;
  napi_create_object(env, &object);
  for (const Method& method : methods) {
    napi_value function;
    napi_create_function(env, method.name, NAPI_AUTO_LENGTH, method.function, data, &function);
    napi_set_named_property(env, object, method.name, function);
  }
  return object;
}

// A function of JavaScript's that the event loop calls.
class LoopCallback {
 public:
  LoopCallback(napi_env env, napi_value function) : env_(env) {
    napi_create_reference(env, function, 1, &function_);
    napi_value name;
    napi_create_string_utf8(env, "mem-ring", NAPI_AUTO_LENGTH, &name);
    napi_async_init(env, nullptr, name, &async_);
  }

  LoopCallback(const LoopCallback&) = delete;
  LoopCallback& operator=(const LoopCallback&) = delete;

  ~LoopCallback() {
    napi_delete_reference(env_, function_);
    napi_async_destroy(env_, async_);
  }

  // Calls it with one number. What it throws is the program's uncaught exception.
  void Call(uint32_t number) {
    napi_handle_scope scope;
    napi_open_handle_scope(env_, &scope);
    napi_value function, receiver, argument, result;
    napi_get_reference_value(env_, function_, &function);
    napi_get_global(env_, &receiver);
    napi_create_uint32(env_, number, &argument);
    // napi_make_callback runs the microtasks when the callback is done: the continuations of awaited calls.
    if (napi_make_callback(env_, async_, receiver, function, 1, &argument, &result) != napi_ok) {
      bool pending = false;
      napi_is_exception_pending(env_, &pending);
      if (pending) {
        napi_value error;
        napi_get_and_clear_last_exception(env_, &error);
        napi_fatal_exception(env_, error);
      }
    }
    napi_close_handle_scope(env_, scope);
  }

 private:
  napi_env env_;
  napi_ref function_ = nullptr;
  napi_async_context async_ = nullptr;
};

void InitRegion(Napi::Env env, Napi::Object exports);
void InitCopy(Napi::Env env, Napi::Object exports);
void InitLease(Napi::Env env, Napi::Object exports);
void InitDoorbell(Napi::Env env, Napi::Object exports);
void InitFutex(Napi::Env env, Napi::Object exports);
void InitWaiter(Napi::Env env, Napi::Object exports);
void InitGuardian(Napi::Env env, Napi::Object exports);
void InitPoll(Napi::Env env, Napi::Object exports);
void InitPeer(Napi::Env env, Napi::Object exports);
void InitSocket(Napi::Env env, Napi::Object exports);

}  // namespace mem_ring
