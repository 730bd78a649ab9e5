// Two ends at once, every way of waiting, both kinds of doorbell, capacities from 1: nothing is lost, nothing comes
// twice, nobody sleeps for ever. A lost wake-up shows as a run that does not end: its name is the last line printed.
//
//   stress threads|processes [entries a run]
#include <sys/wait.h>

#include <thread>

#include "check.hpp"
#include "pin.hpp"

using namespace mem_ring;

namespace {

using entries = ring<std::uint64_t>;
using bytes = std::vector<unsigned char>;
constexpr std::uint32_t kNearWrap = 0xffffff00u;

// A limit that is over at once, or soon: who gives up has to take its flag back.
limit short_limit(numbers& random) { return std::chrono::microseconds(random.below(60)); }

void push_all(producer<std::uint64_t> in, std::uint64_t count) {
  numbers random(1);
  std::uint64_t values[40];
  for (std::uint64_t i = 0; i < count;) {
    const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(1 + random.below(40), count - i));
    for (std::size_t k = 0; k < n; k++) values[k] = i + k;
    switch (random.below(4)) {
      case 0:
        in.push(i++);
        break;
      case 1:
        i += in.push(i, short_limit(random)) ? 1 : 0;
        break;
      case 2:
        i += in.try_push_many(values, n);
        break;
      default:
        in.push_many(values, n);
        i += n;
    }
  }
  in.close();
}

void pop_all(consumer<std::uint64_t> out, std::uint64_t count) {
  numbers random(2);
  std::uint64_t values[40] = {};
  std::uint64_t i = 0;
  while (!out.ended()) {
    const std::size_t n = 1 + random.below(40);
    std::size_t found = 0;
    switch (random.below(4)) {
      case 0:
        found = out.pop(values[0]) == popped::value ? 1 : 0;
        break;
      case 1:
        found = out.pop(values[0], short_limit(random)) == popped::value ? 1 : 0;
        break;
      case 2:
        found = out.try_pop_many(values, n);
        break;
      default:
        found = out.pop_many(values, n);
    }
    for (std::size_t k = 0; k < found; k++) CHECK(values[k] == i++);
  }
  CHECK(i == count);
}

std::size_t message_length(std::uint64_t i, std::uint32_t max) {
  return static_cast<std::size_t>(i * 37 % (std::uint64_t{max} + 1));
}

void push_all(message_producer in, std::uint64_t count) {
  numbers random(3);
  for (std::uint64_t i = 0; i < count;) {
    bytes value(message_length(i, in.max_length()));
    for (std::size_t k = 0; k < value.size(); k++) value[k] = static_cast<unsigned char>(i + k);
    if (random.below(2) == 0) {
      i += in.push(value.data(), value.size(), short_limit(random)) ? 1 : 0;
      continue;
    }
    std::copy(value.begin(), value.end(), in.claim(value.size()));
    if (random.below(4) == 0) {
      in.abort();
      continue;
    }
    in.commit();
    i++;
  }
  in.close();
}

void pop_all(message_consumer out, std::uint64_t count) {
  numbers random(4);
  std::uint64_t i = 0;
  const auto check = [&i, &out](const unsigned char* data, std::size_t size) {
    CHECK(size == message_length(i, out.max_length()));
    for (std::size_t k = 0; k < size; k++) CHECK(data[k] == static_cast<unsigned char>(i + k));
    i++;
  };
  bytes value;
  message found;
  while (!out.ended()) {
    if (random.below(2) == 0) {
      if (out.pop(value, short_limit(random)) == popped::value) check(value.data(), value.size());
    } else if (out.peek(found) == popped::value) {
      check(found.data, found.size);
      out.release();
    }
  }
  CHECK(i == count);
}

bool one_processor = false;

template <class Ring>
void in_threads(Ring queue, waiting how, std::uint64_t count) {
  auto in = queue.producer(how);
  auto out = queue.consumer(how);
  std::thread pushing([&] {
    if (one_processor) pin(0);
    push_all(std::move(in), count);
  });
  std::thread popping([&] {
    if (one_processor) pin(0);
    pop_all(std::move(out), count);
  });
  pushing.join();
  popping.join();
}

// Closed right after the last entry, while the consumer looks: between its look at tail and its look at closed both may
// happen.
void short_lives(std::uint64_t count) {
  std::vector<producer<std::uint64_t>> ins;
  std::vector<consumer<std::uint64_t>> outs;
  for (std::uint64_t i = 0; i < count; i++) {
    auto queue = entries::in_process(1);
    ins.push_back(queue.producer());
    outs.push_back(queue.consumer());
  }
  // How far the consumer is, so that both are at the same queue at the same time. Pairs with itself.
  std::atomic<std::uint64_t> at{0};
  std::thread pushing([&] {
    for (std::uint64_t i = 0; i < count; i++) {
      while (at.load() < i) std::this_thread::yield();
      ins[i].push(i);
      ins[i].close();
    }
  });
  for (std::uint64_t i = 0; i < count; i++) {
    at.store(i);
    std::uint64_t value = 0, found = 0;
    for (std::uint32_t looks = 1; !outs[i].ended(); looks++) {
      found += outs[i].try_pop(value) == popped::value ? 1 : 0;
      if (looks % 1024 == 0) std::this_thread::yield();
    }
    CHECK(found == 1 && value == i);
  }
  pushing.join();
}

// The child gets the queue as a stranger would: over a socket, with a mapping of its own.
template <class Ring>
void in_processes(Ring queue, waiting how, std::uint64_t count) {
  int sockets[2];
  CHECK(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0);
  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    push_all(Ring::receive(sockets[1]).producer(how), count);
    ::_exit(0);
  }
  queue.offer(sockets[0]);
  pop_all(queue.consumer(how), count);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  ::close(sockets[0]);
  ::close(sockets[1]);
}

const char* name_of(waiting how) {
  return how == waiting::spin ? "spin" : how == waiting::sleep ? "sleep" : "adaptive";
}

void begin(const char* what, waiting how, std::uint32_t capacity) {
  std::printf("%s, %s, %u\n", what, name_of(how), capacity);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string where = argc > 1 ? argv[1] : "threads";
  const std::uint64_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 800;
  one_processor = where == "one-processor";
  for (const waiting how : {waiting::sleep, waiting::adaptive, waiting::spin}) {
    for (const std::uint32_t capacity : {1u, 2u, 16u}) {
      if (where == "processes") {
        begin("entries between processes", how, capacity);
        in_processes(create_at<entries>(capacity, kNearWrap), how, count);
        begin("messages between processes", how, capacity * 32);
        in_processes(create_at<message_ring>(capacity * 32, kNearWrap), how, count);
        continue;
      }
      begin("entries, eventfds", how, capacity);
      in_threads(create_at<entries>(capacity, kNearWrap), how, count);
      begin("messages, eventfds", how, capacity * 32);
      in_threads(create_at<message_ring>(capacity * 32, kNearWrap), how, count);
      begin("entries, futexes", how, capacity);
      in_threads(entries::in_process(capacity), how, count);
      begin("messages, futexes", how, capacity * 32);
      in_threads(message_ring::in_process(capacity * 32), how, count);
      if (how != waiting::spin) continue;
      begin("entries, ends::spin", how, capacity);
      in_threads(entries::in_process(capacity, ends::spin), how, count);
      begin("messages, ends::spin", how, capacity * 32);
      in_threads(message_ring::in_process(capacity * 32, ends::spin), how, count);
    }
  }
  if (where == "threads") {
    begin("short lives", waiting::spin, 1);
    short_lives(10 * count);
  }
  std::puts("done");
  return 0;
}
