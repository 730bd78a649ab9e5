// What the C++ half and the Go half of this addon say to each other. Plain C: both languages include this file.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One finished call. `kind` says what `value` is: the answer itself, or the length of the answer's bytes.
typedef struct {
  uint32_t slot;
  uint32_t kind;
  uint32_t value;
  uint32_t offset;  // kind ANSWER_BYTES: where the bytes begin; kind ANSWER_LARGE: which of the large answers it is
} completion_t;

enum { ANSWER_BOOL = 0, ANSWER_NUMBER = 1, ANSWER_BYTES = 2, ANSWER_LARGE = 3 };

// Takes over `count` completions and the bytes that those of kind ANSWER_BYTES refer to. Callable from any thread.
// `quick` says that the handlers returned at once, so that it is worth polling for the next completions.
typedef void (*deliver_fn)(void* outbox, const completion_t* completions, uint32_t count, const uint8_t* bytes,
                           uint32_t bytes_size, uint32_t quick);

// Takes over one answer too large to travel with others. Callable from any thread.
typedef void (*deliver_large_fn)(void* outbox, uint32_t slot, const uint8_t* bytes, uint32_t bytes_size);

#ifdef __cplusplus
}
#endif
