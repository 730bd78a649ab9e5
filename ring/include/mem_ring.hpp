// mem_ring.hpp: a lock-free single-producer single-consumer queue in shared memory, for threads and for processes.
//
// Header-only C++17 for Linux (glibc and musl, amd64 and arm64); needs nothing but the kernel. The other end may be
// C++, Go or JavaScript: docs/format.md says byte by byte what they agree on, docs/how-it-works.md why.
//
//   auto queue = mem_ring::ring<std::uint64_t>::create(1024);   // or open(fds), receive(socket), in_process(1024)
//   auto in = queue.producer();                                  // one thread pushes,
//   auto out = queue.consumer();                                 // another one pops
//   in.push(42);
//   in.close();
//   for (std::uint64_t value : out) use(value);                  // until the end
//
// Three layers, each complete:
//   raw_producer, raw_consumer (and raw_message_...)   memory only: indices, copies, flags; no system call, no exception
//   ring<T>, message_ring                              owners of memory and doorbells; from them the roles are taken
//   producer<T>, consumer<T> (and message_...)         roles: pushing, popping, waiting, the end
//
// Threads: a producer belongs to one thread at a time, and so does a consumer; one is handed over as any other object
// is. Errors are thrown as mem_ring::error. Nothing allocates but create, open, receive and in_process, an error, and
// pop into a std::vector.
#ifndef MEM_RING_HPP
#define MEM_RING_HPP

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/memfd.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mem_ring {

/// Offsets, sizes and values that every language shares.
namespace layout {
// <layout>
// Generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.
inline constexpr char kMagic[] = "MEMQUEUE";
inline constexpr std::uint32_t kVersion = 1;  // Version of the format.
inline constexpr std::uint32_t kData = 4096;  // Where entries, or messages, begin.
inline constexpr std::uint32_t kHeaderMagic = 0;  // MEMQUEUE. (8 bytes)
inline constexpr std::uint32_t kHeaderVersion = 8;  // Version of the format. (4 bytes)
inline constexpr std::uint32_t kHeaderShape = 12;  // Entries of a fixed size, or messages. (4 bytes)
inline constexpr std::uint32_t kHeaderEntrySize = 16;  // Bytes of an entry; 8 for messages. (4 bytes)
inline constexpr std::uint32_t kHeaderCapacity = 20;  // Entries, or bytes of messages: a power of two. (4 bytes)
inline constexpr std::uint32_t kHeaderDoorbell = 24;  // How a sleeping side is woken. (4 bytes)
inline constexpr std::uint32_t kHeaderFeatures = 28;  // 0: an unknown bit is refused. (4 bytes)
inline constexpr std::uint32_t kHeaderSize = 32;  // Bytes of the whole memory. (8 bytes)
inline constexpr std::uint32_t kWordTail = 128;  // Written by the producer. SYNC POINT: entries visible. (u32)
inline constexpr std::uint32_t kWordHead = 256;  // Written by the consumer. SYNC POINT: slots free. (u32)
inline constexpr std::uint32_t kWordSleeping = 384;  // Set by the consumer, exchanged by the producer. SYNC POINT: consumer asleep. (u32)
inline constexpr std::uint32_t kWordSpace = 512;  // Set by the producer, exchanged by the consumer. SYNC POINT: producer waits. (u32)
inline constexpr std::uint32_t kWordClosed = 640;  // Written by the producer. SYNC POINT: no more entries. (u32)
inline constexpr std::uint32_t kWordStopped = 768;  // Written by the consumer. SYNC POINT: nobody reads. (u32)
inline constexpr std::uint32_t kWordProducer = 896;  // Whose the producer's role is: 0 nobody's, otherwise a process id. (u32)
inline constexpr std::uint32_t kWordProducerStart = 900;  // When that process began, or 0. (u32)
inline constexpr std::uint32_t kWordConsumer = 1024;  // Whose the consumer's role is: 0 nobody's, otherwise a process id. (u32)
inline constexpr std::uint32_t kWordConsumerStart = 1028;  // When that process began, or 0. (u32)
inline constexpr std::uint32_t kShapeEntries = 1;  // Shape: entries of a fixed size.
inline constexpr std::uint32_t kShapeMessages = 2;  // Shape: messages of any length.
inline constexpr std::uint32_t kDoorbellNotify = 1;  // Doorbell: wait and notify on the flag's own word.
inline constexpr std::uint32_t kDoorbellEventfd = 2;  // Doorbell: an eventfd a side.
inline constexpr std::uint32_t kEnded = 1;  // In closed or stopped: ended by its owner.
inline constexpr std::uint32_t kDied = 2;  // In closed or stopped: the owner's thread ended without closing.
inline constexpr std::uint32_t kEntrySizeMax = 65536;  // The longest entry in bytes.
inline constexpr std::uint32_t kCapacityMax = 1073741824;  // The largest capacity: entries, or bytes of messages.
inline constexpr std::uint32_t kMessageCapacityMin = 32;  // The smallest capacity of a queue of messages, in bytes.
inline constexpr std::uint32_t kRecordAlign = 8;  // What records are aligned to, in bytes.
inline constexpr std::uint32_t kRecordHeader = 8;  // Bytes of a record before its message.
inline constexpr std::uint32_t kPadding = 4294967295u;  // The length that says: skip to the end of the memory.
// </layout>
}  // namespace layout

static_assert(sizeof(void*) == 8, "mem_ring.hpp: 64-bit machines only");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "mem_ring.hpp: the format is little-endian");

/// What is thrown. code() is one of the strings at the end of docs/format.md; what() says what was expected, what came
/// and what to do.
class error : public std::runtime_error {
 public:
  error(const char* code, const std::string& what) : std::runtime_error(what), code_(code) {}
  std::string_view code() const noexcept { return code_; }

 private:
  const char* code_;
};

/// How an end waits: `spin` never sleeps, `sleep` never spins, `adaptive` spins for some microseconds where that has
/// been worth it lately, and never on a single processor.
enum class waiting { spin, adaptive, sleep };

/// Who the two ends of a queue inside one process may be. `any`: each waits as it likes. `spin`: neither ever sleeps;
/// then nobody needs to be woken, and a push or a pop costs a store instead of a store and a full barrier.
enum class ends { any, spin };

/// What a pop has found. `empty` after a wait with a limit: its time was up.
enum class popped { value, empty, end };

/// The file descriptors of a queue between processes, in the order in which they are passed.
struct queue_fds {
  int memory = -1;
  int consumer_bell = -1;
  int producer_bell = -1;
};

/// For looking only. `waits`: how often this end has slept. `doorbells`: how often it has woken the other.
struct queue_stats {
  std::uint32_t capacity = 0;
  std::uint32_t length = 0;
  std::uint64_t waits = 0;
  std::uint64_t doorbells = 0;
};

/// How long to wait: for ever (the default), for a duration, or until a point of std::chrono::steady_clock.
class limit {
 public:
  using clock = std::chrono::steady_clock;
  constexpr limit() noexcept = default;
  limit(clock::time_point at) noexcept : for_ever_(false), at_(at) {}  // NOLINT: `push(value, at)` is the point
  template <class Rep, class Period>
  limit(std::chrono::duration<Rep, Period> time) noexcept {  // NOLINT: so is `push(value, 5ms)`
    const clock::time_point now = clock::now();
    // What no clock can say is for ever, too.
    if (std::chrono::duration<double>(time) >= std::chrono::duration<double>(clock::time_point::max() - now)) return;
    for_ever_ = false;
    at_ = now + std::chrono::ceil<clock::duration>(time);
  }

