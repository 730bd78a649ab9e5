// What each call of mem_ring.hpp promises, one end after the other in one thread; threads and processes that run against
// each other are in stress.cc. With the path of the peer program as its argument it also talks to two of them.
#include <dirent.h>
#include <sys/wait.h>

#include <deque>
#include <thread>

#include "check.hpp"

using namespace mem_ring;
using namespace std::chrono_literals;
namespace l = mem_ring::layout;

namespace {

using numbers_ring = ring<std::uint64_t>;
using bytes = std::vector<unsigned char>;
constexpr std::uint32_t kNearWrap = 0xffffff00u;

queue_fds duplicate(const queue_fds& fds) {
  return {::dup(fds.memory), ::dup(fds.consumer_bell), ::dup(fds.producer_bell)};
}
void close_all(const queue_fds& fds) {
  for (const int fd : {fds.memory, fds.consumer_bell, fds.producer_bell}) ::close(fd);
}

// Any sequence of calls does what a std::deque of bounded length does.
void entries_like_a_deque() {
  for (const std::uint32_t capacity : {1u, 2u, 4u, 8u, 64u}) {
    numbers random(capacity);
    auto queue = create_at<numbers_ring>(capacity, kNearWrap);
    auto in = queue.producer();
    auto out = queue.consumer();
    std::deque<std::uint64_t> model;
    std::uint64_t next = 0;
    std::uint64_t values[80];
    for (int i = 0; i < 20'000; i++) {
      const std::size_t n = random.below(80);
      const std::size_t room = capacity - model.size();
      switch (random.below(4)) {
        case 0:
          CHECK(in.try_push(next) == (room != 0));
          if (room != 0) model.push_back(next++);
          break;
        case 1: {
          for (std::size_t k = 0; k < n; k++) values[k] = next + k;
          const std::size_t done = in.try_push_many(values, n);
          CHECK(done == std::min(n, room));
          for (std::size_t k = 0; k < done; k++) model.push_back(next++);
          break;
        }
        case 2: {
          std::uint64_t value = 0;
          CHECK(out.try_pop(value) == (model.empty() ? popped::empty : popped::value));
          if (model.empty()) break;
          CHECK(value == model.front());
          model.pop_front();
          break;
        }
        default: {
          const std::size_t done = out.try_pop_many(values, n);
          CHECK(done == std::min(n, model.size()));
          for (std::size_t k = 0; k < done; k++) {
            CHECK(values[k] == model.front());
            model.pop_front();
          }
        }
      }
      CHECK(queue.length() == model.size() && in.length() == model.size() && out.length() == model.size());
    }
    CHECK(next > 0x100);  // the indices have wrapped
  }
}

// The same for messages, whose room depends on where the next record begins.
void messages_like_a_deque() {
  for (const std::uint32_t capacity : {32u, 64u, 128u, 1024u}) {
    numbers random(capacity);
    auto queue = create_at<message_ring>(capacity, kNearWrap);
    auto in = queue.producer();
    auto out = queue.consumer();
    CHECK(queue.max_length() == capacity / 2 - 8 && in.max_length() == queue.max_length());
    std::deque<bytes> model;
    std::uint32_t tail = kNearWrap, head = kNearWrap;
    std::deque<std::uint32_t> taken;
    for (int i = 0; i < 20'000; i++) {
      const std::uint32_t length = random.below(queue.max_length() + 1);
      const std::uint32_t record = (8 + length + 7) / 8 * 8;
      const std::uint32_t to_end = capacity - tail % capacity;
      const std::uint32_t needed = record <= to_end ? record : to_end + record;
      const bool fits = needed <= capacity - (tail - head);
      bytes value(length);
      for (unsigned char& byte : value) byte = static_cast<unsigned char>(random.below(256));
      switch (random.below(4)) {
        case 0:
          CHECK(in.try_push(value.data(), length) == fits);
          if (!fits) break;
          model.push_back(value);
          taken.push_back(needed);
          tail += needed;
          break;
        case 1: {
          unsigned char* at = in.try_claim(length);
          CHECK((at != nullptr) == fits);
          if (!fits) break;
          std::copy(value.begin(), value.end(), at);
          if (random.below(3) == 0) {
            in.abort();
            break;
          }
          in.commit();
          model.push_back(value);
          taken.push_back(needed);
          tail += needed;
          break;
        }
        default: {
          bytes got;
          if (random.below(2) == 0) {
            message found;
            CHECK(out.try_peek(found) == (model.empty() ? popped::empty : popped::value));
            CHECK(out.try_peek(found) == (model.empty() ? popped::empty : popped::value));
            got.assign(found.data, found.data + found.size);
            if (!model.empty()) out.release();
          } else {
            CHECK(out.try_pop(got) == (model.empty() ? popped::empty : popped::value));
          }
          if (model.empty()) break;
          CHECK(got == model.front());
          model.pop_front();
          head += taken.front();
          taken.pop_front();
        }
      }
      CHECK(queue.length() == tail - head);
    }
    CHECK(tail < kNearWrap);
  }
}

// The longest message fits an empty queue wherever the next record begins.
void longest_message_fits_everywhere() {
  for (const std::uint32_t capacity : {32u, 64u, 256u}) {
    for (std::uint32_t start = 0; start < capacity; start += 8) {
      auto queue = create_at<message_ring>(capacity, start);
      auto in = queue.producer();
      auto out = queue.consumer();
      const bytes value(queue.max_length(), 7);
      CHECK(in.try_push(value.data(), value.size()));
      bytes got;
      CHECK(out.try_pop(got) == popped::value && got == value);
      CHECK(queue.length() == 0);
    }
  }
}

template <std::size_t Size>
void entries_of() {
  struct entry {
    unsigned char bytes[Size];
  };
  auto queue = ring<entry>::create(2);
  auto other = ring<entry>::open(duplicate(queue.fds()));
  auto in = queue.producer();
  auto out = other.consumer();
  static entry value, got;
  for (int i = 0; i < 5; i++) {
    for (std::size_t k = 0; k < Size; k++) value.bytes[k] = static_cast<unsigned char>(i + 3 * static_cast<int>(k));
    CHECK(in.try_push(value));
    CHECK(out.try_pop(got) == popped::value);
    CHECK(std::memcmp(&got, &value, Size) == 0);
  }
  auto wrong = ring<unsigned short>::create(2);
  const queue_fds fds = duplicate(wrong.fds());
  CHECK(code_of([&] { ring<entry>::open(fds); }) == "ERR_RING_BAD_HEADER");
  close_all(fds);
}

void entries_of_any_size() {
  entries_of<1>();
  entries_of<3>();
  entries_of<100>();
  entries_of<65536>();
}

void the_layout_to_the_byte() {
  auto queue = create_at<numbers_ring>(4, kNearWrap);
  intruder memory(queue.fds());
  CHECK(memory.size() == 65536);
  const unsigned char expected[40] = {'M', 'E', 'M', 'Q', 'U', 'E', 'U', 'E', 1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0,
                                      4,   0,   0,   0,   2,   0,   0,   0,   0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0};
  CHECK(std::memcmp(memory.at(0), expected, sizeof(expected)) == 0);
  auto in = queue.producer();
  auto out = queue.consumer();
  CHECK(memory.get(0x380) == static_cast<std::uint32_t>(::getpid()));
  CHECK(memory.get(0x384) == detail::process_start(memory.get(0x380)) && memory.get(0x384) != 0);
  CHECK(memory.get(0x400) == memory.get(0x380) && memory.get(0x404) == memory.get(0x384));
  std::uint64_t value = 0x1122334455667788;
  CHECK(in.try_push(value) && in.try_push(value));
  CHECK(memory.get(0x080) == kNearWrap + 2 && memory.get(0x100) == kNearWrap);
  CHECK(memory.at(0x1000)[0] == 0x88 && memory.at(0x1000)[15] == 0x11);
  CHECK(out.try_pop(value) == popped::value && memory.get(0x100) == kNearWrap + 1);
  CHECK(memory.get(0x280) == 0 && memory.get(0x300) == 0);
  in.close();
  out.close();
  CHECK(memory.get(0x280) == 1 && memory.get(0x300) == 1);

  auto messages = create_at<message_ring>(64, 48);
  intruder text(messages.fds());
  auto pushing = messages.producer();
  CHECK(pushing.try_push("0123456789", 10));
  // Sixteen bytes were left: padding, and the record at the beginning.
  CHECK(text.get(0x1000 + 48) == 0xffffffffu && text.get(0x1000) == 10 && text.get(0x1004) == 0);
  CHECK(std::memcmp(text.at(0x1008), "0123456789", 10) == 0 && text.get(0x080) == 48 + 16 + 24);
}

void headers_are_checked() {
  struct {
    std::uint32_t offset, value;
    const char* field;
  } const cases[] = {{l::kHeaderMagic, 0, "magic"},         {l::kHeaderVersion, 2, "version"},
                     {l::kHeaderShape, 2, "shape"},         {l::kHeaderEntrySize, 16, "entrySize"},
                     {l::kHeaderCapacity, 0, "capacity"},   {l::kHeaderCapacity, 3, "capacity"},
                     {l::kHeaderCapacity, 1u << 31, "capacity"}, {l::kHeaderCapacity, 1u << 14, "size"},
                     {l::kHeaderDoorbell, 1, "doorbell"},   {l::kHeaderFeatures, 1, "features"},
                     {l::kHeaderSize, 4096, "size"},        {l::kHeaderSize + 4, 1, "size"}};
  for (const auto& each : cases) {
    auto queue = numbers_ring::create(4);
    intruder(queue.fds()).set(each.offset, each.value);
    const queue_fds fds = duplicate(queue.fds());
    std::string what;
    CHECK(code_of([&] { numbers_ring::open(fds); }, &what) == "ERR_RING_BAD_HEADER");
    CHECK(what.find(std::string("queue header: ") + each.field + " is ") == 0);
    close_all(fds);  // refused fds are still the caller's: closing them is no error
  }
  // A memory that could shrink, one that is none, a doorbell that would answer with SIGPIPE.
  auto queue = numbers_ring::create(4);
  const int plain = static_cast<int>(::syscall(SYS_memfd_create, "test", MFD_ALLOW_SEALING));
  CHECK(::ftruncate(plain, 65536) == 0);
  queue_fds fds = duplicate(queue.fds());
  std::string what;
  CHECK(code_of([&] { numbers_ring::open({plain, fds.consumer_bell, fds.producer_bell}); }, &what) ==
        "ERR_RING_BAD_HEADER");
  CHECK(what == "queue header: size is not fixed, expected a memfd sealed against shrinking");
  CHECK(code_of([&] { numbers_ring::open({fds.consumer_bell, fds.consumer_bell, fds.producer_bell}); }) ==
        "ERR_RING_BAD_HEADER");
  int pipe_fds[2];
  CHECK(::pipe(pipe_fds) == 0);
  CHECK(code_of([&] { numbers_ring::open({fds.memory, pipe_fds[1], fds.producer_bell}); }) == "ERR_RING_BAD_HEADER");
  CHECK(::fcntl(fds.memory, F_ADD_SEALS, F_SEAL_WRITE) != 0);
  for (const int fd : {plain, pipe_fds[0], pipe_fds[1]}) ::close(fd);
  close_all(fds);
}

void options_are_checked() {
  for (const std::uint32_t capacity : {0u, 3u, 100u, (1u << 30) + 1, 1u << 31}) {
    CHECK(code_of([&] { numbers_ring::create(capacity); }) == "ERR_RING_INVALID_OPTION");
    CHECK(code_of([&] { numbers_ring::in_process(capacity); }) == "ERR_RING_INVALID_OPTION");
  }
  for (const std::uint32_t capacity : {1u, 16u, 33u}) {
    CHECK(code_of([&] { message_ring::create(capacity); }) == "ERR_RING_INVALID_OPTION");
  }
  auto queue = numbers_ring::in_process(4, ends::spin);
  CHECK(code_of([&] { queue.producer(waiting::sleep); }) == "ERR_RING_INVALID_OPTION");
  CHECK(code_of([&] { queue.consumer(waiting::adaptive); }) == "ERR_RING_INVALID_OPTION");
  auto in = queue.producer(waiting::spin);
  CHECK(in.try_push(1));
}

void roles_are_taken_once() {
  auto queue = numbers_ring::create(4);
  auto other = numbers_ring::open(duplicate(queue.fds()));
  {
    auto in = queue.producer();
    CHECK(code_of([&] { queue.producer(); }) == "ERR_RING_ROLE_TAKEN");
    CHECK(code_of([&] { other.producer(); }) == "ERR_RING_ROLE_TAKEN");
    auto moved = std::move(in);
    CHECK(moved.try_push(1));
  }
  CHECK(code_of([&] { other.producer(); }) == "ERR_RING_ROLE_TAKEN");
  auto out = other.consumer();
  CHECK(code_of([&] { queue.consumer(); }) == "ERR_RING_ROLE_TAKEN");
}

void the_end_comes_after_what_is_left() {
  auto queue = numbers_ring::create(4);
  auto in = queue.producer();
  auto out = queue.consumer();
  CHECK(in.try_push(1) && in.try_push(2) && in.try_push(3));
  in.close();
  in.close();
  CHECK(code_of([&] { in.push(4); }) == "ERR_RING_CLOSED");
  CHECK(code_of([&] { (void)in.try_push_many(nullptr, 0); }) == "ERR_RING_CLOSED");
  std::uint64_t value = 0;
  CHECK(out.pop(value) == popped::value && value == 1 && !out.ended());
  std::uint64_t sum = 0;
  for (const std::uint64_t& each : out) sum += each;
  CHECK(sum == 5 && out.ended());
  CHECK(out.try_pop(value) == popped::end && out.pop(value) == popped::end && out.pop_many(&value, 1) == 0);
}

void a_consumer_that_stops() {
  auto queue = numbers_ring::create(1);
  auto in = queue.producer();
  auto out = queue.consumer();
  CHECK(in.try_push(1));
  out.close();
  CHECK(code_of([&] { in.push(2); }) == "ERR_RING_CLOSED");
  std::uint64_t value = 0;
  CHECK(code_of([&] { (void)out.try_pop(value); }) == "ERR_RING_CLOSED");
  CHECK(code_of([&] { out.pop(value); }) == "ERR_RING_CLOSED");

  auto messages = message_ring::create(64);
  auto pushing = messages.producer();
  CHECK(pushing.try_claim(3) != nullptr);
  messages.consumer().close();
  CHECK(code_of([&] { pushing.commit(); }) == "ERR_RING_CLOSED");
}

// Going without closing is not the end.
void an_end_that_is_destroyed() {
  auto queue = numbers_ring::create(4);
  auto out = queue.consumer();
  { CHECK(queue.producer().try_push(7)); }
  std::uint64_t value = 0;
  CHECK(out.pop(value) == popped::value && value == 7);
  CHECK(code_of([&] { out.pop(value); }) == "ERR_RING_PEER_DIED");
  CHECK(code_of([&] { (void)out.try_pop(value); }) == "ERR_RING_PEER_DIED" && !out.ended());

  auto second = numbers_ring::in_process(4);
  auto in = second.producer();
  { auto gone = second.consumer(); }
  CHECK(code_of([&] { in.push(1); }) == "ERR_RING_PEER_DIED");
}

void time_is_up() {
  for (const waiting how : {waiting::spin, waiting::adaptive, waiting::sleep}) {
    for (const bool memfd : {true, false}) {
      auto queue = memfd ? numbers_ring::create(1) : numbers_ring::in_process(1);
      auto in = queue.producer(how);
      auto out = queue.consumer(how);
      std::uint64_t values[2] = {1, 2};
      CHECK(out.pop(values[0], 1ms) == popped::empty);
      CHECK(out.pop(values[0], -1h) == popped::empty);
      CHECK(out.pop_many(values, 2, limit::clock::now()) == 0 && !out.ended());
      CHECK(in.push(5, 1ms));
      CHECK(!in.push(6, 1ms));
      CHECK(in.push_many(values, 2, 1ms) == 0);
      CHECK(out.pop(values[0], std::chrono::hours::max()) == popped::value && values[0] == 5);
      CHECK(in.push_many(values, 2, 1ms) == 1);
      // The flags of who gave up are down again: nobody rings for them.
      const std::uint64_t rung = in.stats().doorbells + out.stats().doorbells;
      CHECK(out.try_pop(values[0]) == popped::value && in.try_push(1));
      CHECK(in.stats().doorbells + out.stats().doorbells == rung);
      CHECK((in.stats().waits != 0) == (how != waiting::spin));
    }
  }
  auto messages = message_ring::create(32);
  auto in = messages.producer(waiting::sleep);
  CHECK(in.push("12345678", 8) && in.push("1", 1) && !in.push("12345678", 8, 1ms) && in.claim(1, 1ms) == nullptr);
}

void messages_are_claimed_properly() {
  auto queue = message_ring::create(64);
  auto in = queue.producer();
  auto out = queue.consumer();
  CHECK(code_of([&] { in.commit(); }) == "ERR_RING_MISUSE" && code_of([&] { in.abort(); }) == "ERR_RING_MISUSE");
  CHECK(code_of([&] { out.release(); }) == "ERR_RING_MISUSE");
  std::string what;
  CHECK(code_of([&] { (void)in.try_claim(25); }, &what) == "ERR_RING_MESSAGE_TOO_LONG");
  CHECK(what.find("25 bytes") != std::string::npos && what.find("at most 24") != std::string::npos);
  CHECK(code_of([&] { (void)in.try_claim(~std::size_t{0}); }) == "ERR_RING_MESSAGE_TOO_LONG");
  CHECK(in.try_claim(24) != nullptr);
  CHECK(code_of([&] { (void)in.try_claim(1); }) == "ERR_RING_MISUSE");
  CHECK(code_of([&] { in.push("x", 1); }) == "ERR_RING_MISUSE");
  message found;
  CHECK(out.try_peek(found) == popped::empty);
  in.commit();
  CHECK(code_of([&] { in.commit(); }) == "ERR_RING_MISUSE");
  CHECK(out.try_peek(found) == popped::value && found.size == 24);
  out.release();
  CHECK(code_of([&] { out.release(); }) == "ERR_RING_MISUSE");
  CHECK(in.try_push(nullptr, 0) && in.try_push("ab", 2));
  in.close();
  std::vector<std::size_t> sizes;
  for (const message& each : out) sizes.push_back(each.size);
  CHECK((sizes == std::vector<std::size_t>{0, 2}));
}

// Whatever stands in the words, a typed error comes of it, at once, and stays.
void damage_is_found() {
  for (const std::uint32_t off : {5u, 0x80000000u, 0xffffffffu}) {
    auto queue = create_at<numbers_ring>(4, kNearWrap);
    intruder memory(queue.fds());
    auto in = queue.producer();
    auto out = queue.consumer();
    std::uint64_t value = 0;
    memory.set(l::kWordTail, kNearWrap + off);
    CHECK(code_of([&] { (void)out.try_pop(value); }) == "ERR_RING_DAMAGED");
    memory.set(l::kWordTail, kNearWrap + 1);
    CHECK(code_of([&] { out.pop(value); }) == "ERR_RING_DAMAGED");
    while (in.try_push(1) && in.length() != 0 && memory.get(l::kWordTail) != kNearWrap + 4) {
    }
    memory.set(l::kWordHead, kNearWrap + off);
    CHECK(code_of([&] { in.push(1); }) == "ERR_RING_DAMAGED");
    memory.set(l::kWordHead, kNearWrap + 1);
    CHECK(code_of([&] { (void)in.try_push(1); }) == "ERR_RING_DAMAGED");
    CHECK(queue.length() <= queue.capacity());
  }
  // Before anybody begins; an index that goes back.
  auto early = numbers_ring::create(4);
  intruder(early.fds()).set(l::kWordTail, 5);
  CHECK(code_of([&] { early.consumer(); }) == "ERR_RING_DAMAGED");
  CHECK(code_of([&] { early.producer(); }) == "ERR_RING_DAMAGED");
  auto back = numbers_ring::create(4);
  auto in = back.producer();
  std::uint64_t values[4] = {};
  CHECK(in.try_push_many(values, 4) == 4);
  intruder(back.fds()).set(l::kWordHead, 2);
  CHECK(in.try_push_many(values, 2) == 2);
  intruder(back.fds()).set(l::kWordHead, 1);
  CHECK(code_of([&] { (void)in.try_push(1); }) == "ERR_RING_DAMAGED");

  // Messages: every length that could be written over a record of 16 bytes in a queue of 64.
  struct {
    std::uint32_t start, at, length;
  } const cases[] = {{0, 0, 9},   {0, 0, 24},          {0, 0, 25},         {0, 0, 64},          {0, 0, 0x7fffffff},
                     {0, 0, 0xfffffff0u}, {0, 0, 0xffffffffu}, {48, 48, 0xffffffffu}, {56, 0, 9}, {56, 0, 0xffffffffu}};
  for (const auto& each : cases) {
    auto queue = create_at<message_ring>(64, each.start);
    auto pushing = queue.producer();
    auto popping = queue.consumer();
    CHECK(pushing.try_push("12345678", 8));
    intruder(queue.fds()).set(l::kData + each.at, each.length);
    message found;
    CHECK(code_of([&] { (void)popping.try_peek(found); }) == "ERR_RING_DAMAGED");
    CHECK(code_of([&] { popping.peek(found); }) == "ERR_RING_DAMAGED");
  }
  // One that is all there, but would go on behind the end of the memory: the next begins at offset 0.
  auto over = create_at<message_ring>(64, 40);
  auto pushing = over.producer();
  CHECK(pushing.try_push("12345678", 8) && pushing.try_push("12345678", 8));
  intruder(over.fds()).set(l::kData + 40, 20);
  message found;
  CHECK(code_of([&] { (void)over.consumer().try_peek(found); }) == "ERR_RING_DAMAGED");
  auto odd = create_at<message_ring>(64, 4);
  CHECK(code_of([&] { odd.consumer(); }) == "ERR_RING_DAMAGED");
  CHECK(code_of([&] { odd.producer(); }) == "ERR_RING_DAMAGED");
}

// An untrusted peer for a while: whatever it writes wherever, each call returns or throws, and reads nothing outside.
void noise() {
  numbers random(1);
  for (int round = 0; round < 3'000; round++) {
    auto queue = message_ring::create(256);
    intruder memory(queue.fds());
    auto in = queue.producer(waiting::sleep);
    auto out = queue.consumer(waiting::sleep);
    for (int i = 0; i < 30; i++) {
      const bytes value(random.below(60), 1);
      bytes got;
      const std::uint32_t at = random.below(3) == 0 ? l::kWordTail + 128 * random.below(6) : l::kData + 4 * random.below(64);
      switch (random.below(4)) {
        case 0:
          memory.set(at, random.below(2) == 0 ? random.below(300) : random.below(0x7fffffff) * 2 + 1);
          break;
        case 1:
          code_of([&] { (void)in.try_push(value.data(), value.size()); });
          break;
        case 2:
          code_of([&] { out.pop(got, limit::clock::time_point{}); });
          break;
        default:
          code_of([&] { in.push(value.data(), value.size(), limit::clock::time_point{}); });
      }
      CHECK(got.size() <= out.max_length());
    }
  }
}

void queues_are_passed_over_a_socket() {
  int sockets[2];
  CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
  {
    auto queue = numbers_ring::create(4);
    queue.offer(sockets[0]);
    auto in = queue.producer();
    CHECK(in.try_push(11));
    auto other = numbers_ring::receive(sockets[1]);
    CHECK((::fcntl(other.fds().memory, F_GETFD) & FD_CLOEXEC) != 0);
    auto out = other.consumer();
    std::uint64_t value = 0;
    CHECK(out.try_pop(value) == popped::value && value == 11);
  }
  message_ring::create(32).offer(sockets[0]);
  CHECK(code_of([&] { numbers_ring::receive(sockets[1]); }) == "ERR_RING_BAD_HEADER");
  CHECK(::write(sockets[0], "X", 1) == 1);
  CHECK(code_of([&] { numbers_ring::receive(sockets[1]); }) == "ERR_RING_BAD_HEADER");
  CHECK(code_of([&] { numbers_ring::in_process(4).offer(sockets[0]); }) == "ERR_RING_MISUSE");
  ::close(sockets[0]);
  CHECK(code_of([&] { numbers_ring::receive(sockets[1]); }) == "ERR_RING_PEER_DIED");
  CHECK(code_of([&] { numbers_ring::create(4).offer(sockets[1]); }) == "ERR_RING_PEER_DIED");
  ::close(sockets[1]);
}

std::size_t open_fds() {
  DIR* list = ::opendir("/proc/self/fd");
  CHECK(list != nullptr);
  std::size_t n = 0;
  while (::readdir(list) != nullptr) n++;
  ::closedir(list);
  return n;
}

// Runs `f` in a child process, which then ends as if it had been killed; returns when it has.
template <class F>
void in_child(F f) {
  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    f();
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void the_death_of_a_process() {
  for (const waiting how : {waiting::spin, waiting::adaptive, waiting::sleep}) {
    auto queue = create_at<numbers_ring>(4, kNearWrap);
    auto out = queue.consumer(how);
    in_child([&] {
      // Kept: a process that dies runs no destructors.
      static auto in = queue.producer();
      in.push(1);
      in.push(2);
    });
    std::uint64_t value = 0;
    CHECK(out.pop(value) == popped::value && value == 1);
    CHECK(out.pop(value) == popped::value && value == 2);
    CHECK(code_of([&] { out.pop(value); }) == "ERR_RING_PEER_DIED");
    CHECK(code_of([&] { (void)out.try_pop(value); }) == "ERR_RING_PEER_DIED");

    auto second = numbers_ring::create(1);
    auto in = second.producer(how);
    in_child([&] { static auto gone = second.consumer(); });
    CHECK(in.try_push(1));
    CHECK(code_of([&] { in.push(2); }) == "ERR_RING_PEER_DIED");
    CHECK(code_of([&] { (void)in.try_push(2); }) == "ERR_RING_PEER_DIED");

    // Who has closed and then ended has not died.
    auto third = numbers_ring::create(4);
    auto reading = third.consumer(how);
    in_child([&] {
      static auto writing = third.producer();
      writing.push(3);
      writing.close();
    });
    CHECK(reading.pop(value) == popped::value && reading.pop(value) == popped::end);
  }
}

// While it is being waited for, asleep on the bell or before anybody had the role.
void death_wakes_who_sleeps() {
  for (const bool early : {true, false}) {
    int go[2];
    CHECK(::pipe2(go, O_CLOEXEC) == 0);
    auto queue = numbers_ring::create(4);
    auto out = queue.consumer(waiting::sleep);
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) {
      ::close(go[1]);
      char byte;
      if (early) {
        static auto in = queue.producer();
        (void)::read(go[0], &byte, 1);
      } else {
        (void)::read(go[0], &byte, 1);
        static auto in = queue.producer();
      }
      ::_exit(0);
    }
    ::close(go[0]);
    std::thread release([&] {
      // Only once it sleeps: then nothing but the pidfd, or the bell of who takes the role, can wake it.
      intruder memory(queue.fds());
      while (memory.word(l::kWordSleeping).load() == 0) std::this_thread::yield();
      ::close(go[1]);
    });
    std::uint64_t value = 0;
    CHECK(code_of([&] { out.pop(value); }) == "ERR_RING_PEER_DIED");
    release.join();
    CHECK(::waitpid(child, nullptr, 0) == child);
  }
}

// A number that is used again: the process that has it now is younger than the one that took the role.
void a_number_that_is_used_again() {
  int stay[2];
  CHECK(::pipe2(stay, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    ::close(stay[1]);
    char byte;
    (void)::read(stay[0], &byte, 1);
    ::_exit(0);
  }
  const std::uint32_t pid = static_cast<std::uint32_t>(child);
  struct {
    std::uint32_t role, start;
    bool dead;
  } const cases[] = {{pid, detail::process_start(pid), false}, {pid, 0, false},
                     {pid, detail::process_start(pid) - 1, true}, {0x7ffffff0, 0, true}, {0xfffffff0, 0, true}};
  for (const auto& each : cases) {
    auto queue = numbers_ring::create(4);
    intruder memory(queue.fds());
    memory.set(l::kWordProducer, each.role);
    memory.set(l::kWordProducerStart, each.start);
    auto out = queue.consumer(waiting::sleep);
    std::uint64_t value = 0;
    CHECK(code_of([&] { CHECK(out.pop(value, 1ms) == popped::empty); }) == (each.dead ? "ERR_RING_PEER_DIED" : ""));
  }
  ::close(stay[0]);
  ::close(stay[1]);
  CHECK(::waitpid(child, nullptr, 0) == child);
}

void everything_is_given_back() {
  const std::size_t before = open_fds();
  for (int i = 0; i < 100; i++) {
    auto queue = numbers_ring::create(4);
    auto in = queue.producer();
    auto moved = numbers_ring::open(duplicate(queue.fds()));
    auto out = moved.consumer();
    queue = std::move(moved);
    CHECK(in.try_push(1));
    in = numbers_ring::in_process(2).producer();  // outlives its ring
    CHECK(in.try_push(2));
  }
  CHECK(open_fds() == before);
}

// Two peers as the conformance suite runs them: fds 3, 4 and 5, a line for a line.
class peer {
 public:
  peer(const char* program, const char* role, const char* shape, const char* how, const queue_fds& fds) {
    int in[2], out[2];
    CHECK(::pipe2(in, O_CLOEXEC) == 0 && ::pipe2(out, O_CLOEXEC) == 0);
    pid_ = ::fork();
    CHECK(pid_ >= 0);
    if (pid_ == 0) {
      // Out of the way first: 3, 4 and 5 may be taken.
      const int from[5] = {in[0], out[1], fds.memory, fds.consumer_bell, fds.producer_bell};
      int high[5];
      for (int i = 0; i < 5; i++) high[i] = ::fcntl(from[i], F_DUPFD_CLOEXEC, 100);
      const int to[5] = {0, 1, 3, 4, 5};
      for (int i = 0; i < 5; i++) ::dup2(high[i], to[i]);
      ::execl(program, program, role, shape, how, static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
  }
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;

  void send(const std::string& line) {
    std::fputs((line + "\n").c_str(), to_);
    std::fflush(to_);
  }
  std::string answer() {
    std::string line;
    for (int c; (c = std::fgetc(from_)) != EOF && c != '\n';) line += static_cast<char>(c);
    return line;
  }
  std::string ask(const std::string& line) {
    send(line);
    return answer();
  }
  // The end of its input; what it ends with.
  int finish() {
    std::fclose(to_);
    int status = 0;
    CHECK(::waitpid(pid_, &status, 0) == pid_);
    std::fclose(from_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
  FILE* to_;
  FILE* from_;
};

bool begins(const std::string& text, const std::string& with) { return text.compare(0, with.size(), with) == 0; }

void two_peers(const char* program) {
  for (const char* how : {"spin", "adaptive", "sleep"}) {
    auto queue = create_at<numbers_ring>(4, kNearWrap);
    peer in(program, "producer", "entries", how, queue.fds());
    peer out(program, "consumer", "entries", how, queue.fds());
    CHECK(in.answer() == "ready" && out.answer() == "ready");
    peer third(program, "consumer", "entries", how, queue.fds());
    CHECK(begins(third.answer(), "error ERR_RING_ROLE_TAKEN "));
    CHECK(third.finish() == 1);
    CHECK(in.ask("tryPush 9007199254740991") == "true" && in.ask("tryPushMany 2 3 4 5") == "3");
    CHECK(in.ask("tryPush 5") == "false" && in.ask("pushFor 1 5") == "timeout" && in.ask("length") == "4");
    CHECK(begins(in.ask("push 9007199254740992"), "error ERR_RING_MISUSE "));
    CHECK(begins(in.ask("pop"), "error ERR_RING_MISUSE ") && begins(in.ask("push"), "error ERR_RING_MISUSE "));
    CHECK(out.ask("tryPop") == "9007199254740991" && out.ask("tryPopMany 2") == "values 2 3" && out.ask("pop") == "4");
    CHECK(out.ask("tryPop") == "empty" && out.ask("tryPopMany 5") == "values" && out.ask("popFor 1") == "timeout");
    out.send("popMany 9");
    CHECK(in.ask("push 6") == "done" && out.answer() == "values 6");
    in.send("blast 10 5000");
    CHECK(out.ask("expect 10 5000") == "done" && in.answer() == "done");
    CHECK(in.ask("pushMany 1 2 3") == "done" && in.ask("close") == "done");
    CHECK(begins(in.ask("push 1"), "error ERR_RING_CLOSED "));
    CHECK(out.ask("all") == "values 1 2 3" && out.ask("all") == "values" && out.ask("popMany 3") == "end");
    CHECK(begins(out.ask("expect 1 1"), "error MISMATCH ") && out.ask("capacity") == "4");
    CHECK(in.finish() == 0 && out.finish() == 0);

    auto messages = create_at<message_ring>(256, kNearWrap);
    peer pushing(program, "producer", "messages", how, messages.fds());
    peer popping(program, "consumer", "messages", how, messages.fds());
    CHECK(pushing.answer() == "ready" && popping.answer() == "ready");
    CHECK(pushing.ask("tryClaim 2") == "true" && begins(pushing.ask("tryClaim 2"), "error ERR_RING_MISUSE "));
    CHECK(pushing.ask("write 0aFF") == "done" && popping.ask("tryPeek") == "empty" && pushing.ask("commit") == "done");
    CHECK(pushing.ask("tryClaim 3") == "true" && pushing.ask("abort") == "done");
    CHECK(popping.ask("tryPeek") == "0aff" && popping.ask("release") == "done");
    CHECK(begins(pushing.ask("tryClaim 121"), "error ERR_RING_MESSAGE_TOO_LONG ") && pushing.ask("maxLength") == "120");
    CHECK(pushing.ask("tryPushMany - 01 0203") == "3" && popping.ask("popMany 2") == "values - 01");
    CHECK(popping.ask("tryPopMany 9") == "values 0203" && popping.ask("popFor 1") == "timeout");
    pushing.send("blast 0 5000");
    CHECK(popping.ask("expect 0 5000") == "done" && pushing.answer() == "done");
    CHECK(pushing.ask("push 05") == "done" && pushing.finish() == 0);  // dies: it has not closed
    CHECK(popping.ask("pop") == "05" && begins(popping.ask("pop"), "error ERR_RING_PEER_DIED "));
    CHECK(popping.finish() == 0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  entries_like_a_deque();
  messages_like_a_deque();
  longest_message_fits_everywhere();
  entries_of_any_size();
  the_layout_to_the_byte();
  headers_are_checked();
  options_are_checked();
  roles_are_taken_once();
  the_end_comes_after_what_is_left();
  a_consumer_that_stops();
  an_end_that_is_destroyed();
  time_is_up();
  messages_are_claimed_properly();
  damage_is_found();
  noise();
  queues_are_passed_over_a_socket();
  the_death_of_a_process();
  death_wakes_who_sleeps();
  a_number_that_is_used_again();
  everything_is_given_back();
  if (argc > 1) two_peers(argv[1]);
  std::puts("done");
  return 0;
}
