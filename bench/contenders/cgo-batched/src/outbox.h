// Where Go's threads put finished calls and Node's thread finds them: two sides, one being filled while the other is
// read, so that a delivery of any size is taken over by exchanging an index.
#pragma once

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include "mailbox.h"

// A call holds a slot until its completion was read, so a side never has more completions than there are slots; the same
// goes for the calls of Go's.
constexpr uint32_t kSlotsMax = 1u << 16;
constexpr uint32_t kAsksMax = 1u << 14;
constexpr uint32_t kBytesMax = 4u << 20;

struct LargeAnswer {
  uint8_t* data;  // from malloc
  uint32_t size;
};

struct Side {
  completion_t* completions = static_cast<completion_t*>(std::malloc((kSlotsMax + kAsksMax) * sizeof(completion_t)));
  uint8_t* bytes = static_cast<uint8_t*>(std::malloc(kBytesMax));
  uint32_t count = 0;
  uint32_t asks = 0;  // how many of them are calls of Go's
  uint32_t bytes_size = 0;
  std::vector<LargeAnswer> large;

  // Copies bytes into memory that JavaScript will adopt, and says where they are.
  void AddLarge(completion_t completion, const uint8_t* data, uint32_t size) {
    auto* copy = static_cast<uint8_t*>(std::malloc(size));
    std::memcpy(copy, data, size);
    AdoptLarge(completion, copy, size);
  }

  void AdoptLarge(completion_t completion, uint8_t* data, uint32_t size) {
    completion.kind = ANSWER_LARGE;
    completion.value = size;
    completion.offset = static_cast<uint32_t>(large.size());
    large.push_back({data, size});
    completions[count++] = completion;
  }

  void Add(const completion_t* list, uint32_t n, const uint8_t* data, uint32_t data_size) {
    if (data_size > kBytesMax - bytes_size) {  // no room for the bytes together: each answer for itself
      for (uint32_t i = 0; i < n; i++) {
        if (list[i].kind == ANSWER_BYTES) {
          AddLarge(list[i], data + list[i].offset, list[i].value);
        } else {
          completions[count++] = list[i];
        }
      }
      return;
    }
    std::memcpy(completions + count, list, n * sizeof(completion_t));
    if (data_size > 0) {
      for (uint32_t i = count; i < count + n; i++) completions[i].offset += bytes_size;
      std::memcpy(bytes + bytes_size, data, data_size);
      bytes_size += data_size;
    }
    count += n;
  }

  void Clear() {
    count = asks = 0;
    bytes_size = 0;
    large.clear();
  }
};

class Outbox {
 public:
  void Deliver(const completion_t* list, uint32_t n, const uint8_t* data, uint32_t data_size, uint32_t asks) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      sides[filling_].Add(list, n, data, data_size);
      sides[filling_].asks += asks;
    }
    filled_.store(true);
  }

  void DeliverLarge(uint32_t slot, const uint8_t* data, uint32_t size) {
    auto* copy = static_cast<uint8_t*>(std::malloc(size));  // copied before the lock is taken: it may be 16 MiB
    std::memcpy(copy, data, size);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      sides[filling_].AdoptLarge({slot, 0, 0, 0}, copy, size);
    }
    filled_.store(true);
  }

  // Node's thread: gives the side that was being filled; the other one, read by now, is filled from here on.
  uint32_t Exchange() {
    sides[1 - filling_].Clear();
    std::lock_guard<std::mutex> lock(mutex_);
    uint32_t full = filling_;
    filling_ = 1 - filling_;
    filled_.store(false);
    return full;
  }

  // Whether there may be something to read; asked without the lock. True once too often does no harm.
  bool Ready() const { return filled_.load(); }

  Side sides[2];

 private:
  std::mutex mutex_;  // guards filling_ and the side that it names
  uint32_t filling_ = 0;
  // A line of its own: Node's thread polls it. Set after the lock is let go, so that who sees it finds the lock free.
  alignas(128) std::atomic<bool> filled_{false};
};