  bool for_ever() const noexcept { return for_ever_; }
  bool passed() const noexcept { return !for_ever_ && clock::now() >= at_; }
  /// What is left, at least 0, in the kernel's form. Only if not for_ever().
  std::timespec left() const noexcept {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(at_ - clock::now()).count();
    if (ns <= 0) return {0, 0};
    return {static_cast<std::time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
  }

 private:
  bool for_ever_ = true;
  clock::time_point at_{};
};

namespace detail {

// Two ends never write to the same line; 128 because x86 fetches lines in pairs, and some arm64 lines are that long.
inline constexpr std::size_t kCacheLine = layout::kWordHead - layout::kWordTail;
// What a memfd's size is a multiple of: the largest page of any supported machine.
inline constexpr std::uint64_t kMemfdAlign = 65536;

using word = std::atomic<std::uint32_t>;
static_assert(word::is_always_lock_free && sizeof(word) == 4 && alignof(word) == 4, "a word is a plain u32");

/// The header, as it is copied out of the memory.
struct header {
  char magic[8];
  std::uint32_t version, shape, entry_size, capacity, doorbell, features;
  std::uint64_t size;
};
static_assert(sizeof(header) == 40 && std::is_trivially_copyable_v<header>);
static_assert(offsetof(header, magic) == layout::kHeaderMagic);
static_assert(offsetof(header, version) == layout::kHeaderVersion);
static_assert(offsetof(header, shape) == layout::kHeaderShape);
static_assert(offsetof(header, entry_size) == layout::kHeaderEntrySize);
static_assert(offsetof(header, capacity) == layout::kHeaderCapacity);
static_assert(offsetof(header, doorbell) == layout::kHeaderDoorbell);
static_assert(offsetof(header, features) == layout::kHeaderFeatures);
static_assert(offsetof(header, size) == layout::kHeaderSize);

/// The first bytes of the memory: one writer a word, one line a word.
struct control {
  alignas(kCacheLine) unsigned char header_bytes[kCacheLine];
  alignas(kCacheLine) word tail;
  alignas(kCacheLine) word head;
  alignas(kCacheLine) word sleeping;
  alignas(kCacheLine) word space;
  alignas(kCacheLine) word closed;
  alignas(kCacheLine) word stopped;
  alignas(kCacheLine) word producer;
  word producer_start;
  alignas(kCacheLine) word consumer;
  word consumer_start;
};
static_assert(std::is_standard_layout_v<control> && sizeof(control) <= layout::kData);
static_assert(offsetof(control, tail) == layout::kWordTail);
static_assert(offsetof(control, head) == layout::kWordHead);
static_assert(offsetof(control, sleeping) == layout::kWordSleeping);
static_assert(offsetof(control, space) == layout::kWordSpace);
static_assert(offsetof(control, closed) == layout::kWordClosed);
static_assert(offsetof(control, stopped) == layout::kWordStopped);
static_assert(offsetof(control, producer) == layout::kWordProducer);
static_assert(offsetof(control, producer_start) == layout::kWordProducerStart);
static_assert(offsetof(control, consumer) == layout::kWordConsumer);
static_assert(offsetof(control, consumer_start) == layout::kWordConsumerStart);

/// Where a queue lies, as its raw ends see it. Whoever makes one answers for the memory: capacity (a power of two) and
/// the bytes behind `data` must be what the header's checked copy says.
struct place {
  control* words = nullptr;
  unsigned char* data = nullptr;
  std::uint32_t capacity = 0;
  ends who = ends::any;
};

inline void pause() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield" ::: "memory");
#endif
}

// Memory orders. The format asks for sequential consistency. What is weaker here says why it may be.
//
// Where a side stores its own word and then loads the other's (tail then sleeping, sleeping then tail, head then space,
// space then head) nothing less will do: that is the store-buffer shape. With release and acquire both loads may see
// the old values, on amd64 and on arm64 alike, and then the consumer sleeps on an entry nobody will wake it for.
// test/cpp/litmus.cc counts it.

/// The producer's indices: what entries and messages have in common.
class alignas(kCacheLine) raw_writer {
 public:
  explicit raw_writer(const place& at) noexcept
      : words_(at.words),
        data_(at.data),
        capacity_(at.capacity),
        nobody_sleeps_(at.who == ends::spin),
        // Relaxed: nobody but the holder of this role writes to tail, and nobody has held it before.
        tail_(at.words->tail.load(std::memory_order_relaxed)),
        head_(tail_ - at.capacity) {
    renew(std::memory_order_acquire);
  }

  std::uint32_t capacity() const noexcept { return capacity_; }

  /// How much fits now; looks at head again only if the cached copy says that `wanted` does not.
  std::uint32_t room(std::uint32_t wanted) noexcept {
    const std::uint32_t free = capacity_ - (tail_ - head_);
    return free >= wanted ? free : renew(std::memory_order_acquire);
  }

  /// SYNC POINT: slots free. Pairs with raw_reader::release, the store of head.
  /// `acquire` is enough outside ask_for_space: it only has to put the overwriting of a slot behind the consumer's
  /// copying of it, and a value that is too old only says "full" once more: nobody goes to sleep because of it.
  std::uint32_t renew(std::memory_order order) noexcept {
    if (damaged_) return 0;
    const std::uint32_t head = words_->head.load(order);
    // Between what was seen last and what was published: everything else is no index of this queue.
    if (tail_ - head > tail_ - head_) {
      damaged_ = true;
      head_ = tail_ - capacity_;
      return 0;
    }
    head_ = head;
    return capacity_ - (tail_ - head_);
  }

  /// Makes the next `count` visible. True: the consumer is asleep and its doorbell has to be rung, now.
  [[nodiscard]] bool publish(std::uint32_t count) noexcept {
    tail_ += count;
    if (nobody_sleeps_) {
      // SYNC POINT: entries visible. Release is enough: no end of this queue ever sets a flag, so that there is nothing
      // to load after it.
      words_->tail.store(tail_, std::memory_order_release);
      return false;
    }
    // SYNC POINT: entries visible. Pairs with raw_reader::renew. Sequentially consistent: the load of sleeping may not
    // come before it.
    words_->tail.store(tail_, std::memory_order_seq_cst);
    // SYNC POINT: consumer asleep. Pairs with raw_reader::must_sleep. The load saves the exchange; who wins the
    // exchange rings, so that a sleep is ended by one bell.
    return words_->sleeping.load(std::memory_order_seq_cst) != 0 &&
           words_->sleeping.exchange(0, std::memory_order_seq_cst) != 0;
  }

  /// Steps a and b before a sleep. True: go to sleep. False: there is room, or nobody reads, or damage.
  [[nodiscard]] bool ask_for_space(std::uint32_t wanted) noexcept {
    // SYNC POINT: producer waits. Pairs with raw_reader::release. Sequentially consistent: the load of head may not
    // come before it.
    words_->space.store(1, std::memory_order_seq_cst);
    if (renew(std::memory_order_seq_cst) < wanted && !damaged_ && stopped() == 0) return true;
    withdraw();
    return false;
  }

  /// SYNC POINT: producer waits. It does not, after all. An exchange, as only the order of all of them says who rang.
  void withdraw() noexcept { words_->space.exchange(0, std::memory_order_seq_cst); }

  /// SYNC POINT: nobody reads. Pairs with side::leave. Whoever is about to sleep on the answer needs this order.
  std::uint32_t stopped() const noexcept { return words_->stopped.load(std::memory_order_seq_cst); }

  /// SYNC POINT: nobody reads. Relaxed: saves a push that nobody would read, and orders nothing.
  bool seems_stopped() const noexcept { return words_->stopped.load(std::memory_order_relaxed) != 0; }

  bool damaged() const noexcept { return damaged_; }

 protected:
  control* words_;
  unsigned char* data_;
  std::uint32_t capacity_;
  bool nobody_sleeps_;
  bool damaged_ = false;
  std::uint32_t tail_;  // its own index; never read back from the memory
  std::uint32_t head_;  // cached copy of the consumer's
};

/// The consumer's indices: what entries and messages have in common.
class alignas(kCacheLine) raw_reader {
 public:
  explicit raw_reader(const place& at) noexcept
      : words_(at.words),
        data_(at.data),
        capacity_(at.capacity),
        nobody_sleeps_(at.who == ends::spin),
        // Relaxed: as tail in raw_writer.
        head_(at.words->head.load(std::memory_order_relaxed)),
        tail_(head_) {
    renew(std::memory_order_acquire);
  }

  std::uint32_t capacity() const noexcept { return capacity_; }

  /// How much can be read now; looks at tail again only if the cached copy says that it is less than `wanted`.
  std::uint32_t available(std::uint32_t wanted) noexcept {
    const std::uint32_t have = tail_ - head_;
    return have >= wanted ? have : renew(std::memory_order_acquire);
  }

  /// SYNC POINT: entries visible. Pairs with raw_writer::publish, the store of tail.
  /// `acquire` is enough outside must_sleep: it puts the reading of entries behind their writing, and a value that is
  /// too old only says "empty" once more: nobody goes to sleep because of it.
  std::uint32_t renew(std::memory_order order) noexcept {
    if (damaged_) return 0;
    const std::uint32_t tail = words_->tail.load(order);
    // Not behind what was seen last, and not more than fits.
    if (tail - head_ > capacity_ || tail - head_ < tail_ - head_) {
      damaged_ = true;
      tail_ = head_;
      return 0;
    }
    tail_ = tail;
    return tail_ - head_;
  }

