// Bytes of a region as an ordinary ArrayBuffer, which can be taken away: a SharedArrayBuffer cannot, and whoever kept a view
// of one would read what comes to lie there next.
#include "native.h"

namespace mem_ring {
namespace {

// Node wants one. The memory is the region's, which JavaScript keeps for as long as it holds the buffer.
void Nothing(napi_env, void*, void*) {}

// leaseBytes(region, at, count): region is a Uint8Array.
napi_value LeaseBytes(napi_env env, napi_callback_info info) {
  napi_value args[3];
  size_t argc = 3, size = 0;
  napi_typedarray_type type;
  void* data = nullptr;
  int64_t at = 0, count = 0;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  if (napi_get_typedarray_info(env, args[0], &type, &size, &data, nullptr, nullptr) != napi_ok ||
      napi_get_value_int64(env, args[1], &at) != napi_ok || napi_get_value_int64(env, args[2], &count) != napi_ok) {
    napi_throw_type_error(env, nullptr, "leaseBytes: expected (Uint8Array, number, number)");
    return nullptr;
  }
  // Of nothing there is no address to lend.
  if (type != napi_uint8_array || at < 0 || count <= 0 || static_cast<uint64_t>(at) > size ||
      static_cast<uint64_t>(count) > size - at) {
    napi_throw_range_error(env, nullptr, "leaseBytes: outside the region");
    return nullptr;
  }
  napi_value buffer = nullptr;
  napi_status status =
      napi_create_external_arraybuffer(env, static_cast<uint8_t*>(data) + at, count, Nothing, nullptr, &buffer);
  if (status != napi_ok) napi_throw_error(env, nullptr, "leaseBytes: this JavaScript engine takes no memory of others");
  return status == napi_ok ? buffer : nullptr;
}

// endLease(buffer): its views are empty from now on.
napi_value EndLease(napi_env env, napi_callback_info info) {
  napi_value buffer;
  size_t argc = 1;
  napi_get_cb_info(env, info, &argc, &buffer, nullptr, nullptr);
  if (napi_detach_arraybuffer(env, buffer) != napi_ok) {
    napi_throw_type_error(env, nullptr, "endLease: expected an ArrayBuffer of leaseBytes");
  }
  return nullptr;
}

}  // namespace

void InitLease(Napi::Env env, Napi::Object exports) {
  napi_value lease, end;
  napi_create_function(env, "leaseBytes", NAPI_AUTO_LENGTH, LeaseBytes, nullptr, &lease);
  napi_create_function(env, "endLease", NAPI_AUTO_LENGTH, EndLease, nullptr, &end);
  exports.Set("leaseBytes", Napi::Value(env, lease));
  exports.Set("endLease", Napi::Value(env, end));
}

}  // namespace mem_ring
