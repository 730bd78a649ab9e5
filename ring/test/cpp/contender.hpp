// What bench.cc compares with where <rigtorp/SPSCQueue.h> is not installed: written anew from the documented design of
// rigtorp's SPSCQueue (its README), not its code. A ring of capacity + 1 slots, of which one stays empty; each index, and
// each side's cached copy of the other's, on a line of its own; release stores, acquire loads; nobody ever sleeps.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

namespace contender {

template <class T>
class spsc_queue {
 public:
  explicit spsc_queue(std::size_t capacity) : slots_(capacity + 1 + 2 * kPad), size_(capacity + 1) {}

  // Blocks, spinning.
  void push(const T& value) noexcept {
    const std::size_t at = write_.load(std::memory_order_relaxed);  // own index
    const std::size_t next = at + 1 == size_ ? 0 : at + 1;
    // Pairs with the store of read_: the slot is free.
    while (next == cached_read_) cached_read_ = read_.load(std::memory_order_acquire);
    slots_[at + kPad] = value;
    // Pairs with the load of write_: the slot is full.
    write_.store(next, std::memory_order_release);
  }

  // Null: empty.
  T* front() noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);  // own index
    if (at == cached_write_) {
      // Pairs with the store of write_.
      cached_write_ = write_.load(std::memory_order_acquire);
      if (at == cached_write_) return nullptr;
    }
    return &slots_[at + kPad];
  }

  void pop() noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);  // own index
    // Pairs with the load of read_ in push.
    read_.store(at + 1 == size_ ? 0 : at + 1, std::memory_order_release);
  }

 private:
  static constexpr std::size_t kLine = 64;
  static constexpr std::size_t kPad = (kLine - 1) / sizeof(T) + 1;
  std::vector<T> slots_;
  std::size_t size_;
  alignas(kLine) std::atomic<std::size_t> write_{0};
  alignas(kLine) std::size_t cached_read_ = 0;
  alignas(kLine) std::atomic<std::size_t> read_{0};
  alignas(kLine) std::size_t cached_write_ = 0;
};

}  // namespace contender