  /// Gives back the first `count`. True: the producer waits for room and its doorbell has to be rung, now.
  [[nodiscard]] bool release(std::uint32_t count) noexcept {
    head_ += count;
    if (nobody_sleeps_) {
      // SYNC POINT: slots free. Release is enough: as in raw_writer::publish.
      words_->head.store(head_, std::memory_order_release);
      return false;
    }
    // SYNC POINT: slots free. Pairs with raw_writer::renew. Sequentially consistent: the load of space may not come
    // before it.
    words_->head.store(head_, std::memory_order_seq_cst);
    // SYNC POINT: producer waits. Pairs with raw_writer::ask_for_space.
    return words_->space.load(std::memory_order_seq_cst) != 0 &&
           words_->space.exchange(0, std::memory_order_seq_cst) != 0;
  }

  /// Steps a and b before a sleep. True: go to sleep. False: there is something to read, or the end, or damage.
  [[nodiscard]] bool must_sleep() noexcept {
    // SYNC POINT: consumer asleep. Pairs with raw_writer::publish. Sequentially consistent: the load of tail may not
    // come before it.
    words_->sleeping.store(1, std::memory_order_seq_cst);
    if (renew(std::memory_order_seq_cst) == 0 && !damaged_ && closed() == 0) return true;
    withdraw();
    return false;
  }

  /// SYNC POINT: consumer asleep. It does not sleep, after all; an exchange, as in raw_writer::withdraw.
  void withdraw() noexcept { words_->sleeping.exchange(0, std::memory_order_seq_cst); }

  /// SYNC POINT: no more entries. Pairs with side::leave. What was published before is seen by a load of tail after it.
  std::uint32_t closed() const noexcept { return words_->closed.load(std::memory_order_seq_cst); }

  bool damaged() const noexcept { return damaged_; }

 protected:
  void damage() noexcept {
    damaged_ = true;
    tail_ = head_;
  }

  control* words_;
  unsigned char* data_;
  std::uint32_t capacity_;
  bool nobody_sleeps_;
  bool damaged_ = false;
  std::uint32_t head_;  // its own index; never read back from the memory
  std::uint32_t tail_;  // cached copy of the producer's
};

}  // namespace detail

/// The producer of a queue of entries, memory only: no doorbell, no system call, no exception. One thread at a time.
template <class T>
class raw_producer : public detail::raw_writer {
 public:
  using raw_writer::raw_writer;

  /// Writes the next `count` entries without publishing them. `count` is at most room().
  void write(const T* values, std::uint32_t count) noexcept {
    const std::uint32_t at = tail_ & (capacity_ - 1);
    const std::uint32_t first = std::min(count, capacity_ - at);
    std::memcpy(data_ + std::size_t{at} * sizeof(T), values, std::size_t{first} * sizeof(T));
    if (first != count) std::memcpy(data_, values + first, std::size_t{count - first} * sizeof(T));
  }

  /// The same for one entry.
  void write(const T& value) noexcept {
    std::memcpy(data_ + std::size_t{tail_ & (capacity_ - 1)} * sizeof(T), &value, sizeof(T));
  }
};

/// The consumer of a queue of entries, memory only. One thread at a time.
template <class T>
class raw_consumer : public detail::raw_reader {
 public:
  using raw_reader::raw_reader;

  /// Copies the next `count` entries without giving them back. `count` is at most available().
  void read(T* values, std::uint32_t count) const noexcept {
    const std::uint32_t at = head_ & (capacity_ - 1);
    const std::uint32_t first = std::min(count, capacity_ - at);
    std::memcpy(values, data_ + std::size_t{at} * sizeof(T), std::size_t{first} * sizeof(T));
    if (first != count) std::memcpy(values + first, data_, std::size_t{count - first} * sizeof(T));
  }

  /// The same for one entry.
  void read(T& value) const noexcept {
    std::memcpy(&value, data_ + std::size_t{head_ & (capacity_ - 1)} * sizeof(T), sizeof(T));
  }
};

namespace detail {

/// Bytes that a record of a message takes.
constexpr std::uint32_t record_size(std::uint32_t length) noexcept {
  return (layout::kRecordHeader + length + layout::kRecordAlign - 1) & ~(layout::kRecordAlign - 1);
}

/// The longest message of a queue of so many bytes: one that fits an empty queue wherever the next record begins.
constexpr std::uint32_t longest_message(std::uint32_t capacity) noexcept {
  return capacity / 2 - layout::kRecordHeader;
}

}  // namespace detail

/// The producer of a queue of messages, memory only. One thread at a time.
class raw_message_producer : public detail::raw_writer {
 public:
  explicit raw_message_producer(const detail::place& at) noexcept : raw_writer(at) {
    if (tail_ % layout::kRecordAlign != 0) damaged_ = true;
  }

  std::uint32_t max_length() const noexcept { return detail::longest_message(capacity_); }

  /// Bytes of the queue that a message of `length` takes where the next record begins, padding included.
  std::uint32_t needed(std::uint32_t length) const noexcept {
    const std::uint32_t record = detail::record_size(length);
    const std::uint32_t to_end = capacity_ - (tail_ & (capacity_ - 1));
    return record <= to_end ? record : to_end + record;
  }

  /// Where to write a message of `length`, which is at most max_length() and for which there is room(needed(length)).
  /// Nothing is visible before publish(needed(length)).
  unsigned char* claim(std::uint32_t length) noexcept {
    std::uint32_t at = tail_ & (capacity_ - 1);
    if (detail::record_size(length) > capacity_ - at) {
      put_header(at, layout::kPadding);
      at = 0;
    }
    put_header(at, length);
    return data_ + at + layout::kRecordHeader;
  }

 private:
  void put_header(std::uint32_t at, std::uint32_t length) noexcept {
    const std::uint32_t head[2] = {length, 0};
    static_assert(sizeof(head) == layout::kRecordHeader);
    std::memcpy(data_ + at, head, sizeof(head));
  }
};

/// The consumer of a queue of messages, memory only. One thread at a time.
class raw_message_consumer : public detail::raw_reader {
 public:
  explicit raw_message_consumer(const detail::place& at) noexcept : raw_reader(at) {
    if (head_ % layout::kRecordAlign != 0) damage();
  }

  std::uint32_t max_length() const noexcept { return detail::longest_message(capacity_); }

  struct record {
    const unsigned char* bytes = nullptr;
    std::uint32_t length = 0;
    std::uint32_t taken = 0;  // bytes of the queue, for release(): the message, its header and padding
  };

  /// The first record of what is available(1). False: what stands there is no record (damaged() says so).
  bool first(record& out) noexcept {
    std::uint32_t have = tail_ - head_;
    std::uint32_t at = head_ & (capacity_ - 1);
    std::uint32_t skipped = 0;
    std::uint32_t length = length_at(at);
    if (length == layout::kPadding) {
      skipped = capacity_ - at;
      // It is published together with the record behind it. At the beginning of the memory no padding stands, and this
      // says so, too: not even a full queue has that much.
      if (have < skipped + layout::kRecordHeader) return refuse();
      have -= skipped;
      at = 0;
      length = length_at(0);
    }
    // The length first: what is longer must not wrap record_size.
    if (length > max_length()) return refuse();
    const std::uint32_t size = detail::record_size(length);
    if (size > have || size > capacity_ - at) return refuse();
    out = {data_ + at + layout::kRecordHeader, length, skipped + size};
    return true;
  }

 private:
  bool refuse() noexcept {
    damage();
    return false;
  }

  // Volatile: read once, so that what is checked is what is used, whatever the producer writes meanwhile.
  std::uint32_t length_at(std::uint32_t at) const noexcept {
    return *reinterpret_cast<const volatile std::uint32_t*>(data_ + at);
  }
};

