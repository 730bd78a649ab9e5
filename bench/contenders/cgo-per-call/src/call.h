// What the C++ half and the Go half of this addon say to each other. Plain C: both languages include this file.
#pragma once

#include <stdint.h>

typedef struct {
  const char* name;
  uint32_t name_size;
  uint8_t age;
} user_t;

// A finished call: `value` is the answer, unless the answer is bytes (from malloc, to be freed by the receiver).
typedef struct {
  void* call;
  uint32_t value;
  uint8_t* bytes;
  uint32_t bytes_size;
} answer_t;

typedef void (*complete_fn)(const answer_t* answer);

// A call of Go's: its slot there, and its number. `node` is what bench_serve was given.
typedef void (*ask_fn)(void* node, uint32_t slot, uint32_t number);
