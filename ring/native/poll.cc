// Waiting until a file descriptor can be read: inside the event loop, or by blocking the thread.
#include "native.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <uv.h>

#include <atomic>
#include <optional>

namespace mem_ring {
namespace {

// Whether the first argument is `true`.
bool FirstIsTrue(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argv[1];
  bool value = false;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  napi_get_value_bool(env, argv[0], &value);
  return value;
}

// A poll handle on one fd. It keeps the event loop alive only while JavaScript says so.
class Watch {
 public:
  static napi_value Create(napi_env env, napi_callback_info info);

 private:
  Watch() = default;
  void Close();

  static napi_value Start(napi_env env, napi_callback_info info);
  static napi_value Stop(napi_env env, napi_callback_info info);
  static napi_value CloseFromJs(napi_env env, napi_callback_info info);

  std::optional<LoopCallback> callback_;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
  uv_poll_t poll_;
  bool closing_ = false;
};

// watchReadable(fd, callback) -> { start(keepAlive), stop(), close() }. The callback runs in every turn of the event loop
// in which the fd can be read, between start and stop. After close nothing may be called.
napi_value Watch::Create(napi_env env, napi_callback_info info) {
  Napi::CallbackInfo args(env, info);
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || loop == nullptr) {
    Napi::Error::New(env, "watchReadable: this runtime has no libuv event loop").ThrowAsJavaScriptException();
    return nullptr;
  }
  auto* w = new Watch();
  // libuv watches an fd once in a loop.
  int error = uv_poll_init(loop, &w->poll_, args[0].As<Napi::Number>().Int32Value());
  if (error != 0) {
    delete w;
    Napi::Error::New(env, std::string("watchReadable: ") + uv_strerror(error)).ThrowAsJavaScriptException();
    return nullptr;
  }
  w->poll_.data = w;
  w->callback_.emplace(env, args[1]);
  napi_add_async_cleanup_hook(
      env, [](napi_async_cleanup_hook_handle, void* arg) { static_cast<Watch*>(arg)->Close(); }, w, &w->cleanup_);

  return ObjectWith(env, {{"start", Start}, {"stop", Stop}, {"close", CloseFromJs}}, w);
}

napi_value Watch::Start(napi_env env, napi_callback_info info) {
  const bool keep_alive = FirstIsTrue(env, info);
  auto* w = DataOf<Watch>(env, info);
  auto* handle = reinterpret_cast<uv_handle_t*>(&w->poll_);
  keep_alive ? uv_ref(handle) : uv_unref(handle);
  if (uv_is_active(handle) == 0) {
    uv_poll_start(&w->poll_, UV_READABLE, [](uv_poll_t* h, int, int) { static_cast<Watch*>(h->data)->callback_->Call(0); });
  }
  return nullptr;
}

napi_value Watch::Stop(napi_env env, napi_callback_info info) {
  uv_poll_stop(&DataOf<Watch>(env, info)->poll_);
  return nullptr;
}

napi_value Watch::CloseFromJs(napi_env env, napi_callback_info info) {
  DataOf<Watch>(env, info)->Close();
  return nullptr;
}

void Watch::Close() {
  if (closing_) return;
  closing_ = true;
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), [](uv_handle_t* h) {
    auto* w = static_cast<Watch*>(h->data);
    // Before the hook, after which the environment may be gone.
    w->callback_.reset();
    napi_remove_async_cleanup_hook(w->cleanup_);
    delete w;
  });
}

// The same where there is no libuv: a thread that waits with poll(), and a thread-safe function that brings the news into
// the event loop. Costs a thread for each watch, and two more switches for each wake.
class ThreadWatch {
 public:
  static napi_value Create(napi_env env, napi_callback_info info);

 private:
  ThreadWatch(int fd, int control) : fd_(fd), control_(control) {}
  static void* Wait(void* watch);
  void Arm();
  void Tell();
  void Close();

  static void CloseAtEnd(void* watch) { static_cast<ThreadWatch*>(watch)->Close(); }
  static void Heard(napi_env env, napi_value callback, void* context, void* data);
  static napi_value Start(napi_env env, napi_callback_info info);
  static napi_value Stop(napi_env env, napi_callback_info info);
  static napi_value CloseFromJs(napi_env env, napi_callback_info info);

  const int fd_;
  // An eventfd by which the waiting thread hears that something below has changed.
  const int control_;
  pthread_t thread_{};
  napi_threadsafe_function call_ = nullptr;
  // Shared with the thread. Armed: it is to tell when the fd can be read, once.
  std::atomic<bool> armed_{false};
  std::atomic<bool> closing_{false};
  // JavaScript's thread only.
  bool started_ = false;
};

// watchByThread(fd, callback) -> { start(keepAlive), stop(), close() }, as watchReadable.
napi_value ThreadWatch::Create(napi_env env, napi_callback_info info) {
  Napi::CallbackInfo args(env, info);
  int control = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (control < 0) {
    ThrowErrno(env, "eventfd", errno);
    return nullptr;
  }
  auto* w = new ThreadWatch(args[0].As<Napi::Number>().Int32Value(), control);
  napi_value name;
  napi_create_string_utf8(env, "mem-ring", NAPI_AUTO_LENGTH, &name);
  napi_create_threadsafe_function(
      env, args[1], nullptr, name, 0, 1, w, [](napi_env, void* data, void*) { delete static_cast<ThreadWatch*>(data); }, w,
      Heard, &w->call_);
  napi_unref_threadsafe_function(env, w->call_);
  int error = pthread_create(&w->thread_, nullptr, Wait, w);
  if (error != 0) {
    ::close(control);
    napi_release_threadsafe_function(w->call_, napi_tsfn_abort);
    ThrowErrno(env, "pthread_create", error);
    return nullptr;
  }
  // Runs before the thread-safe function's own end: the thread must not call into an environment that is gone.
  napi_add_env_cleanup_hook(env, CloseAtEnd, w);

  return ObjectWith(env, {{"start", Start}, {"stop", Stop}, {"close", CloseFromJs}}, w);
}