namespace detail {

[[noreturn]] inline void fail(const char* code, const std::string& what) { throw error(code, what); }

[[noreturn]] inline void fail_errno(const char* call, int number) {
  const std::string what = std::string(call) + ": " + std::strerror(number);
  switch (number) {
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case ENOSPC:
    case ENOBUFS:
    case ETOOMANYREFS:
      fail("ERR_RING_NO_MEMORY", what + "; free memory or file descriptors, or raise the limit");
    case EPIPE:
    case ECONNRESET:
      fail("ERR_RING_PEER_DIED", what + "; the other end of the socket is gone");
    default:
      fail("ERR_RING_INVALID_OPTION", what);
  }
}

[[noreturn]] inline void fail_field(const char* field, const std::string& came, const std::string& expected) {
  fail("ERR_RING_BAD_HEADER", std::string("queue header: ") + field + " is " + came + ", expected " + expected);
}

class unique_fd {
 public:
  explicit unique_fd(int fd = -1) noexcept : fd_(fd) {}
  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~unique_fd() { reset(); }
  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset(int fd = -1) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

/// What a queue is, before there is memory for it.
struct shape {
  std::uint32_t kind;        // layout::kShape...
  std::uint32_t entry_size;  // bytes

  void check_capacity(std::uint32_t capacity) const {
    const std::uint32_t least = kind == layout::kShapeMessages ? layout::kMessageCapacityMin : 1;
    if (capacity >= least && capacity <= layout::kCapacityMax && (capacity & (capacity - 1)) == 0) return;
    fail("ERR_RING_INVALID_OPTION", "capacity is " + std::to_string(capacity) + ", expected a power of two from " +
                                        std::to_string(least) + " to " + std::to_string(layout::kCapacityMax));
  }

  std::uint64_t bytes(std::uint32_t capacity) const noexcept {
    const std::uint64_t unit = kind == layout::kShapeMessages ? 1 : entry_size;
    return layout::kData + unit * capacity;
  }
};

constexpr std::uint64_t round_up(std::uint64_t size, std::uint64_t to) noexcept { return (size + to - 1) / to * to; }

/// A mapped queue and its doorbells: owned together by the ring and by the roles taken from it.
class memory {
 public:
  /// Ordinary memory of this process; its doorbells are the flags themselves.
  static std::shared_ptr<memory> in_process(const shape& what, std::uint32_t capacity, ends who) {
    what.check_capacity(capacity);
    auto self = std::make_shared<memory>();
    self->map(what.bytes(capacity), MAP_PRIVATE | MAP_ANONYMOUS, -1);
    self->begin(what, capacity, layout::kDoorbellNotify, what.bytes(capacity));
    self->place_.who = who;
    return self;
  }

  /// A sealed memfd and two eventfds.
  static std::shared_ptr<memory> create(const shape& what, std::uint32_t capacity) {
    what.check_capacity(capacity);
    auto self = std::make_shared<memory>();
    const std::uint64_t size = round_up(what.bytes(capacity), kMemfdAlign);
    self->memfd_ = sealed_memfd(size);
    self->consumer_bell_ = bell();
    self->producer_bell_ = bell();
    self->map(size, MAP_SHARED, self->memfd_.get());
    self->begin(what, capacity, layout::kDoorbellEventfd, size);
    return self;
  }

  /// Takes the fds over if it returns, and leaves them alone if it throws.
  static std::shared_ptr<memory> open(const shape& what, const queue_fds& fds) {
    const int seals = ::fcntl(fds.memory, F_GET_SEALS);
    // Whoever could shrink the file could turn every access of this process into a SIGBUS.
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
      fail_field("size", "not fixed", "a memfd sealed against shrinking");
    }
    struct stat file = {};
    if (::fstat(fds.memory, &file) != 0) fail_errno("fstat", errno);
    const auto size = static_cast<std::uint64_t>(file.st_size);
    if (size < layout::kData) fail_field("size", std::to_string(size), "at least " + std::to_string(layout::kData));
    for (const int fd : {fds.consumer_bell, fds.producer_bell}) refuse_stream(fd);

    auto self = std::make_shared<memory>();
    self->map(size, MAP_SHARED, fds.memory);
    const header copy = self->copy_header();
    check(copy, what, size);
    self->place_.capacity = copy.capacity;
    self->bell_kind_ = copy.doorbell;
    self->memfd_.reset(fds.memory);
    self->consumer_bell_.reset(fds.consumer_bell);
    self->producer_bell_.reset(fds.producer_bell);
    return self;
  }

  memory() = default;
  memory(const memory&) = delete;
  memory& operator=(const memory&) = delete;
  ~memory() {
    if (address_ != nullptr) ::munmap(address_, size_);
  }

  const place& where() const noexcept { return place_; }
  control& words() const noexcept { return *place_.words; }
  bool has_eventfds() const noexcept { return bell_kind_ == layout::kDoorbellEventfd; }
  queue_fds fds() const noexcept { return {memfd_.get(), consumer_bell_.get(), producer_bell_.get()}; }

  /// For looking: what lies between both indices just now, never more than the capacity.
  std::uint32_t length() const noexcept {
    // SYNC POINT: slots free, entries visible. In this order, so that head never seems to be ahead of tail for long.
    const std::uint32_t head = words().head.load(std::memory_order_acquire);
    const std::uint32_t tail = words().tail.load(std::memory_order_acquire);
    return std::min(tail - head, place_.capacity);
  }

 private:
  static unique_fd sealed_memfd(std::uint64_t size) {
#ifndef MFD_NOEXEC_SEAL
    constexpr unsigned MFD_NOEXEC_SEAL = 0x0008U;
#endif
    // MFD_NOEXEC_SEAL came with Linux 6.3; older kernels refuse the flag.
    constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    unique_fd fd(static_cast<int>(::syscall(SYS_memfd_create, "mem-ring", flags | MFD_NOEXEC_SEAL)));
    if (fd.get() < 0 && errno == EINVAL) fd.reset(static_cast<int>(::syscall(SYS_memfd_create, "mem-ring", flags)));
    if (fd.get() < 0) fail_errno("memfd_create", errno);
    if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) fail_errno("ftruncate", errno);
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) fail_errno("fcntl", errno);
    return fd;
  }

  static unique_fd bell() {
    unique_fd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (fd.get() < 0) fail_errno("eventfd", errno);
    return fd;
  }

  // A pipe or a socket that nobody reads would answer a ring with SIGPIPE.
  static void refuse_stream(int fd) {
    struct stat file = {};
    if (::fstat(fd, &file) != 0) fail_errno("fstat", errno);
    if (S_ISFIFO(file.st_mode) || S_ISSOCK(file.st_mode)) fail_field("doorbell", "a pipe or a socket", "an eventfd");
  }

  void map(std::uint64_t size, int flags, int fd) {
    void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (address == MAP_FAILED) fail_errno("mmap", errno);
    address_ = address;
    size_ = size;
    place_.words = static_cast<control*>(address);
    place_.data = static_cast<unsigned char*>(address) + layout::kData;
  }

  // Nobody else sees the memory yet; fresh pages are zero, and so are all control words.
  void begin(const shape& what, std::uint32_t capacity, std::uint32_t doorbell, std::uint64_t size) noexcept {
    header head = {{}, layout::kVersion, what.kind, what.entry_size, capacity, doorbell, 0, size};
    std::memcpy(head.magic, layout::kMagic, sizeof(head.magic));
    std::memcpy(address_, &head, sizeof(head));
    place_.capacity = capacity;
    bell_kind_ = doorbell;
  }

  // Volatile: the copy is checked, and must not be read again from where the peer writes.
  header copy_header() const noexcept {
    unsigned char bytes[sizeof(header)];
    const auto* from = static_cast<const volatile unsigned char*>(address_);
    for (unsigned char& byte : bytes) byte = *from++;
    header copy;
    std::memcpy(&copy, bytes, sizeof(copy));
    return copy;
  }

  static void check(const header& head, const shape& what, std::uint64_t size) {
    if (std::memcmp(head.magic, layout::kMagic, sizeof(head.magic)) != 0) {
      std::string hex;
      for (const char byte : head.magic) {
        char digits[3];
        std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned char>(byte));
        hex += digits;
      }
      fail_field("magic", "0x" + hex, layout::kMagic);
    }
    const auto equal = [](const char* field, std::uint64_t came, std::uint64_t expected) {
      if (came != expected) fail_field(field, std::to_string(came), std::to_string(expected));
    };
    equal("version", head.version, layout::kVersion);
    equal("shape", head.shape, what.kind);
    equal("entrySize", head.entry_size, what.entry_size);
    try {
      what.check_capacity(head.capacity);
    } catch (const error& refused) {
      fail("ERR_RING_BAD_HEADER", std::string("queue header: ") + refused.what());
    }
    equal("doorbell", head.doorbell, layout::kDoorbellEventfd);
    equal("features", head.features, 0);
    equal("size", head.size, round_up(what.bytes(head.capacity), kMemfdAlign));
    if (size != head.size) fail_field("size", std::to_string(head.size), "the memfd's, " + std::to_string(size));
  }

  void* address_ = nullptr;
  std::size_t size_ = 0;
  place place_;
  std::uint32_t bell_kind_ = 0;
  unique_fd memfd_, consumer_bell_, producer_bell_;
};

