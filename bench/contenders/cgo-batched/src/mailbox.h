// What the C++ half and the Go half of this addon say to each other. Plain C: both languages include this file.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One finished call. `kind` says what `value` is: the answer itself, or the length of the answer's bytes. Of kind
// ANSWER_ASK it is a call of Go's: its slot there, and its number.
typedef struct {
  uint32_t slot;
  uint32_t kind;
  uint32_t value;
  uint32_t offset;  // kind ANSWER_BYTES: where the bytes begin; kind ANSWER_LARGE: which of the large answers it is
} completion_t;

enum { ANSWER_BOOL = 0, ANSWER_NUMBER = 1, ANSWER_BYTES = 2, ANSWER_LARGE = 3, ANSWER_ASK = 4 };

// Takes over `count` completions and the bytes that those of kind ANSWER_BYTES refer to. Callable from any thread.
// `what` is one of those below.
typedef void (*deliver_fn)(void* outbox, const completion_t* completions, uint32_t count, const uint8_t* bytes,
                           uint32_t bytes_size, uint32_t what);

enum {
  DELIVER_LATE = 0,   // the handlers waited for something
  DELIVER_QUICK = 1,  // the handlers returned at once: it is worth polling for the next completions
  DELIVER_ASKS = 2,   // all are calls of Go's; more will soon follow
};

// Takes over one answer too large to travel with others. Callable from any thread.
typedef void (*deliver_large_fn)(void* outbox, uint32_t slot, const uint8_t* bytes, uint32_t bytes_size);

#ifdef __cplusplus
}
#endif
