// What JavaScript and the Go half say to each other.
#pragma once

#include <stdint.h>

typedef struct {
  const char* name;
  uint8_t age;
} user_t;