/// When a process began: field 22 of /proc/PID/stat, its low 32 bits; 0 where that is not known.
inline std::uint32_t process_start(std::uint32_t pid) noexcept {
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/%u/stat", pid);
  const unique_fd file(::open(path, O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return 0;
  char text[1024];
  const ssize_t n = ::read(file.get(), text, sizeof(text) - 1);
  if (n <= 0) return 0;
  text[n] = 0;
  // The second field is a name in parentheses, in which anything may stand: count from the last one.
  const char* at = std::strrchr(text, ')');
  for (int field = 2; at != nullptr && field < 22; field++) at = std::strchr(at + 1, ' ');
  return at == nullptr ? 0 : static_cast<std::uint32_t>(std::strtoull(at, nullptr, 10));
}

/// Processors that this process may run on: waiting for another thread on the only one is waste.
inline int processors() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

enum class role { producer, consumer };
enum class outcome { ready, timeout, peer_died };

/// One end of a queue, whichever: its role, both doorbells, its way of waiting, and the watch over its peer.
class side {
 public:
  side(std::shared_ptr<memory> queue, role mine, waiting how) : memory_(std::move(queue)), mine_(mine), how_(how) {
    if (memory_->where().who == ends::spin && how != waiting::spin) {
      fail("ERR_RING_INVALID_OPTION", "this queue was made for ends that spin; expected waiting::spin");
    }
    alone_ = processors() == 1;
    pid_ = static_cast<std::uint32_t>(::getpid());
    std::uint32_t nobody = 0;
    // Whose the role is. Pairs with the other side's load in peer_is_dead.
    if (!own_role().compare_exchange_strong(nobody, pid_, std::memory_order_seq_cst)) {
      fail("ERR_RING_ROLE_TAKEN", std::string("the queue has a ") + (mine == role::producer ? "producer" : "consumer") +
                                      " already, process " + std::to_string(nobody) + "; make another queue");
    }
    taken_ = true;
    own_start().store(process_start(pid_), std::memory_order_seq_cst);
    // Whoever sleeps on the other side has to begin to watch this process.
    ring_anyway();
  }

  side(side&& other) noexcept
      : memory_(std::move(other.memory_)),
        mine_(other.mine_),
        how_(other.how_),
        taken_(std::exchange(other.taken_, false)),
        left_(other.left_),
        alone_(other.alone_),
        dead_(other.dead_),
        unwatchable_(other.unwatchable_),
        spins_(other.spins_),
        passed_over_(other.passed_over_),
        pid_(other.pid_),
        pidfd_(std::move(other.pidfd_)),
        waits_(other.waits_),
        doorbells_(other.doorbells_) {}

  side& operator=(side&& other) noexcept {
    if (this != &other) {
      this->~side();
      new (this) side(std::move(other));
    }
    return *this;
  }

  // An end that goes without closing has not come to its end: the other side must not take it for one.
  ~side() {
    if (taken_ && !left_) leave(layout::kDied);
  }

  const memory& queue() const noexcept { return *memory_; }
  bool left() const noexcept { return left_; }
  bool peer_died() const noexcept { return dead_; }
  std::uint64_t waits() const noexcept { return waits_; }
  std::uint64_t doorbells() const noexcept { return doorbells_; }

  /// SYNC POINT: no more entries; nobody reads. Pairs with raw_reader::closed and raw_writer::stopped.
  void leave(std::uint32_t how) noexcept {
    left_ = true;
    (mine_ == role::producer ? words().closed : words().stopped).store(how, std::memory_order_seq_cst);
    ring_anyway();
  }

  /// Rings the other side's doorbell. One system call.
  void ring() noexcept {
    doorbells_++;
    if (memory_->has_eventfds()) {
      const std::uint64_t one = 1;
      const queue_fds fds = memory_->fds();
      // EAGAIN would mean 2^64 - 2 bells that nobody has heard: it is readable, which is all that is wanted.
      while (::write(mine_ == role::producer ? fds.consumer_bell : fds.producer_bell, &one, sizeof(one)) < 0 &&
             errno == EINTR) {
      }
    } else {
      ::syscall(SYS_futex, &peer_flag(), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
  }

  /// Waits until `look()`. `must_wait()` takes steps a and b, and `withdraw()` takes a back. Blocks.
  template <class Look, class MustWait, class Withdraw>
  outcome wait(Look look, MustWait must_wait, Withdraw withdraw, const limit& until) {
    if (how_ == waiting::spin) return spin(look, until);
    if (how_ == waiting::sleep || alone_) return sleep(must_wait, withdraw, until);
    return adapt(look, must_wait, withdraw, until);
  }

 private:
  // A spin that finds nothing within this time has been in vain: some wake-ups of a sleeping thread.
  static constexpr std::chrono::microseconds kSpin{50};
  // A wait that was over within this time might have been spent spinning: the sleep itself costs some of it.
  static constexpr std::chrono::microseconds kShort{200};
  // After so many waits without spinning it is tried again.
  static constexpr std::uint32_t kPassOver = 16;

  control& words() const noexcept { return memory_->words(); }
  word& own_role() const noexcept { return mine_ == role::producer ? words().producer : words().consumer; }
  word& own_start() const noexcept { return mine_ == role::producer ? words().producer_start : words().consumer_start; }
  word& peer_role() const noexcept { return mine_ == role::producer ? words().consumer : words().producer; }
  word& peer_start() const noexcept {
    return mine_ == role::producer ? words().consumer_start : words().producer_start;
  }
  word& own_flag() const noexcept { return mine_ == role::producer ? words().space : words().sleeping; }
  word& peer_flag() const noexcept { return mine_ == role::producer ? words().sleeping : words().space; }

  // SYNC POINT: consumer asleep; producer waits. Whatever the flag says: what it says may be a moment old.
  void ring_anyway() noexcept {
    peer_flag().exchange(0, std::memory_order_seq_cst);
    ring();
  }

  // What is there is seen at once. The next look comes a moment later, shorter than any answer takes: every look takes
  // the index's line away from the side that is about to write to it, and one that finds a single entry is dear.
  template <class Look>
  static bool first_look(Look look) {
    if (look()) return true;
    for (int i = 0; i < 8; i++) pause();
    return false;
  }

  template <class Look>
  outcome spin(Look look, const limit& until) {
    if (first_look(look)) return outcome::ready;
    for (std::uint32_t round = 1;; round++) {
      for (int i = 0; i < 64; i++) {
        if (look()) return outcome::ready;
        pause();
      }
      if (until.passed()) return outcome::timeout;
      // The peer may want this processor; the more of them are taken, the sooner.
      if (alone_ || round % 8 == 0) ::sched_yield();
      if (round % 64 == 0 && peer_is_dead()) return outcome::peer_died;
    }
  }

  template <class Look, class MustWait, class Withdraw>
  outcome adapt(Look look, MustWait must_wait, Withdraw withdraw, const limit& until) {
    const limit::clock::time_point began = limit::clock::now();
    if (spins_ || ++passed_over_ >= kPassOver) {
      passed_over_ = 0;
      if (first_look(look)) return outcome::ready;
      do {
        for (int i = 0; i < 16; i++) {
          if (look()) {
            spins_ = true;
            return outcome::ready;
          }
          pause();
        }
      } while (limit::clock::now() - began < kSpin);
    }
    const outcome result = sleep(must_wait, withdraw, until);
    spins_ = limit::clock::now() - began < kShort;
    return result;
  }

  template <class MustWait, class Withdraw>
  outcome sleep(MustWait must_wait, Withdraw withdraw, const limit& until) {
    // What comes between must_wait and the end of the wait may throw; the flag must not stay up for it.
    while (must_wait()) {
      outcome result = outcome::peer_died;
      try {
        if (!peer_is_dead()) result = memory_->has_eventfds() ? sleep_on_bell(until) : sleep_on_flag(until);
      } catch (...) {
        withdraw();
        throw;
      }
      if (result != outcome::ready) {
        withdraw();
        return result;
      }
      // A wake that finds nothing is normal, and goes through step a again.
    }
    return outcome::ready;
  }

  // Steps c and d. `ready`: awake, for whatever reason.
  outcome sleep_on_bell(const limit& until) {
    waits_++;
    const queue_fds fds = memory_->fds();
    const int bell = mine_ == role::producer ? fds.producer_bell : fds.consumer_bell;
    pollfd on[2] = {{bell, POLLIN, 0}, {pidfd_.get(), POLLIN, 0}};
    const std::timespec left = until.for_ever() ? std::timespec{} : until.left();
    const int n = ::ppoll(on, pidfd_.get() < 0 ? 1 : 2, until.for_ever() ? nullptr : &left, nullptr);
    if (n < 0) {
      if (errno == EINTR) return outcome::ready;
      fail_errno("ppoll", errno);
    }
    if (n == 0) return outcome::timeout;
    std::uint64_t count;
    while (::read(bell, &count, sizeof(count)) < 0 && errno == EINTR) {
    }
    if (on[1].revents != 0) {
      dead_ = true;
      return outcome::peer_died;
    }
    return outcome::ready;
  }

  outcome sleep_on_flag(const limit& until) {
    waits_++;
    const std::timespec left = until.for_ever() ? std::timespec{} : until.left();
    // The flag is no longer 1 if the bell has rung meanwhile: then the kernel does not put us to sleep.
    const long n =
        ::syscall(SYS_futex, &own_flag(), FUTEX_WAIT_PRIVATE, 1, until.for_ever() ? nullptr : &left, nullptr, 0);
    return n < 0 && errno == ETIMEDOUT ? outcome::timeout : outcome::ready;
  }

  // Opens the peer's pidfd the first time that there is a peer. A peer in this process is a thread: its destructors say
  // that it ended.
  bool peer_is_dead() {
    if (dead_) return true;
    if (!memory_->has_eventfds() || unwatchable_) return false;
    if (pidfd_.get() < 0 && !watch()) return dead_;
    pollfd on = {pidfd_.get(), POLLIN, 0};
    dead_ = ::poll(&on, 1, 0) > 0;
    return dead_;
  }

  bool watch() {
    // Pairs with the exchange of the role in the peer's constructor, which then rings: seen here, or woken by it.
    const std::uint32_t pid = peer_role().load(std::memory_order_seq_cst);
    if (pid == 0 || pid == pid_) return false;
#ifndef SYS_pidfd_open
    constexpr long SYS_pidfd_open = 434;
#endif
    unique_fd fd(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<int>(pid), 0)));
    if (fd.get() < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) fail_errno("pidfd_open", errno);
      // No such process, or the number is a thread's by now. Otherwise: the kernel knows no pidfds, or forbids them.
      dead_ = errno == ESRCH || errno == EINVAL || errno == ENOENT;
      unwatchable_ = !dead_;
      return false;
    }
    // In this order: a number that is used again between both has another start, or a pidfd that is readable.
    const std::uint32_t start = peer_start().load(std::memory_order_seq_cst);
    const std::uint32_t found = start == 0 ? 0 : process_start(pid);
    if (found != 0 && found != start) {
      dead_ = true;
      return false;
    }
    pidfd_ = std::move(fd);
    return true;
  }

  std::shared_ptr<memory> memory_;
  role mine_;
  waiting how_;
  bool taken_ = false;
  bool left_ = false;
  bool alone_ = false;
  bool dead_ = false;
  bool unwatchable_ = false;
  bool spins_ = true;
  std::uint32_t passed_over_ = 0;
  std::uint32_t pid_ = 0;
  unique_fd pidfd_;
  std::uint64_t waits_ = 0;
  std::uint64_t doorbells_ = 0;
};

[[noreturn]] inline void fail_damaged() {
  fail("ERR_RING_DAMAGED", "an index or a length in the queue is nowhere it could be; throw the queue away");
}
[[noreturn]] inline void fail_died(const char* who) {
  fail("ERR_RING_PEER_DIED",
       std::string("the ") + who + " ended without closing; what it had published was read first");
}

/// What both producers do alike: waiting for room, and the end.
template <class Raw>
class producer_base {
 public:
  /// Whoever reads gets what is left, and then the end. A second call does nothing. Does not block.
  void close() noexcept {
    if (!side_.left()) side_.leave(layout::kEnded);
  }

  std::uint32_t capacity() const noexcept { return raw_.capacity(); }
  std::uint32_t length() const noexcept { return side_.queue().length(); }
  queue_stats stats() const noexcept { return {capacity(), length(), side_.waits(), side_.doorbells()}; }

 protected:
  producer_base(std::shared_ptr<memory> queue, waiting how)
      : side_(std::move(queue), role::producer, how), raw_(side_.queue().where()) {
    if (raw_.damaged()) fail_damaged();
  }

  // Before every push: is anybody there who will read it.
  void check() const {
    if (__builtin_expect(side_.left() || raw_.seems_stopped(), 0)) refuse();
  }

  // After a push that found no room.
  void check_full() const {
    if (raw_.damaged()) fail_damaged();
    if (side_.peer_died()) fail_died("consumer");
  }

  void publish(std::uint32_t count) noexcept {
    if (__builtin_expect(raw_.publish(count), 0)) side_.ring();
  }

  bool wait(std::uint32_t wanted, const limit& until) {
    const outcome result = side_.wait(
        [&] { return raw_.room(wanted) >= wanted || raw_.damaged() || raw_.stopped() != 0; },
        [&] { return raw_.ask_for_space(wanted); }, [&] { raw_.withdraw(); }, until);
    // A consumer that has died may have made room before, but nobody will read what is written there.
    if (result == outcome::peer_died) {
      check();
      fail_died("consumer");
    }
    return result == outcome::ready;
  }

  side side_;
  Raw raw_;

 private:
  [[noreturn]] void refuse() const {
    if (side_.left()) fail("ERR_RING_CLOSED", "push after close");
    if (raw_.stopped() != layout::kEnded) fail_died("consumer");
    fail("ERR_RING_CLOSED", "the consumer has stopped: nobody reads what is pushed");
  }
};

/// What both consumers do alike: waiting for entries, and the end.
template <class Raw>
class consumer_base {
 public:
  /// Nothing is read any more; the producer's next push is refused. A second call does nothing. Does not block.
  void close() noexcept {
    if (!side_.left()) side_.leave(layout::kEnded);
  }

  /// Whether everything was read that ever will be.
  bool ended() const noexcept { return ended_; }

  std::uint32_t capacity() const noexcept { return raw_.capacity(); }
  std::uint32_t length() const noexcept { return side_.queue().length(); }
  queue_stats stats() const noexcept { return {capacity(), length(), side_.waits(), side_.doorbells()}; }

 protected:
  consumer_base(std::shared_ptr<memory> queue, waiting how)
      : side_(std::move(queue), role::consumer, how), raw_(side_.queue().where()) {
    if (raw_.damaged()) fail_damaged();
  }

  // How much is there, after a look that found less than `wanted`.
  std::uint32_t look_again(std::uint32_t wanted) {
    const std::uint32_t closed = raw_.closed();
    const bool dead = side_.peer_died();
    // Once more, behind the load of closed (or the notice of death): what was published before is still read.
    const std::uint32_t have = raw_.available(wanted);
    if (raw_.damaged()) fail_damaged();
    if (have != 0) return have;
    if (closed == layout::kEnded) ended_ = true;
    if (!ended_ && (closed != 0 || dead)) fail_died("producer");
    return 0;
  }

  std::uint32_t available(std::uint32_t wanted) {
    if (__builtin_expect(side_.left(), 0)) fail("ERR_RING_CLOSED", "pop after close");
    const std::uint32_t have = raw_.available(wanted);
    return __builtin_expect(have == 0, 0) ? look_again(wanted) : have;
  }

  popped none() const noexcept { return ended_ ? popped::end : popped::empty; }

  void release(std::uint32_t count) noexcept {
    if (__builtin_expect(raw_.release(count), 0)) side_.ring();
  }

  // False: the time was up. True, and nothing to read: the next look says why.
  bool wait(const limit& until) {
    return side_.wait([&] { return raw_.available(1) != 0 || raw_.damaged() || raw_.closed() != 0; },
                      [&] { return raw_.must_sleep(); }, [&] { raw_.withdraw(); }, until) != outcome::timeout;
  }

  side side_;
  Raw raw_;
  bool ended_ = false;
};

inline void offer(const queue_fds& queue, int socket) {
  const int fds[3] = {queue.memory, queue.consumer_bell, queue.producer_bell};
  if (queue.memory < 0) {
    fail("ERR_RING_MISUSE", "a queue inside one process can't be offered; expected one of create()");
  }
  char byte = 'Q';
  iovec data = {&byte, 1};
  alignas(cmsghdr) unsigned char buffer[CMSG_SPACE(sizeof(fds))] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = buffer;
  message.msg_controllen = sizeof(buffer);
  cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(fds));
  std::memcpy(CMSG_DATA(rights), fds, sizeof(fds));
  while (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) fail_errno("sendmsg", errno);
  }
}

