// Entries of 8 bytes from one pinned thread to another, ours against rigtorp's SPSCQueue. Rounds are short and take
// turns, and the best of each counts: what else runs on the machine makes rounds slower, never faster.
//
//   g++ -std=c++17 -O3 -pthread -I ring/include ring/test/cpp/bench.cc -o bench && ./bench [rounds] [entries a round]
//
// One line of JSON a row: entries a second, and the ratio to rigtorp's.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "mem_ring.hpp"
#include "pin.hpp"
#if __has_include(<rigtorp/SPSCQueue.h>)
#include <rigtorp/SPSCQueue.h>
using rigtorp_queue = rigtorp::SPSCQueue<std::uint64_t>;
constexpr const char* kRigtorp = "rigtorp SPSCQueue";
#else
#include "contender.hpp"
using rigtorp_queue = contender::spsc_queue<std::uint64_t>;
constexpr const char* kRigtorp = "rigtorp SPSCQueue, written from its documented design";
#endif

namespace {

using mem_ring::ends;
using mem_ring::popped;
using mem_ring::ring;
using mem_ring::waiting;

constexpr std::uint32_t kCapacity = 4096;
constexpr std::size_t kBatch = 64;

template <class Push, class Pop>
double rate(std::uint64_t count, Push push, Pop pop) {
  std::atomic<int> ready{0};
  // Start together: the clock does not count the making of threads. Pairs with itself on the other thread.
  const auto meet = [&ready] {
    ready.fetch_add(1);
    while (ready.load() != 2) {
    }
  };
  std::thread other([&] {
    pin(1);
    meet();
    push(count);
  });
  pin(0);
  meet();
  const auto began = std::chrono::steady_clock::now();
  pop(count);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  other.join();
  return static_cast<double>(count) / took.count();
}

[[noreturn]] void wrong(const char* name, std::uint64_t expected, std::uint64_t came) {
  std::fprintf(stderr, "%s: entry %llu came instead of %llu\n", name, static_cast<unsigned long long>(came),
               static_cast<unsigned long long>(expected));
  std::exit(1);
}

double theirs(std::uint64_t entries) {
  rigtorp_queue queue(kCapacity);
  return rate(
      entries,
      [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; i++) queue.push(i);
      },
      [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; i++) {
          std::uint64_t* value;
          while ((value = queue.front()) == nullptr) {
          }
          if (*value != i) wrong("rigtorp", i, *value);
          queue.pop();
        }
      });
}

double single(ring<std::uint64_t> queue, std::uint64_t entries) {
  auto in = queue.producer(waiting::spin);
  auto out = queue.consumer(waiting::spin);
  return rate(
      entries,
      [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; i++) in.push(i);
      },
      [&](std::uint64_t count) {
        std::uint64_t value = 0;
        for (std::uint64_t i = 0; i < count; i++) {
          out.pop(value);
          if (value != i) wrong("mem_ring", i, value);
        }
      });
}

double batched(ring<std::uint64_t> queue, std::uint64_t entries) {
  auto in = queue.producer(waiting::spin);
  auto out = queue.consumer(waiting::spin);
  return rate(
      entries,
      [&](std::uint64_t count) {
        std::uint64_t batch[kBatch];
        for (std::uint64_t i = 0; i < count; i += kBatch) {
          const std::size_t n = std::min<std::uint64_t>(kBatch, count - i);
          for (std::size_t k = 0; k < n; k++) batch[k] = i + k;
          in.push_many(batch, n);
        }
      },
      [&](std::uint64_t count) {
        std::uint64_t batch[kBatch];
        for (std::uint64_t i = 0; i < count;) {
          const std::size_t n = out.pop_many(batch, kBatch);
          for (std::size_t k = 0; k < n; k++) {
            if (batch[k] != i + k) wrong("mem_ring", i + k, batch[k]);
          }
          i += n;
        }
      });
}

