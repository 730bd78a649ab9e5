// The Node half: requests go to Go in one call a turn of the event loop, completions come back through one wake a batch.
#include <napi.h>

#include "../build/go/libgo.h"
#include "outbox.h"
#include "waiter.h"

namespace {

struct State {
  Outbox outbox;
  Waiter waiter;
  uint8_t* requests = nullptr;  // JavaScript keeps it alive
  napi_env env = nullptr;
  napi_ref drain = nullptr;
  napi_async_context context = nullptr;
};

void KeepState(Napi::Env, State*) {}

void Deliver(void* data, const completion_t* list, uint32_t n, const uint8_t* bytes, uint32_t bytes_size,
             uint32_t what) {
  auto* state = static_cast<State*>(data);
  state->outbox.Deliver(list, n, bytes, bytes_size, what == DELIVER_ASKS ? n : 0);
  state->waiter.Wake(what != DELIVER_LATE);
}

void DeliverLarge(void* data, uint32_t slot, const uint8_t* bytes, uint32_t size) {
  auto* state = static_cast<State*>(data);
  state->outbox.DeliverLarge(slot, bytes, size);
  state->waiter.Wake(true);
}

// An answer up to this size is copied into memory of JavaScript's own: adopting it would cost a finalizer, and memory
// that is touched for the first time, because the collector gives it back late.
constexpr uint32_t kCopyMax = 128 << 10;

void FreeLarge(napi_env, void* data, void*) { std::free(data); }

// Gives JavaScript the bytes of a large answer, which come from malloc.
napi_value ToArrayBuffer(napi_env env, LargeAnswer answer) {
  napi_value buffer;
  if (answer.size > kCopyMax) {
    napi_create_external_arraybuffer(env, answer.data, answer.size, FreeLarge, nullptr, &buffer);
    return buffer;
  }
  void* memory;
  napi_create_arraybuffer(env, answer.size, &memory, &buffer);
  std::memcpy(memory, answer.data, answer.size);
  std::free(answer.data);
  return buffer;
}

// Node's thread, once a batch: the JavaScript function `drain(side, count, large)` resolves every promise.
void Drain(void* data) {
  auto* state = static_cast<State*>(data);
  napi_env env = state->env;
  Napi::HandleScope handles(env);
  uint32_t index = state->outbox.Exchange();
  Side& side = state->outbox.sides[index];
  if (side.count == 0) return;
  state->waiter.Settled(side.count - side.asks);
  napi_value args[3], drain, global;
  napi_get_global(env, &global);  // make_callback insists on an object to call on
  napi_create_uint32(env, index, &args[0]);
  napi_create_uint32(env, side.count, &args[1]);
  napi_get_undefined(env, &args[2]);
  if (!side.large.empty()) {
    napi_create_array_with_length(env, side.large.size(), &args[2]);
    for (size_t i = 0; i < side.large.size(); i++) {
      napi_set_element(env, args[2], static_cast<uint32_t>(i), ToArrayBuffer(env, side.large[i]));
    }
  }
  napi_get_reference_value(env, state->drain, &drain);
  napi_make_callback(env, state->context, global, drain, 3, args, nullptr);
}

// start(requests, drain, spinUs): `requests` is where JavaScript writes records; gives the memory where it reads completions.
Napi::Value Start(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto* state = new State();  // lives as long as the process: Go's threads refer to it
  state->requests = info[0].As<Napi::Uint8Array>().Data();
  state->env = env;
  napi_create_reference(env, info[1], 1, &state->drain);
  napi_async_init(env, nullptr, Napi::String::New(env, "cgo-batched"), &state->context);
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  auto ready = [](void* data) { return static_cast<State*>(data)->outbox.Ready(); };
  uint32_t spin_us = info[2].As<Napi::Number>();
  state->waiter.Start(loop, state, ready, Drain, spin_us * uint64_t{1000});
  auto sides = Napi::Array::New(env);
  for (uint32_t i = 0; i < 2; i++) {
    Side& side = state->outbox.sides[i];
    auto entry = Napi::Object::New(env);
    entry["completions"] = Napi::ArrayBuffer::New(env, side.completions, (kSlotsMax + kAsksMax) * sizeof(completion_t));
    entry["bytes"] = Napi::ArrayBuffer::New(env, side.bytes, kBytesMax);
    sides[i] = entry;
  }
  env.SetInstanceData<State, KeepState>(state);
  bench_start(state, Deliver, DeliverLarge, spin_us);
  return sides;
}

// submit(size, users, calls): plain Node-API, because node-addon-api's wrapper costs more than the call.
napi_value Submit(napi_env env, napi_callback_info info) {
  size_t argc = 3;
  napi_value args[3];
  uint32_t size = 0, users = 0, calls = 0;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_uint32(env, args[0], &size);
  napi_get_value_uint32(env, args[1], &users);
  napi_get_value_uint32(env, args[2], &calls);
  void* state = nullptr;
  napi_get_instance_data(env, &state);
  static_cast<State*>(state)->waiter.Expect(calls);
  bench_submit(static_cast<State*>(state)->requests, size, users);
  return nullptr;
}

// submitLarge(slot, method, payload)
napi_value SubmitLarge(napi_env env, napi_callback_info info) {
  size_t argc = 3, size = 0;
  napi_value args[3];
  uint32_t slot = 0, method = 0;
  void* data = nullptr;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_uint32(env, args[0], &slot);
  napi_get_value_uint32(env, args[1], &method);
  napi_get_typedarray_info(env, args[2], nullptr, &size, &data, nullptr, nullptr);
  void* state = nullptr;
  napi_get_instance_data(env, &state);
  static_cast<State*>(state)->waiter.Expect(1);
  bench_submit_large(slot, method, static_cast<uint8_t*>(data), static_cast<uint32_t>(size));
  return nullptr;
}

// memory(size): memory of C's, which JavaScript sees as an ArrayBuffer and Go by its address.
Napi::Value Memory(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  size_t size = info[0].As<Napi::Number>().Uint32Value();
  void* data = std::malloc(size);
  napi_value buffer;
  napi_create_external_arraybuffer(env, data, size, FreeLarge, nullptr, &buffer);
  auto memory = Napi::Object::New(env);
  memory["buffer"] = Napi::Value(env, buffer);
  memory["address"] = Napi::Number::New(env, static_cast<double>(reinterpret_cast<uintptr_t>(data)));
  return memory;
}

// answer(pairs, count): answers to calls of Go's, in a Uint32Array.
napi_value Answer(napi_env env, napi_callback_info info) {
  size_t argc = 2, length = 0;
  napi_value args[2];
  uint32_t count = 0;
  void* data = nullptr;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_typedarray_info(env, args[0], nullptr, &length, &data, nullptr, nullptr);
  napi_get_value_uint32(env, args[1], &count);
  bench_answer(static_cast<uint32_t*>(data), count);
  return nullptr;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  napi_value submit, submit_large, answer;
  napi_create_function(env, "submit", NAPI_AUTO_LENGTH, Submit, nullptr, &submit);
  napi_create_function(env, "submitLarge", NAPI_AUTO_LENGTH, SubmitLarge, nullptr, &submit_large);
  exports["memory"] = Napi::Function::New(env, Memory);
  exports["start"] = Napi::Function::New(env, Start);
  exports["submit"] = Napi::Value(env, submit);
  napi_create_function(env, "answer", NAPI_AUTO_LENGTH, Answer, nullptr, &answer);
  exports["submitLarge"] = Napi::Value(env, submit_large);
  exports["answer"] = Napi::Value(env, answer);
  return exports;
}

}  // namespace

NODE_API_MODULE(cgo_batched, Init)