/// The fds of the next queue that is offered on the socket. Blocks (unless the socket does not).
inline std::vector<unique_fd> receive(int socket) {
  char byte = 0;
  iovec data = {&byte, 1};
  alignas(cmsghdr) unsigned char buffer[CMSG_SPACE(8 * sizeof(int))];
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = buffer;
  message.msg_controllen = sizeof(buffer);
  ssize_t n;
  while ((n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0) {
    if (errno != EINTR) fail_errno("recvmsg", errno);
  }
  std::vector<unique_fd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; i++) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      fds.emplace_back(fd);
    }
  }
  if (n == 0) fail("ERR_RING_PEER_DIED", "the socket was closed before a queue was offered on it");
  if ((message.msg_flags & MSG_CTRUNC) != 0) fail_errno("recvmsg", EMFILE);
  if (byte != 'Q' || fds.size() != 3) {
    fail("ERR_RING_BAD_HEADER", "what came on the socket is no queue: byte " + std::to_string(byte) + " with " +
                                    std::to_string(fds.size()) + " fds, expected Q (81) with 3");
  }
  return fds;
}

/// Memory and doorbells, and both roles to be taken: what ring<T> and message_ring have in common.
class ring_base {
 public:
  /// Entries, for messages bytes.
  std::uint32_t capacity() const noexcept { return memory_->where().capacity; }
  /// Entries, for messages bytes, that lie between both ends just now.
  std::uint32_t length() const noexcept { return memory_->length(); }
  /// The fds, which stay this queue's: to be inherited by a child, or passed on. All -1 inside one process.
  queue_fds fds() const noexcept { return memory_->fds(); }
  /// Passes the queue to whoever reads from this unix socket, and keeps its own fds. Blocks as the socket does.
  void offer(int socket) const { detail::offer(fds(), socket); }