// The waiting thread.
void* ThreadWatch::Wait(void* watch) {
  auto* w = static_cast<ThreadWatch*>(watch);
  while (!w->closing_) {
    struct pollfd fds[2] = {{w->control_, POLLIN, 0}, {w->armed_ ? w->fd_ : -1, POLLIN, 0}};
    if (poll(fds, 2, -1) < 0) continue;
    uint64_t count;
    if (fds[0].revents != 0 && read(w->control_, &count, sizeof(count)) < 0) continue;
    if (fds[1].revents != 0 && w->armed_.exchange(false)) {
      napi_call_threadsafe_function(w->call_, nullptr, napi_tsfn_nonblocking);
    }
  }
  return nullptr;
}

void ThreadWatch::Tell() { RingEventfd(control_); }

void ThreadWatch::Arm() {
  if (!armed_.exchange(true)) Tell();
}

// In JavaScript's thread, after the waiting thread has told. It may be late: the fd is asked again.
void ThreadWatch::Heard(napi_env env, napi_value callback, void* context, void*) {
  auto* w = static_cast<ThreadWatch*>(context);
  if (env == nullptr || w->closing_ || !w->started_) return;
  struct pollfd fd = {w->fd_, POLLIN, 0};
  if (poll(&fd, 1, 0) > 0) {
    napi_value receiver, result;
    napi_get_global(env, &receiver);
    napi_call_function(env, receiver, callback, 0, nullptr, &result);
  }
  if (w->started_ && !w->closing_) w->Arm();
}

napi_value ThreadWatch::Start(napi_env env, napi_callback_info info) {
  const bool keep_alive = FirstIsTrue(env, info);
  auto* w = DataOf<ThreadWatch>(env, info);
  keep_alive ? napi_ref_threadsafe_function(env, w->call_) : napi_unref_threadsafe_function(env, w->call_);
  if (!w->started_) {
    w->started_ = true;
    w->Arm();
  }
  return nullptr;
}

napi_value ThreadWatch::Stop(napi_env env, napi_callback_info info) {
  DataOf<ThreadWatch>(env, info)->started_ = false;
  return nullptr;
}

napi_value ThreadWatch::CloseFromJs(napi_env env, napi_callback_info info) {
  auto* w = DataOf<ThreadWatch>(env, info);
  if (w->closing_) return nullptr;
  napi_remove_env_cleanup_hook(env, CloseAtEnd, w);
  w->Close();
  return nullptr;
}

// The fd may be closed as soon as this returns: nobody polls it any more.
void ThreadWatch::Close() {
  if (closing_.exchange(true)) return;
  Tell();
  pthread_join(thread_, nullptr);
  ::close(control_);
  napi_release_threadsafe_function(call_, napi_tsfn_abort);
}

// Bun and Deno have Node-API, and functions with libuv's names that end the process: Bun's says so, Deno's by a fault.
bool HasLibuv(Napi::Env env) {
  Napi::Value process = env.Global().Get("process");
  if (!process.IsObject()) return true;
  Napi::Object versions = process.As<Napi::Object>().Get("versions").As<Napi::Object>();
  return !versions.Has("bun") && !versions.Has("deno");
}

// waitReadable(fd, other, timeoutMs): blocks the thread until one of the two can be read (`other` may be -1: none), and
// says which: 1, 2 or both; 0 after the timeout. Infinity waits for ever.
Napi::Value WaitReadable(const Napi::CallbackInfo& info) {
  struct pollfd fds[2] = {};
  fds[0].fd = info[0].As<Napi::Number>().Int32Value();
  fds[1].fd = info[1].As<Napi::Number>().Int32Value();
  fds[0].events = fds[1].events = POLLIN;
  double ms = info[2].As<Napi::Number>().DoubleValue();
  // Longer than poll can count is for ever; a wait that ends early is looked at again by every caller.
  int timeout = !(ms < 2e9) ? -1 : ms < 0 ? 0 : static_cast<int>(ms + 0.999);
  int n = poll(fds, 2, timeout);
  uint32_t ready = 0;
  if (n > 0) ready = (fds[0].revents != 0 ? 1u : 0u) | (fds[1].revents != 0 ? 2u : 0u);
  return Napi::Number::New(info.Env(), ready);
}

}  // namespace

void InitPoll(Napi::Env env, Napi::Object exports) {
  napi_value watch;
  napi_create_function(env, "watchReadable", NAPI_AUTO_LENGTH, HasLibuv(env) ? Watch::Create : ThreadWatch::Create, nullptr,
                       &watch);
  exports.Set("watchReadable", Napi::Value(env, watch));
  // For a test: what Bun and Deno get, in Node.
  napi_create_function(env, "watchByThread", NAPI_AUTO_LENGTH, ThreadWatch::Create, nullptr, &watch);
  exports.Set("watchByThread", Napi::Value(env, watch));
  exports.Set("waitReadable", Napi::Function::New<WaitReadable>(env));
}

}  // namespace mem_ring
