// Waiters: a consumer's sleep inside Node's event loop.
//
// Before the loop would block, a prepare hook looks at the ring: it spins for a bounded time while an answer is
// expected, and then goes to sleep by hand-shake 1 of the protocol, with a poll handle on the doorbell. The words have
// the protocol's names; SYNC POINTs are the same in ring/src, go/memring and here.
#include "native.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <unistd.h>
#include <uv.h>

namespace mem_ring {
namespace {

#if defined(__x86_64__)
inline void CpuRelax() { __builtin_ia32_pause(); }
#elif defined(__aarch64__)
inline void CpuRelax() { asm volatile("isb" ::: "memory"); }
#else
inline void CpuRelax() {}
#endif

// Words of private memory that this file shares with ring/src/channel/waiter.ts, on the same thread: no atomics. The order is
// mirrored there.
enum State : uint32_t {
  kHead,        // the consumer's own index: JavaScript writes
  kPending,     // answers expected; the loop stays alive while there are any: JavaScript writes
  kReferenced,  // whether the doorbell's handle keeps the loop alive: both write
  kSpinUs,      // budget in microseconds: 0 never spins; JavaScript writes
  kAdaptive,    // 1: spin only where it has paid off lately; JavaScript writes
  kSleeps,      // times that the consumer armed `sleeping`: native writes, as all that follow
  kWakes,       // times that the doorbell woke the loop
  kSpins,       // times that it spun
  kSpinHits,    // spins that ended with an entry
  kStateWords,
};

// Every this often, while answers are expected, JavaScript is told to look, whatever the doorbell says: no overwritten
// flag in the region may put a call to sleep for good.
constexpr uint64_t kTickMs = 100;
// A sleep that lasted less than the budget and this would have been a spin that paid off if both sides had been awake:
// two wake-ups cost so much on a virtual machine that does something else as well.
constexpr uint64_t kWakeCostNs = 100'000;
constexpr int kMaxCredit = 16;
constexpr int kMissPenalty = 4;
// A spin that ends with an entry gives at least so much, whatever went before: when somebody else takes a processor
// away for some milliseconds, both sides miss a few times in a row and would go on sleeping long after.
constexpr int kHitCredit = 8;
// Without credit, one sleep in so many is preceded by a spin all the same, to notice that times have changed.
constexpr uint32_t kProbeEvery = 64;

class Waiter {
 public:
  static napi_value Create(napi_env env, napi_callback_info info);

 private:
  Waiter() = default;

  bool HasEntries() const {
    // SYNC POINT: entries visible. Pairs with the producer's store of tail. seq_cst: also the load after the store of
    // `sleeping` in Arm.
    return tail_->load(std::memory_order_seq_cst) != state_[kHead];
  }

  void OnPrepare();
  void OnDoorbell();
  void Arm();
  bool Spin(uint64_t budget_ns);
  bool ShouldSpin();
  void KeepTurning(bool on);
  void CallBack(uint32_t reason) { callback_->Call(reason); }
  void Close();
  void OnHandleClosed();

  static napi_value Ref(napi_env env, napi_callback_info info);
  static napi_value CloseFromJs(napi_env env, napi_callback_info info);
  static void OnEnvCleanup(napi_async_cleanup_hook_handle handle, void* arg);

  napi_env env_ = nullptr;
  std::optional<LoopCallback> callback_;
  napi_ref region_ = nullptr;
  napi_ref state_ref_ = nullptr;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;

  const std::atomic<uint32_t>* tail_ = nullptr;
  std::atomic<uint32_t>* sleeping_ = nullptr;
  uint32_t* state_ = nullptr;
  int doorbell_ = -1;

  uv_prepare_t prepare_;
  uv_poll_t poll_;
  uv_idle_t idle_;
  uv_timer_t tick_;
  int open_handles_ = 0;
  bool closing_ = false;
  bool turning_ = false;

