// The store-buffer litmus test: why the hand-shakes are sequentially consistent.
//
// Two threads, each on a processor of its own, store their own word and then load the other's. That is what a producer
// does (tail, then sleeping) while a consumer goes to sleep (sleeping, then tail). If both load the old value, the
// consumer sleeps on an entry for which nobody rings. Prints how often that was so, for release and acquire and for
// seq_cst. Then the same race with the header's own code, which sets both flags: how often one end would have slept and
// the other not rung. Ends with 1 if one of the latter two is not zero.
//
//   g++ -std=c++17 -O2 -pthread -I ring/include ring/test/cpp/litmus.cc -o litmus && ./litmus [rounds]
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "mem_ring.hpp"
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
};

// Where two threads meet: each goes on when the other is there, too. seq_cst: the test's own clock, not what is tested.
class meeting {
 public:
  void at(int self, std::uint32_t time) {
    arrived_[self].value.store(time);
    for (std::uint32_t spins = 0; arrived_[1 - self].value.load() < time; spins++) {
      if (spins > 2000) std::this_thread::yield();
    }
  }

 private:
  word arrived_[2];
};

template <bool SeqCst>
std::uint32_t lost(std::uint32_t rounds) {
  constexpr auto store = SeqCst ? std::memory_order_seq_cst : std::memory_order_release;
  constexpr auto load = SeqCst ? std::memory_order_seq_cst : std::memory_order_acquire;
  static shared all;
  static meeting meet;
  static std::uint32_t both_old = 0;
  const auto run = [rounds](int self) {
    pin(self);
    for (std::uint32_t round = 1; round <= rounds; round++) {
      const std::uint32_t place = round % kPlaces;
      meet.at(self, 2 * round);
      all.mine[self][place].value.store(round, store);
      const std::uint32_t found = all.mine[1 - self][place].value.load(load);
      // Read by thread 0 behind the next meeting.
      all.seen[self].value.store(found == round ? 1 : 0);
      meet.at(self, 2 * round + 1);
      if (self == 0 && all.seen[0].value.load() == 0 && all.seen[1].value.load() == 0) both_old++;
    }
  };
  std::thread second(run, 1);
  run(0);
  second.join();
  return both_old;
}

// A queue for one entry, which in every round is pushed while the consumer goes to sleep, and then popped while the
// producer does.
std::uint32_t lost_by_the_header(std::uint32_t rounds) {
  alignas(4096) static unsigned char memory[mem_ring::layout::kData + 8];
  const mem_ring::detail::place at = {reinterpret_cast<mem_ring::detail::control*>(memory),
                                      memory + mem_ring::layout::kData, 1, mem_ring::ends::any};
  static meeting meet;
  static word rung, slept;
  static std::uint32_t lost = 0;
  std::thread consumer([&at, rounds] {
    pin(1);
    mem_ring::raw_consumer<std::uint64_t> out(at);
    for (std::uint32_t round = 1; round <= rounds; round++) {
      meet.at(1, 4 * round);
      slept.value.store(out.must_sleep() ? 1 : 0);
      meet.at(1, 4 * round + 1);
      std::uint64_t value = 0;
      if (out.available(1) == 1) out.read(value);
      if (value != round) std::abort();
      meet.at(1, 4 * round + 2);
      rung.value.store(out.release(1) ? 1 : 0);
      meet.at(1, 4 * round + 3);
    }
  });
  pin(0);
  mem_ring::raw_producer<std::uint64_t> in(at);
  for (std::uint32_t round = 1; round <= rounds; round++) {
    in.write(round);
    meet.at(0, 4 * round);
    const bool rang = in.publish(1);
    meet.at(0, 4 * round + 1);
    if (slept.value.load() != 0 && !rang) lost++;
    meet.at(0, 4 * round + 2);
    const bool asleep = in.ask_for_space(1);
    meet.at(0, 4 * round + 3);
    if (asleep && rung.value.load() == 0) lost++;
    // Whoever was not rung for is still asking; in a program that would be for ever.
    if (in.room(1) == 0) std::abort();
  }
  consumer.join();
  return lost;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint32_t rounds = argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 300'000;
  const std::uint32_t weak = lost<false>(rounds);
  const std::uint32_t strong = lost<true>(rounds);
  const std::uint32_t header = lost_by_the_header(rounds);
  std::printf("{\"rounds\":%u,\"releaseAcquire\":%u,\"seqCst\":%u,\"header\":%u}\n", rounds, weak, strong, header);
  return strong == 0 && header == 0 ? 0 : 1;
}
