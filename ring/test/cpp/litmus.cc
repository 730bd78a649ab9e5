// The store-buffer litmus test: why the hand-shakes are sequentially consistent.
//
// Two threads, each on a processor of its own, store their own word and then load the other's. That is what a producer
// does (tail, then sleeping) while a consumer goes to sleep (sleeping, then tail). If both load the old value, the
// consumer sleeps on an entry for which nobody rings. Prints how often that was so, for release and acquire and for
// seq_cst; ends with 1 if seq_cst did not exclude it.
//
//   g++ -std=c++17 -O2 -pthread ring/test/cpp/litmus.cc -o litmus && ./litmus [rounds]
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "pin.hpp"

namespace {

struct alignas(128) word {
  std::atomic<std::uint32_t> value{0};
};

// Many places: a store that has to fetch its line stays in the store buffer for longer.
constexpr std::uint32_t kPlaces = 64;
struct shared {
  word mine[2][kPlaces];
  word seen[2];
  word arrived[2];
};

template <bool SeqCst>
std::uint32_t lost(std::uint32_t rounds) {
  constexpr auto store = SeqCst ? std::memory_order_seq_cst : std::memory_order_release;
  constexpr auto load = SeqCst ? std::memory_order_seq_cst : std::memory_order_acquire;
  static shared all;
  static std::uint32_t both_old = 0;
  const auto run = [rounds](int self) {
    pin(self);
    const int other = 1 - self;
    // seq_cst on `arrived` and `seen`: they are the test's own clock, not what is tested. Each begins a round only
    // when the other has, and is at most one round ahead.
    const auto meet = [self, other](std::uint32_t at) {
      all.arrived[self].value.store(at);
      for (std::uint32_t spins = 0; all.arrived[other].value.load() < at; spins++) {
        if (spins > 2000) std::this_thread::yield();
      }
    };
    for (std::uint32_t round = 1; round <= rounds; round++) {
      const std::uint32_t place = round % kPlaces;
      meet(2 * round);
      all.mine[self][place].value.store(round, store);
      const std::uint32_t found = all.mine[other][place].value.load(load);
      all.seen[self].value.store(found == round ? 1 : 0);
      meet(2 * round + 1);
      if (self == 0 && all.seen[0].value.load() == 0 && all.seen[1].value.load() == 0) both_old++;
    }
  };
  std::thread second(run, 1);
  run(0);
  second.join();
  return both_old;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint32_t rounds = argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 300'000;
  const std::uint32_t weak = lost<false>(rounds);
  const std::uint32_t strong = lost<true>(rounds);
  std::printf("{\"rounds\":%u,\"releaseAcquire\":%u,\"seqCst\":%u}\n", rounds, weak, strong);
  return strong == 0 ? 0 : 1;
}