 protected:
  explicit ring_base(std::shared_ptr<memory> queue) noexcept : memory_(std::move(queue)) {}
  ring_base(ring_base&&) noexcept = default;
  ring_base& operator=(ring_base&&) noexcept = default;

  static std::shared_ptr<memory> received(const shape& what, int socket) {
    std::vector<unique_fd> fds = detail::receive(socket);
    auto queue = memory::open(what, {fds[0].get(), fds[1].get(), fds[2].get()});
    for (unique_fd& fd : fds) fd.release();
    return queue;
  }

  std::shared_ptr<memory> memory_;
};

}  // namespace detail

template <class T>
class ring;
class message_ring;

/// The end that pushes entries. One thread at a time; move-only. Destroyed without close(), it leaves a producer that
/// died: the consumer still reads what was pushed, and then gets ERR_RING_PEER_DIED instead of the end.
///
/// Every push throws ERR_RING_CLOSED after close() or if the consumer has stopped, ERR_RING_PEER_DIED if it has died,
/// ERR_RING_DAMAGED if the memory is nonsense. A consumer's death is noticed by who waits.
template <class T>
class producer : public detail::producer_base<raw_producer<T>> {
  using base = detail::producer_base<raw_producer<T>>;
  using base::raw_;

 public:
  /// False: full. Does not block.
  [[nodiscard]] bool try_push(const T& value) {
    base::check();
    if (__builtin_expect(raw_.room(1) == 0, 0)) {
      base::check_full();
      return false;
    }
    raw_.write(value);
    base::publish(1);
    return true;
  }

  /// Pushes as many of `count` as there is room for, published together, and says how many. Does not block.
  [[nodiscard]] std::size_t try_push_many(const T* values, std::size_t count) {
    base::check();
    if (count == 0) return 0;
    const std::uint32_t wanted = static_cast<std::uint32_t>(std::min<std::size_t>(count, raw_.capacity()));
    const std::uint32_t now = std::min(wanted, raw_.room(wanted));
    if (now == 0) {
      base::check_full();
      return 0;
    }
    raw_.write(values, now);
    base::publish(now);
    return now;
  }

  /// Blocks until there is room. False: the time was up.
  bool push(const T& value, const limit& until = {}) {
    while (!try_push(value)) {
      if (!base::wait(1, until)) return false;
    }
    return true;
  }

  /// Blocks until all are pushed, in portions as there is room. Less than `count`: the time was up after so many.
  std::size_t push_many(const T* values, std::size_t count, const limit& until = {}) {
    std::size_t done = 0;
    for (;;) {
      done += try_push_many(values + done, count - done);
      if (done == count || !base::wait(1, until)) return done;
    }
  }

 private:
  friend class ring<T>;
  using base::base;
};

/// The end that pops entries. One thread at a time; move-only. Destroyed without close(), it leaves a consumer that
/// died: the next push is refused with ERR_RING_PEER_DIED.
///
/// Every pop throws ERR_RING_PEER_DIED when all is read that a dead producer has pushed, ERR_RING_DAMAGED if the memory
/// is nonsense. A producer's death is noticed by who waits. After close() there is nothing but the end. An entry holds
/// whatever bytes the producer has written: whoever does not trust it checks them.
template <class T>
class consumer : public detail::consumer_base<raw_consumer<T>> {
  using base = detail::consumer_base<raw_consumer<T>>;
  using base::raw_;

 public:
  /// Does not block.
  [[nodiscard]] popped try_pop(T& value) {
    if (__builtin_expect(base::available(1) == 0, 0)) return base::none();
    raw_.read(value);
    base::release(1);
    return popped::value;
  }

  /// Pops up to `count`, gives their slots back together, and says how many; 0: empty, or the end (see ended()). Does
  /// not block.
  [[nodiscard]] std::size_t try_pop_many(T* values, std::size_t count) {
    if (count == 0) return 0;
    const std::uint32_t wanted = static_cast<std::uint32_t>(std::min<std::size_t>(count, raw_.capacity()));
    const std::uint32_t now = std::min(wanted, base::available(wanted));
    if (now == 0) return 0;
    raw_.read(values, now);
    base::release(now);
    return now;
  }

  /// Blocks until there is an entry, or the end, or the time is up (`empty`).
  popped pop(T& value, const limit& until = {}) {
    for (;;) {
      const popped now = try_pop(value);
      if (now != popped::empty || !base::wait(until)) return now;
    }
  }

  /// Blocks until there is at least one, and takes what there is, up to `count`. 0: the end (see ended()), or the time
  /// was up.
  std::size_t pop_many(T* values, std::size_t count, const limit& until = {}) {
    for (;;) {
      const std::size_t now = try_pop_many(values, count);
      if (now != 0 || count == 0 || base::ended() || !base::wait(until)) return now;
    }
  }

  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    iterator() = default;
    explicit iterator(consumer* from) : from_(from) { ++*this; }
    reference operator*() const noexcept { return value_; }
    pointer operator->() const noexcept { return &value_; }
    iterator& operator++() {
      if (from_->pop(value_) == popped::end) from_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator& other) const noexcept { return from_ == other.from_; }
    bool operator!=(const iterator& other) const noexcept { return from_ != other.from_; }

   private:
    consumer* from_ = nullptr;
    T value_{};
  };

  /// `for (const T& value : consumer)`: pops until the end. Every step blocks.
  iterator begin() { return iterator(this); }
  iterator end() { return {}; }

 private:
  friend class ring<T>;
  using base::base;
};

/// A queue of entries of one size. T is copied byte by byte and must mean the same on the other end: no pointer, no
/// padding that could tell secrets. Move-only; the roles taken from it keep memory and doorbells alive.
template <class T>
class ring : public detail::ring_base {
  static_assert(std::is_trivially_copyable_v<T>, "entries are copied byte by byte");
  static_assert(sizeof(T) <= layout::kEntrySizeMax, "an entry has at most 65,536 bytes");
  static constexpr detail::shape kShape{layout::kShapeEntries, sizeof(T)};

 public:
  /// A new queue for processes: a sealed memfd, two eventfds. `capacity`: entries, a power of two from 1 to 2^30.
  static ring create(std::uint32_t capacity) { return ring(detail::memory::create(kShape, capacity)); }