  int credit_ = kMaxCredit / 2;
  uint32_t since_probe_ = 0;
  uint64_t armed_at_ = 0;
};

enum Reason : uint32_t { kEntries = 0, kDoorbell = 1, kTick = 2 };

// createWaiter(region: Uint8Array, tailOffset, sleepingOffset, doorbell, state: Uint32Array, callback)
//   -> { ref(), close() }
napi_value Waiter::Create(napi_env env, napi_callback_info info) {
  Napi::CallbackInfo args(env, info);
  Napi::Uint8Array region = args[0].As<Napi::Uint8Array>();
  uint32_t tail = args[1].As<Napi::Number>().Uint32Value();
  uint32_t sleeping = args[2].As<Napi::Number>().Uint32Value();
  Napi::Uint32Array state = args[4].As<Napi::Uint32Array>();
  auto outside = [&](uint32_t offset) { return offset % 4 != 0 || uint64_t{offset} + 4 > region.ByteLength(); };
  if (outside(tail) || outside(sleeping) || state.ElementLength() < kStateWords) {
    Napi::RangeError::New(env, "createWaiter: an offset lies outside the region").ThrowAsJavaScriptException();
    return nullptr;
  }

  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || loop == nullptr) {
    Napi::Error::New(env, "createWaiter: this runtime has no libuv event loop").ThrowAsJavaScriptException();
    return nullptr;
  }

  auto* w = new Waiter();
  w->env_ = env;
  w->tail_ = reinterpret_cast<const std::atomic<uint32_t>*>(region.Data() + tail);
  w->sleeping_ = reinterpret_cast<std::atomic<uint32_t>*>(region.Data() + sleeping);
  w->state_ = state.Data();
  w->doorbell_ = args[3].As<Napi::Number>().Int32Value();

  // libuv watches an fd once in a loop; every region has doorbells of its own, so this fails only on a wrong fd.
  int error = uv_poll_init(loop, &w->poll_, w->doorbell_);
  if (error != 0) {
    delete w;
    Napi::Error::New(env, std::string("createWaiter: ") + uv_strerror(error)).ThrowAsJavaScriptException();
    return nullptr;
  }
  uv_prepare_init(loop, &w->prepare_);
  uv_idle_init(loop, &w->idle_);
  uv_timer_init(loop, &w->tick_);
  for (uv_handle_t* handle : {reinterpret_cast<uv_handle_t*>(&w->poll_), reinterpret_cast<uv_handle_t*>(&w->prepare_),
                              reinterpret_cast<uv_handle_t*>(&w->idle_), reinterpret_cast<uv_handle_t*>(&w->tick_)}) {
    handle->data = w;
    uv_unref(handle);
    w->open_handles_++;
  }
  uv_poll_start(&w->poll_, UV_READABLE, [](uv_poll_t* h, int, int) { static_cast<Waiter*>(h->data)->OnDoorbell(); });
  uv_prepare_start(&w->prepare_, [](uv_prepare_t* h) { static_cast<Waiter*>(h->data)->OnPrepare(); });

  napi_create_reference(env, args[0], 1, &w->region_);
  napi_create_reference(env, args[4], 1, &w->state_ref_);
  w->callback_.emplace(env, args[5]);
  napi_add_async_cleanup_hook(env, OnEnvCleanup, w, &w->cleanup_);

  return ObjectWith(env, {{"ref", Ref}, {"close", CloseFromJs}}, w);
}

napi_value Waiter::Ref(napi_env env, napi_callback_info info) {
  auto* w = DataOf<Waiter>(env, info);
  w->state_[kReferenced] = 1;
  uv_ref(reinterpret_cast<uv_handle_t*>(&w->poll_));
  return nullptr;
}

// The caller (ring/src/channel/waiter.ts) calls this once and nothing after it.
napi_value Waiter::CloseFromJs(napi_env env, napi_callback_info info) {
  DataOf<Waiter>(env, info)->Close();
  return nullptr;
}

void Waiter::OnEnvCleanup(napi_async_cleanup_hook_handle, void* arg) { static_cast<Waiter*>(arg)->Close(); }

void Waiter::Close() {
  if (closing_) return;
  closing_ = true;
  auto closed = [](uv_handle_t* h) { static_cast<Waiter*>(h->data)->OnHandleClosed(); };
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&prepare_), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&idle_), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&tick_), closed);
}

void Waiter::OnHandleClosed() {
  if (--open_handles_ > 0) return;
  callback_.reset();
  napi_delete_reference(env_, region_);
  napi_delete_reference(env_, state_ref_);
  napi_remove_async_cleanup_hook(cleanup_);
  delete this;
}

