// Doorbells: eventfds. A doorbell wakes one sleeping side; its count means nothing.
#include "native.h"

#include <sys/eventfd.h>

namespace mem_ring {
namespace {

// Non-blocking because both ends poll it: libuv here, Go's netpoller there, which takes nothing else.
Napi::Value CreateDoorbell(const Napi::CallbackInfo& info) {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) {
    ThrowErrno(info.Env(), "eventfd", errno);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), fd);
}

// Plain Node-API: this is the one call on the path from a publish to a sleeping peer.
napi_value RingDoorbell(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argv[1];
  int32_t fd = -1;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  napi_get_value_int32(env, argv[0], &fd);
  RingEventfd(fd);
  return nullptr;
}

// hearDoorbell(fd): empties the doorbell; true if it had been rung.
Napi::Value HearDoorbell(const Napi::CallbackInfo& info) {
  uint64_t count = 0;
  ssize_t n;
  do {
    n = read(info[0].As<Napi::Number>().Int32Value(), &count, sizeof(count));
  } while (n < 0 && errno == EINTR);
  return Napi::Boolean::New(info.Env(), n == sizeof(count));
}

}  // namespace

void InitDoorbell(Napi::Env env, Napi::Object exports) {
  exports.Set("createDoorbell", Napi::Function::New<CreateDoorbell>(env));
  exports.Set("hearDoorbell", Napi::Function::New<HearDoorbell>(env));
  napi_value ring;
  napi_create_function(env, "ringDoorbell", NAPI_AUTO_LENGTH, RingDoorbell, nullptr, &ring);
  exports.Set("ringDoorbell", Napi::Value(env, ring));
}

}  // namespace mem_ring
