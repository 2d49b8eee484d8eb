/* LRU as two monotone pointers: twin of the plain loop in assembly/kernels/lru.ts. */
#include "bench.h"

static uint32_t replay(const Columns *c) {
  uint32_t tail = 0, room = c->capacity, missed = 0;
  const uint32_t *previous = c->previous, *next = c->next;
  for (uint32_t i = 0; i < c->accesses; i++) {
    int hit = previous[i] > tail;
    c->out[i] = (uint8_t)hit;
    if (hit) continue;
    missed++;
    if (room > 0) {
      room--;
    } else {
      while (next[tail] < i) tail++;
      tail++;
    }
  }
  return c->accesses - missed;
}
