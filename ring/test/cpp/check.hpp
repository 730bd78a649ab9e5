// A test program's few tools: CHECK, what must throw, and indices that begin where the test wants them.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "mem_ring.hpp"

#define CHECK(condition)                                                                   \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);         \
      std::exit(1);                                                                        \
    }                                                                                      \
  } while (false)

/// The code of the error that `f` throws, and its text if asked for; empty if it throws none.
template <class F>
std::string code_of(F f, std::string* what = nullptr) {
  try {
    f();
  } catch (const mem_ring::error& failed) {
    if (what != nullptr) *what = failed.what();
    return std::string(failed.code());
  }
  return "";
}

/// A second mapping of a queue's memory: what a peer that does as it likes could write.
class intruder {
 public:
  explicit intruder(const mem_ring::queue_fds& fds) {
    struct stat file = {};
    CHECK(::fstat(fds.memory, &file) == 0);
    size_ = static_cast<std::size_t>(file.st_size);
    address_ = static_cast<unsigned char*>(::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fds.memory, 0));
    CHECK(address_ != MAP_FAILED);
  }
  intruder(const intruder&) = delete;
  intruder& operator=(const intruder&) = delete;
  ~intruder() { ::munmap(address_, size_); }

  std::size_t size() const { return size_; }
  unsigned char* at(std::uint32_t offset) { return address_ + offset; }
  // Relaxed: single-threaded tests, or before anybody else looks.
  mem_ring::detail::word& word(std::uint32_t offset) {
    return *reinterpret_cast<mem_ring::detail::word*>(address_ + offset);
  }
  void set(std::uint32_t offset, std::uint32_t value) { word(offset).store(value, std::memory_order_relaxed); }
  std::uint32_t get(std::uint32_t offset) { return word(offset).load(std::memory_order_relaxed); }

 private:
  unsigned char* address_;
  std::size_t size_;
};

/// A queue whose indices begin at `start`: near 2^32, so that every run crosses the wrap.
template <class Ring>
Ring create_at(std::uint32_t capacity, std::uint32_t start) {
  Ring queue = Ring::create(capacity);
  intruder words(queue.fds());
  words.set(mem_ring::layout::kWordTail, start);
  words.set(mem_ring::layout::kWordHead, start);
  return queue;
}

/// Numbers that look random, the same in every run.
class numbers {
 public:
  explicit numbers(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>((state_ >> 33) % limit);
  }

 private:
  std::uint64_t state_;
};
