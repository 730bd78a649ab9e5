// The Node end of the bare ping-pong: libuv waits for one eventfd, the callback rings the other, and no JavaScript runs
// in between. What two sleeping threads cost each other at the least, with the event loop and the netpoller as they are.
#include <napi.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include <vector>

namespace {

// One series of round trips.
struct Series {
  Series(Napi::Env env, int ping, int pong, uint32_t count)
      : deferred(Napi::Promise::Deferred::New(env)), ping(ping), pong(pong), count(count) {
    times.reserve(count);
  }
  Napi::Promise::Deferred deferred;
  int ping, pong;
  uint32_t count;
  uint64_t rung_ns = 0;
  std::vector<double> times;
  uv_poll_t poll{};
};

uint64_t NowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
}

void Ring(Series* series) {
  uint64_t one = 1;
  series->rung_ns = NowNs();
  (void)!write(series->ping, &one, sizeof one);
}

void Finish(Series* series) {
  Napi::Env env = series->deferred.Env();
  Napi::HandleScope scope(env);
  Napi::CallbackScope callback(env, Napi::AsyncContext(env, "eventfd"));
  auto times = Napi::Float64Array::New(env, series->times.size());
  std::copy(series->times.begin(), series->times.end(), times.Data());
  series->deferred.Resolve(times);
}

void OnPong(uv_poll_t* poll, int, int) {
  auto* series = static_cast<Series*>(poll->data);
  uint64_t counter;
  if (read(series->pong, &counter, sizeof counter) != sizeof counter) return;
  series->times.push_back(static_cast<double>(NowNs() - series->rung_ns));
  if (series->times.size() < series->count) {
    Ring(series);
    return;
  }
  uv_poll_stop(poll);
  Finish(series);
  uv_close(reinterpret_cast<uv_handle_t*>(poll), [](uv_handle_t* handle) { delete static_cast<Series*>(handle->data); });
}

// roundTrips(ping, pong, count): resolves with how long each took, in nanoseconds.
Napi::Value RoundTrips(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  auto* series = new Series(env, info[0].As<Napi::Number>(), info[1].As<Napi::Number>(),
                            info[2].As<Napi::Number>().Uint32Value());
  auto promise = series->deferred.Promise();
  series->poll.data = series;
  uv_poll_init(loop, &series->poll, series->pong);
  uv_poll_start(&series->poll, UV_READABLE, OnPong);
  Ring(series);
  return promise;
}

// open(): a new eventfd.
Napi::Value Open(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports["open"] = Napi::Function::New(env, Open);
  exports["roundTrips"] = Napi::Function::New(env, RoundTrips);
  return exports;
}

}  // namespace

NODE_API_MODULE(eventfd, Init)
