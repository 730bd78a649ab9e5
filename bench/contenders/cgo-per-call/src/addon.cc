// The Node half: one call into Go for each request, one thread-safe-function call for each completion.
#include <napi.h>

#include <string>
#include <vector>

#include "../build/go/libgo.h"
#include "call.h"

namespace {

enum class Answer { kPass, kNumber, kBytes };

// One for each thread of JavaScript that loads the addon; Go is the same for all.
struct Addon {
  Napi::ThreadSafeFunction completions;
  Napi::ThreadSafeFunction asks;  // calls of Go's, on the one thread that serves them
};

// A call that is under way: the promise that waits, what it waits for, and the thread that it belongs to.
struct Call {
  Call(Napi::Env env, Answer kind)
      : deferred(Napi::Promise::Deferred::New(env)), kind(kind), addon(env.GetInstanceData<Addon>()) {}
  Napi::Promise::Deferred deferred;
  Answer kind;
  Addon* addon;
  answer_t answer{};
};

// Node's thread: settles one promise.
void Settle(Napi::Env env, Napi::Function, Call* call) {
  if (env == nullptr) return;  // the environment is going down
  switch (call->kind) {
    case Answer::kPass: {
      auto response = Napi::Object::New(env);
      response.Set("pass", Napi::Boolean::New(env, call->answer.value != 0));
      call->deferred.Resolve(response);
      break;
    }
    case Answer::kNumber:
      call->deferred.Resolve(Napi::Number::New(env, call->answer.value));
      break;
    case Answer::kBytes:
      call->deferred.Resolve(Napi::Buffer<uint8_t>::Copy(env, call->answer.bytes, call->answer.bytes_size));
      std::free(call->answer.bytes);
      break;
  }
  delete call;
}

// Any of Go's threads.
void Complete(const answer_t* answer) {
  auto* call = static_cast<Call*>(answer->call);
  call->answer = *answer;
  call->addon->completions.NonBlockingCall(call, Settle);
}

using CheckFunction = void (*)(void*, user_t*, uint32_t, void*, uint32_t);

// check(request) and its variants: reads the object and lends what it read to Go, which copies it.
template <CheckFunction go>
Napi::Value Check(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto request = info[0].As<Napi::Object>();
  auto list = request.Get("users").As<Napi::Array>();
  auto balabala = request.Get("balabala").As<Napi::Uint8Array>();
  uint32_t count = list.Length();
  std::vector<std::string> names(count);
  std::vector<user_t> users(count);
  for (uint32_t i = 0; i < count; i++) {
    auto user = list.Get(i).As<Napi::Object>();
    names[i] = user.Get("name").As<Napi::String>().Utf8Value();
    uint32_t age = user.Get("age").As<Napi::Number>().Uint32Value();
    users[i] = {names[i].data(), static_cast<uint32_t>(names[i].size()), static_cast<uint8_t>(age)};
  }
  auto* call = new Call(env, Answer::kPass);
  auto promise = call->deferred.Promise();
  go(call, users.data(), count, balabala.Data(), static_cast<uint32_t>(balabala.ByteLength()));
  return promise;
}

using PayloadFunction = void (*)(void*, void*, uint32_t);

// take(payload) and echo(payload).
template <PayloadFunction go, Answer kind>
Napi::Value Payload(const Napi::CallbackInfo& info) {
  auto payload = info[0].As<Napi::Uint8Array>();
  auto* call = new Call(info.Env(), kind);
  auto promise = call->deferred.Promise();
  go(call, payload.Data(), static_cast<uint32_t>(payload.ByteLength()));
  return promise;
}

// give(size)
Napi::Value Give(const Napi::CallbackInfo& info) {
  auto* call = new Call(info.Env(), Answer::kBytes);
  auto promise = call->deferred.Promise();
  bench_give(call, info[0].As<Napi::Number>().Uint32Value());
  return promise;
}

// memory(): JSON as bytes.
Napi::Value Memory(const Napi::CallbackInfo& info) {
  auto* call = new Call(info.Env(), Answer::kBytes);
  auto promise = call->deferred.Promise();
  bench_memory(call);
  return promise;
}

struct Ask {
  uint32_t slot;
  uint32_t number;
};

// Node's thread: calls the JavaScript function, which answers by answer().
void Serve(Napi::Env env, Napi::Function serve, Ask* ask) {
  if (env != nullptr) serve.Call({Napi::Number::New(env, ask->slot), Napi::Number::New(env, ask->number)});
  delete ask;
}

// Any of Go's threads.
void OnAsk(void* addon, uint32_t slot, uint32_t number) {
  static_cast<Addon*>(addon)->asks.NonBlockingCall(new Ask{slot, number}, Serve);
}

// serve(function): the function gets slot and number of each call of Go's.
Napi::Value StartServing(const Napi::CallbackInfo& info) {
  auto* addon = info.Env().GetInstanceData<Addon>();
  addon->asks = Napi::ThreadSafeFunction::New(info.Env(), info[0].As<Napi::Function>(), "cgo-per-call asks", 0, 1);
  addon->asks.Unref(info.Env());
  bench_serve(addon, OnAsk);
  return info.Env().Undefined();
}

// answer(slot, answer)
Napi::Value AnswerAsk(const Napi::CallbackInfo& info) {
  bench_answer(info[0].As<Napi::Number>().Uint32Value(), info[1].As<Napi::Number>().Uint32Value());
  return info.Env().Undefined();
}

// close(): lets go of the thread-safe function, which would keep the process alive.
Napi::Value Close(const Napi::CallbackInfo& info) {
  info.Env().GetInstanceData<Addon>()->completions.Release();
  return info.Env().Undefined();
}

void KeepAddon(Napi::Env, Addon*) {}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* addon = new Addon();  // lives as long as the process: Go's threads refer to it
  auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  addon->completions = Napi::ThreadSafeFunction::New(env, nothing, "cgo-per-call", 0, 1);
  env.SetInstanceData<Addon, KeepAddon>(addon);
  bench_start(Complete);
  exports["check"] = Napi::Function::New(env, Check<bench_check>);
  exports["checkSlowly"] = Napi::Function::New(env, Check<bench_check_slowly>);
  exports["checkLong"] = Napi::Function::New(env, Check<bench_check_long>);
  exports["checkBusy"] = Napi::Function::New(env, Check<bench_check_busy>);
  exports["memory"] = Napi::Function::New(env, Memory);
  exports["take"] = Napi::Function::New(env, Payload<bench_take, Answer::kNumber>);
  exports["echo"] = Napi::Function::New(env, Payload<bench_echo, Answer::kBytes>);
  exports["give"] = Napi::Function::New(env, Give);
  exports["callBack"] = Napi::Function::New(env, Payload<bench_call_back, Answer::kBytes>);
  exports["serve"] = Napi::Function::New(env, StartServing);
  exports["answer"] = Napi::Function::New(env, AnswerAsk);
  exports["close"] = Napi::Function::New(env, Close);
  return exports;
}

}  // namespace

NODE_API_MODULE(cgo_per_call, Init)
