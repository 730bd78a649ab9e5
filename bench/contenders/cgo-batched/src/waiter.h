// How Node's thread waits for completions: it polls for a short while before the event loop would block, and only then
// lets itself be woken. Where calls come back within microseconds, neither side makes a system call.
#pragma once

#include <uv.h>

#include <atomic>

#if defined(__x86_64__)
#include <immintrin.h>
#define SPIN_PAUSE() _mm_pause()
#else
#define SPIN_PAUSE() __asm__ volatile("yield")
#endif

class Waiter {
 public:
  using Ready = bool (*)(void*);
  using Drain = void (*)(void*);

  // `drain` is called on Node's thread whenever `ready` says so; spin_ns 0 never polls.
  void Start(uv_loop_t* loop, void* data, Ready ready, Drain drain, uint64_t spin_ns) {
    data_ = data, ready_ = ready, drain_ = drain, spin_ns_ = spin_ns;
    uv_async_init(loop, &async_, [](uv_async_t* h) { static_cast<Waiter*>(h->data)->Look(); });
    uv_prepare_init(loop, &prepare_);
    uv_idle_init(loop, &idle_);
    async_.data = prepare_.data = idle_.data = this;
    uv_unref(reinterpret_cast<uv_handle_t*>(&async_));
  }

  // Node's thread: calls are in flight from here on.
  void Expect(uint32_t calls) {
    if (in_flight_ == 0) {
      uv_ref(reinterpret_cast<uv_handle_t*>(&async_));
      uv_prepare_start(&prepare_, [](uv_prepare_t* h) { static_cast<Waiter*>(h->data)->Wait(); });
    }
    in_flight_ += calls;
  }

  // Node's thread: as many calls were settled.
  void Settled(uint32_t calls) { in_flight_ -= calls; }

  // Any thread, after it has put something where `ready` looks. `quick` says that more will soon follow.
  void Wake(bool quick) {
    quick_.store(quick, std::memory_order_relaxed);
    if (asleep_.load() != 0 && asleep_.exchange(0) != 0) uv_async_send(&async_);
  }

 private:
  // Before the loop blocks. As long as completions come quickly, the answers to them are waited for right here, up to
  // kTurnNs: a turn of the loop costs a system call and more.
  void Wait() {
    asleep_.store(0);
    uint64_t start = spin_ns_ > 0 ? uv_hrtime() : 0;
    for (uint64_t now = start; Spin(now); now = uv_hrtime()) {
      drain_(data_);
      if (in_flight_ == 0) break;
      if (spin_ns_ > 0 && now - start > kTurnNs) return KeepTurning();
    }
    uv_idle_stop(&idle_);
    if (in_flight_ == 0) {
      uv_prepare_stop(&prepare_);
      uv_unref(reinterpret_cast<uv_handle_t*>(&async_));
      return;
    }
    asleep_.store(1);
    if (ready_(data_) && asleep_.exchange(0) != 0) uv_async_send(&async_);
  }

  // An idle handle makes the loop look at its other business without blocking, and come back to Wait.
  void KeepTurning() {
    uv_idle_start(&idle_, [](uv_idle_t*) {});
  }

  void Look() {
    if (ready_(data_)) drain_(data_);
  }

  bool Spin(uint64_t now) {
    if (ready_(data_)) return true;
    if (spin_ns_ == 0 || in_flight_ == 0 || !quick_.load(std::memory_order_relaxed)) return false;
    if (misses_ >= kMissesMax && ++skipped_ % kRetryEvery != 0) return false;
    uint64_t end = now + spin_ns_;
    do {
      for (int i = 0; i < 32; i++) {
        if (ready_(data_)) {
          misses_ = 0;
          return true;
        }
        SPIN_PAUSE();
      }
    } while (uv_hrtime() < end);
    misses_++;
    return false;
  }

  // Other business of the loop waits this long, at most.
  static constexpr uint64_t kTurnNs = 100000;

  // After so many spins in vain, only every so many waits spin.
  static constexpr uint32_t kMissesMax = 4;
  static constexpr uint32_t kRetryEvery = 32;

  void* data_ = nullptr;
  Ready ready_ = nullptr;
  Drain drain_ = nullptr;
  uint64_t spin_ns_ = 0;
  uint32_t in_flight_ = 0;
  uint32_t misses_ = 0;
  uint32_t skipped_ = 0;
  uv_async_t async_{};
  uv_prepare_t prepare_{};
  uv_idle_t idle_{};
  alignas(128) std::atomic<uint32_t> asleep_{0};
  std::atomic<bool> quick_{false};
};