// What an asymmetric barrier would give: the side that wants to sleep calls membarrier(2) between setting its flag and
// looking again, so that the fast side needs no barrier of the processor, only of the compiler. Both ends would have to
// know that the other does so: not a part of the format. Only the fast side is measured here; nobody sleeps.
class asymmetric_producer : public mem_ring::raw_producer<std::uint64_t> {
 public:
  using raw_producer::raw_producer;
  bool publish(std::uint32_t count) {
    tail_ += count;
    words_->tail.store(tail_, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return words_->sleeping.load(std::memory_order_relaxed) != 0 && words_->sleeping.exchange(0) != 0;
  }
};
class asymmetric_consumer : public mem_ring::raw_consumer<std::uint64_t> {
 public:
  using raw_consumer::raw_consumer;
  bool release(std::uint32_t count) {
    head_ += count;
    words_->head.store(head_, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return words_->space.load(std::memory_order_relaxed) != 0 && words_->space.exchange(0) != 0;
  }
};

// The lowest layer alone: what the owners, the checks for the end and the errors cost on top of it can be seen.
template <class Producer, class Consumer>
double raw(std::uint64_t entries) {
  const std::unique_ptr<unsigned char[], void (*)(unsigned char*)> bytes(
      static_cast<unsigned char*>(std::aligned_alloc(4096, mem_ring::layout::kData + kCapacity * 8)),
      [](unsigned char* p) { std::free(p); });
  std::memset(bytes.get(), 0, mem_ring::layout::kData + kCapacity * 8);
  const mem_ring::detail::place at = {reinterpret_cast<mem_ring::detail::control*>(bytes.get()),
                                      bytes.get() + mem_ring::layout::kData, kCapacity, ends::any};
  Producer in(at);
  Consumer out(at);
  return rate(
      entries,
      [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; i++) {
          while (in.room(1) == 0) {
          }
          in.write(i);
          if (in.publish(1)) wrong("a doorbell", i, i);
        }
      },
      [&](std::uint64_t count) {
        std::uint64_t value = 0;
        for (std::uint64_t i = 0; i < count; i++) {
          while (out.available(1) == 0) {
          }
          out.read(value);
          if (out.release(1)) wrong("a doorbell", i, i);
          if (value != i) wrong("raw", i, value);
        }
      });
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 40;
  const std::uint64_t entries = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  using queue = ring<std::uint64_t>;
  struct row {
    std::string name;
    double (*run)(std::uint64_t);
    double best = 0;
  };
  std::vector<row> rows = {
      {kRigtorp, theirs},
      {"mem_ring, one at a time", [](std::uint64_t n) { return single(queue::in_process(kCapacity), n); }},
      {"mem_ring, one at a time, memfd", [](std::uint64_t n) { return single(queue::create(kCapacity), n); }},
      {"mem_ring, one at a time, ends::spin",
       [](std::uint64_t n) { return single(queue::in_process(kCapacity, ends::spin), n); }},
      {"mem_ring raw, one at a time",
       raw<mem_ring::raw_producer<std::uint64_t>, mem_ring::raw_consumer<std::uint64_t>>},
      {"mem_ring raw, one at a time, asymmetric barrier", raw<asymmetric_producer, asymmetric_consumer>},
      {"mem_ring, batches of 64", [](std::uint64_t n) { return batched(queue::in_process(kCapacity), n); }},
      {"mem_ring, batches of 64, memfd", [](std::uint64_t n) { return batched(queue::create(kCapacity), n); }},
      {"mem_ring, batches of 64, ends::spin",
       [](std::uint64_t n) { return batched(queue::in_process(kCapacity, ends::spin), n); }},
  };
  for (int i = 0; i < rounds; i++) {
    for (row& r : rows) r.best = std::max(r.best, r.run(entries));
  }
  for (const row& r : rows) {
    std::printf("{\"name\":\"%s\",\"rate\":%.0f,\"ratio\":%.2f}\n", r.name.c_str(), r.best, r.best / rows[0].best);
  }
}
