// Both ends of a queue of W8 in C++, on two threads: `queue-cpp ring|ring-spin|rigtorp`. Told `KIND COUNT` in a line of its standard
// input, it answers with a line of numbers: milliseconds, or the nanoseconds of each trip.
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <signal.h>
#include <sys/prctl.h>

#include "mem_ring.hpp"
#if __has_include(<rigtorp/SPSCQueue.h>)
#include <rigtorp/SPSCQueue.h>
using rigtorp_queue = rigtorp::SPSCQueue<double>;
#else
#include "contender.hpp"
using rigtorp_queue = contender::spsc_queue<double>;
#endif

namespace {

using mem_ring::popped;
using mem_ring::waiting;
using steady = std::chrono::steady_clock;

// The same numbers stand in bench/src/queue/kinds.ts.
constexpr std::uint32_t kCapacity = 4096;
constexpr std::uint64_t kBatch = 256;
constexpr std::size_t kMessageBytes = 1024;
constexpr std::uint32_t kMessageCapacity = 1 << 18;
constexpr std::uint64_t kValues = 1 << 20;
constexpr std::uint64_t kBytes = 256;

using numbers = std::vector<double>;
using move = std::function<numbers(std::uint64_t)>;

struct pair {
  move produce, consume;
};

double value_of(std::uint64_t i) { return static_cast<double>(i & (kValues - 1)); }

// The sum of the first `count` entries, which count up to below `limit` and begin again.
double sum_of(std::uint64_t count, std::uint64_t limit) {
  const auto below = [](std::uint64_t n) { return n == 0 ? 0 : n * (n - 1) / 2; };
  return static_cast<double>(count / limit * below(limit) + below(count % limit));
}

// The milliseconds since `start`, if what was popped is what was pushed.
numbers took(steady::time_point start, double sum, double expected) {
  const std::chrono::duration<double, std::milli> ms = steady::now() - start;
  if (sum != expected) throw std::runtime_error("wrong entries: another sum than that of what was pushed");
  return {ms.count()};
}

pair rigtorp_pair(rigtorp_queue& queue) {
  return {[&queue](std::uint64_t count) {
            for (std::uint64_t i = 0; i < count; i++) queue.push(value_of(i));
            return numbers{};
          },
          [&queue](std::uint64_t count) {
            steady::time_point start;
            double sum = 0;
            for (std::uint64_t i = 0; i < count; i++) {
              double* value;
              while ((value = queue.front()) == nullptr) {
              }
              if (i == 0) start = steady::now();
              sum += *value;
              queue.pop();
            }
            return took(start, sum, sum_of(count, kValues));
          }};
}

pair single(mem_ring::producer<double>& in, mem_ring::consumer<double>& out) {
  return {[&in](std::uint64_t count) {
            for (std::uint64_t i = 0; i < count; i++) in.push(value_of(i));
            return numbers{};
          },
          [&out](std::uint64_t count) {
            steady::time_point start;
            double sum = 0, value = 0;
            for (std::uint64_t i = 0; i < count; i++) {
              out.pop(value);
              if (i == 0) start = steady::now();
              sum += value;
            }
            return took(start, sum, sum_of(count, kValues));
          }};
}

pair batched(mem_ring::producer<double>& in, mem_ring::consumer<double>& out) {
  return {[&in](std::uint64_t count) {
            double batch[kBatch];
            for (std::uint64_t i = 0; i < count; i += kBatch) {
              const std::size_t n = std::min(kBatch, count - i);
              for (std::size_t k = 0; k < n; k++) batch[k] = value_of(i + k);
              in.push_many(batch, n);
            }
            return numbers{};
          },
          [&out](std::uint64_t count) {
            steady::time_point start;
            double batch[kBatch];
            double sum = 0;
            for (std::uint64_t i = 0; i < count;) {
              const std::size_t n = out.pop_many(batch, kBatch);
              if (i == 0) start = steady::now();
              for (std::size_t k = 0; k < n; k++) sum += batch[k];
              i += n;
            }
            return took(start, sum, sum_of(count, kValues));
          }};
}

// Each message is copied out into memory that is there already.
pair messages(mem_ring::message_producer& in, mem_ring::message_consumer& out) {
  return {[&in](std::uint64_t count) {
            unsigned char bytes[kMessageBytes] = {};
            for (std::uint64_t i = 0; i < count; i++) {
              bytes[0] = static_cast<unsigned char>(i);
              in.push(bytes, sizeof bytes);
            }
            return numbers{};
          },
          [&out](std::uint64_t count) {
            steady::time_point start;
            unsigned char bytes[kMessageBytes];
            mem_ring::message found;
            double sum = 0;
            for (std::uint64_t i = 0; i < count; i++) {
              out.peek(found);
              if (i == 0) start = steady::now();
              std::memcpy(bytes, found.data, sizeof bytes);
              out.release();
              sum += *const_cast<volatile unsigned char*>(bytes);
            }
            return took(start, sum, sum_of(count, kBytes));
          }};
}

pair trips(mem_ring::producer<double>& there, mem_ring::consumer<double>& arrived, mem_ring::producer<double>& back,
           mem_ring::consumer<double>& returned) {
  return {[&there, &returned](std::uint64_t count) {
            numbers times(count);
            double value = 0;
            for (double& time : times) {
              const auto start = steady::now();
              there.push(1);
              returned.pop(value);
              time = std::chrono::duration<double, std::nano>(steady::now() - start).count();
            }
            return times;
          },
          [&arrived, &back](std::uint64_t count) {
            double value = 0;
            for (std::uint64_t i = 0; i < count; i++) {
              arrived.pop(value);
              back.push(value);
            }
            return numbers{};
          }};
}

// Runs both ends at the same time; what one of them has to say.
std::string answer(const pair& ends, std::uint64_t count) {
  numbers made, measured;
  std::string failed;
  std::thread producer([&] { made = ends.produce(count); });
  try {
    measured = ends.consume(count);
  } catch (const std::exception& error) {
    failed = error.what();
  }
  producer.join();
  if (!failed.empty()) return "error " + failed;
  std::ostringstream line;
  const char* separator = "";
  for (const numbers* all : {&made, &measured}) {
    for (const double number : *all) {
      line << separator << number;
      separator = " ";
    }
  }
  return line.str();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string queue = argc == 2 ? argv[1] : "";
  if (queue != "ring" && queue != "ring-spin" && queue != "rigtorp") {
    std::cerr << "queue-cpp: expected ring, ring-spin or rigtorp\n";
    return 2;
  }
  // Neither thread looks up while it spins.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  rigtorp_queue theirs(kCapacity);
  // As between processes: memory that others could map, and doorbells that the kernel knows. Or as rigtorp's, between
  // threads of which none ever sleeps: then nobody need be woken, and a push is a store without a full barrier.
  auto entries = queue == "ring-spin" ? mem_ring::ring<double>::in_process(kCapacity, mem_ring::ends::spin)
                                      : mem_ring::ring<double>::create(kCapacity);
  auto bytes = mem_ring::message_ring::create(kMessageCapacity);
  auto there = mem_ring::ring<double>::create(1), back = mem_ring::ring<double>::create(1);
  auto in = entries.producer(waiting::spin);
  auto out = entries.consumer(waiting::spin);
  auto written = bytes.producer(waiting::spin);
  auto read = bytes.consumer(waiting::spin);
  auto left = there.producer(waiting::sleep);
  auto arrived = there.consumer(waiting::sleep);
  auto sent = back.producer(waiting::sleep);
  auto returned = back.consumer(waiting::sleep);
  std::string kind;
  std::uint64_t count = 0;
  while (std::cin >> kind >> count) {
    const pair ends = queue == "rigtorp"  ? rigtorp_pair(theirs)
                      : kind == "one"     ? single(in, out)
                      : kind == "batch"   ? batched(in, out)
                      : kind == "message" ? messages(written, read)
                                          : trips(left, arrived, sent, returned);
    std::cout << answer(ends, count) << std::endl;
  }
}