  /// A queue that somebody else has made. Takes the fds over if it returns; if it throws they are still the caller's.
  static ring open(const queue_fds& fds) { return ring(detail::memory::open(kShape, fds)); }

  /// The queue that is offered next on this unix socket. Blocks as the socket does.
  static ring receive(int socket) { return ring(received(kShape, socket)); }

  /// A new queue between threads of this process.
  static ring in_process(std::uint32_t capacity, ends who = ends::any) {
    return ring(detail::memory::in_process(kShape, capacity, who));
  }

  /// Takes the role, once and for ever: ERR_RING_ROLE_TAKEN if somebody has it or has had it.
  mem_ring::producer<T> producer(waiting how = waiting::adaptive) { return mem_ring::producer<T>(memory_, how); }
  mem_ring::consumer<T> consumer(waiting how = waiting::adaptive) { return mem_ring::consumer<T>(memory_, how); }

 private:
  using ring_base::ring_base;
};

/// The end that pushes messages. As producer<T> in all that is not said here.
class message_producer : public detail::producer_base<raw_message_producer> {
 public:
  /// The longest message that can be pushed, in bytes.
  std::uint32_t max_length() const noexcept { return raw_.max_length(); }

  /// Room for a message of `length` bytes, to be filled and committed; null: none now. The memory may be written to
  /// until commit() or abort(). Throws ERR_RING_MISUSE while another claim is open, ERR_RING_MESSAGE_TOO_LONG if it
  /// can never fit. Does not block.
  [[nodiscard]] unsigned char* try_claim(std::size_t length) {
    const std::uint32_t bytes = checked(length);
    check();
    const std::uint32_t wanted = raw_.needed(bytes);
    if (raw_.room(wanted) < wanted) {
      check_full();
      return nullptr;
    }
    claimed_ = wanted;
    return raw_.claim(bytes);
  }

  /// The same, but blocks until there is room. Null: the time was up.
  unsigned char* claim(std::size_t length, const limit& until = {}) {
    for (;;) {
      if (unsigned char* at = try_claim(length)) return at;
      if (!wait(raw_.needed(static_cast<std::uint32_t>(length)), until)) return nullptr;
    }
  }

  /// Publishes the claimed message. ERR_RING_MISUSE without a claim.
  void commit() {
    if (claimed_ == 0) detail::fail("ERR_RING_MISUSE", "commit without a claim; call try_claim first");
    const std::uint32_t claimed = std::exchange(claimed_, 0);
    check();
    publish(claimed);
  }

  /// Gives the claim back: nothing was pushed. ERR_RING_MISUSE without a claim.
  void abort() {
    if (claimed_ == 0) detail::fail("ERR_RING_MISUSE", "abort without a claim; call try_claim first");
    claimed_ = 0;
  }

  /// Copies a message in. False: no room. Does not block.
  [[nodiscard]] bool try_push(const void* bytes, std::size_t length) {
    unsigned char* at = try_claim(length);
    if (at == nullptr) return false;
    fill(at, bytes, length);
    return true;
  }

  /// Blocks until there is room. False: the time was up.
  bool push(const void* bytes, std::size_t length, const limit& until = {}) {
    unsigned char* at = claim(length, until);
    if (at == nullptr) return false;
    fill(at, bytes, length);
    return true;
  }

 private:
  friend class message_ring;
  using producer_base::producer_base;

  std::uint32_t checked(std::size_t length) const {
    if (claimed_ != 0) detail::fail("ERR_RING_MISUSE", "a claim is open; commit or abort it first");
    if (length > max_length()) {
      detail::fail("ERR_RING_MESSAGE_TOO_LONG", "a message of " + std::to_string(length) + " bytes, expected at most " +
                                                    std::to_string(max_length()) + "; make the queue larger");
    }
    return static_cast<std::uint32_t>(length);
  }

  void fill(unsigned char* at, const void* bytes, std::size_t length) noexcept {
    if (length != 0) std::memcpy(at, bytes, length);
    publish(std::exchange(claimed_, 0));
  }

  std::uint32_t claimed_ = 0;  // bytes of the queue; 0: no claim
};

/// A message in place.
struct message {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
};

/// The end that pops messages. As consumer<T> in all that is not said here.
class message_consumer : public detail::consumer_base<raw_message_consumer> {
 public:
  std::uint32_t max_length() const noexcept { return raw_.max_length(); }

  /// The next message where it lies, valid until release(). A producer that is not trusted may change it meanwhile:
  /// copy first, then check. Again before release(): the same message. Does not block.
  [[nodiscard]] popped try_peek(message& out) {
    if (peeked_.taken == 0) {
      if (available(1) == 0) return none();
      if (!raw_.first(peeked_)) detail::fail_damaged();
    }
    out = {peeked_.bytes, peeked_.length};
    return popped::value;
  }

  /// Blocks until there is a message, or the end, or the time is up (`empty`).
  popped peek(message& out, const limit& until = {}) {
    for (;;) {
      const popped now = try_peek(out);
      if (now != popped::empty || !wait(until)) return now;
    }
  }

  /// Gives back what was peeked. ERR_RING_MISUSE if nothing was.
  void release() {
    if (peeked_.taken == 0) detail::fail("ERR_RING_MISUSE", "release without a message; call try_peek first");
    consumer_base::release(std::exchange(peeked_, {}).taken);
  }

  /// Copies the next message out, at most max_length() bytes; allocates if `out` is too small. Does not block.
  /// ERR_RING_MISUSE while one is peeked.
  [[nodiscard]] popped try_pop(std::vector<unsigned char>& out) {
    refuse_if_peeked();
    message found;
    const popped now = try_peek(found);
    if (now == popped::value) take(found, out);
    return now;
  }

  /// Blocks as peek(). ERR_RING_MISUSE while one is peeked.
  popped pop(std::vector<unsigned char>& out, const limit& until = {}) {
    refuse_if_peeked();
    message found;
    const popped now = peek(found, until);
    if (now == popped::value) take(found, out);
    return now;
  }

  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = message;
    using difference_type = std::ptrdiff_t;
    using pointer = const message*;
    using reference = const message&;

    iterator() = default;
    explicit iterator(message_consumer* from) : from_(from) { next(); }
    reference operator*() const noexcept { return value_; }
    pointer operator->() const noexcept { return &value_; }
    iterator& operator++() {
      from_->release();
      next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator& other) const noexcept { return from_ == other.from_; }
    bool operator!=(const iterator& other) const noexcept { return from_ != other.from_; }

   private:
    void next() {
      if (from_->peek(value_) == popped::end) from_ = nullptr;
    }
    message_consumer* from_ = nullptr;
    message value_;
  };

  /// `for (const message& m : consumer)`: peeks until the end; each is released by the step to the next, which blocks.
  iterator begin() { return iterator(this); }
  iterator end() { return {}; }

 private:
  friend class message_ring;
  using consumer_base::consumer_base;

  void take(const message& found, std::vector<unsigned char>& out) {
    out.assign(found.data, found.data + found.size);
    release();
  }

  void refuse_if_peeked() const {
    if (peeked_.taken != 0) detail::fail("ERR_RING_MISUSE", "pop while a message is peeked; release it first");
  }

  raw_message_consumer::record peeked_;
};

/// A queue of byte messages of any length up to half of it. As ring<T> in all that is not said here.
class message_ring : public detail::ring_base {
  static constexpr detail::shape kShape{layout::kShapeMessages, layout::kRecordAlign};

 public:
  /// `capacity`: bytes, a power of two from 32 to 2^30.
  static message_ring create(std::uint32_t capacity) { return message_ring(detail::memory::create(kShape, capacity)); }
  static message_ring open(const queue_fds& fds) { return message_ring(detail::memory::open(kShape, fds)); }
  static message_ring receive(int socket) { return message_ring(received(kShape, socket)); }
  static message_ring in_process(std::uint32_t capacity, ends who = ends::any) {
    return message_ring(detail::memory::in_process(kShape, capacity, who));
  }

  std::uint32_t max_length() const noexcept { return detail::longest_message(capacity()); }

  message_producer producer(waiting how = waiting::adaptive) { return message_producer(memory_, how); }
  message_consumer consumer(waiting how = waiting::adaptive) { return message_consumer(memory_, how); }

 private:
  using ring_base::ring_base;
};

}  // namespace mem_ring

#endif  // MEM_RING_HPP