void Waiter::KeepTurning(bool on) {
  if (on == turning_) return;
  turning_ = on;
  // An active idle handle makes the loop poll without blocking.
  if (on) {
    uv_idle_start(&idle_, [](uv_idle_t*) {});
  } else {
    uv_idle_stop(&idle_);
  }
}

bool Waiter::ShouldSpin() {
  if (state_[kSpinUs] == 0 || state_[kPending] == 0) return false;
  if (state_[kAdaptive] == 0 || credit_ > 0) return true;
  if (++since_probe_ < kProbeEvery) return false;
  since_probe_ = 0;
  return true;
}

bool Waiter::Spin(uint64_t budget_ns) {
  state_[kSpins]++;
  uint64_t deadline = uv_hrtime() + budget_ns;
  do {
    for (int i = 0; i < 32; i++) {
      if (HasEntries()) {
        state_[kSpinHits]++;
        credit_ = std::max(std::min(credit_ + 1, kMaxCredit), kHitCredit);
        return true;
      }
      CpuRelax();
    }
  } while (uv_hrtime() < deadline);
  credit_ -= kMissPenalty;
  if (credit_ < -kMissPenalty) credit_ = -kMissPenalty;
  return false;
}

// Runs before the loop blocks. Holds it no longer than the spin budget plus one callback.
void Waiter::OnPrepare() {
  uint64_t budget_ns = static_cast<uint64_t>(state_[kSpinUs]) * 1000;
  uint64_t hold_until = 0;
  for (;;) {
    if (HasEntries()) {
      if (hold_until == 0) hold_until = uv_hrtime() + budget_ns;
      CallBack(kEntries);
      if (closing_) return;
      if (uv_hrtime() >= hold_until) {
        // Let timers and sockets have their turn, without sleeping.
        if (HasEntries() || ShouldSpin()) return KeepTurning(true);
        break;
      }
      continue;
    }
    if (!ShouldSpin() || !Spin(budget_ns)) break;
  }
  Arm();
}

// Hand-shake 1, steps a and b. Step c is the loop's own poll.
void Waiter::Arm() {
  if (state_[kPending] == 0 && state_[kReferenced] != 0) {
    state_[kReferenced] = 0;
    uv_unref(reinterpret_cast<uv_handle_t*>(&poll_));
  }
  // SYNC POINT: consumer asleep. a: pairs with the producer's load of `sleeping` after its store of tail. Both sides
  // store their own word and then load the other's, which only seq_cst orders.
  if (sleeping_->load(std::memory_order_seq_cst) != 1) {
    sleeping_->store(1, std::memory_order_seq_cst);
    state_[kSleeps]++;
  }
  if (HasEntries()) {
    // b: the producer may have missed the flag. Take it back and go round again.
    sleeping_->exchange(0, std::memory_order_seq_cst);
    return KeepTurning(true);
  }
  KeepTurning(false);
  if (state_[kPending] != 0) {
    armed_at_ = uv_hrtime();
    if (uv_is_active(reinterpret_cast<uv_handle_t*>(&tick_)) == 0) {
      uv_timer_start(
          &tick_,
          [](uv_timer_t* h) {
            auto* w = static_cast<Waiter*>(h->data);
            if (w->state_[kPending] == 0) {
              uv_timer_stop(&w->tick_);
            } else {
              w->CallBack(kTick);
            }
          },
          kTickMs, kTickMs);
    }
  }
}

// d: empty the doorbell, drain; the next prepare goes through a again before anything blocks.
void Waiter::OnDoorbell() {
  uint64_t count;
  while (read(doorbell_, &count, sizeof(count)) < 0 && errno == EINTR) {
  }
  state_[kWakes]++;
  if (armed_at_ != 0) {
    uint64_t slept = uv_hrtime() - armed_at_;
    armed_at_ = 0;
    if (slept < static_cast<uint64_t>(state_[kSpinUs]) * 1000 + kWakeCostNs && credit_ < kMaxCredit) credit_ += 2;
  }
  CallBack(kDoorbell);
}

}  // namespace

void InitWaiter(Napi::Env env, Napi::Object exports) {
  napi_value create;
  napi_create_function(env, "createWaiter", NAPI_AUTO_LENGTH, Waiter::Create, nullptr, &create);
  exports.Set("createWaiter", Napi::Value(env, create));
}

}  // namespace mem_ring
