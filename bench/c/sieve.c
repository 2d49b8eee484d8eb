/* SIEVE on a compacting array: twin of assembly/kernels/sieve.ts. */
#include "bench.h"

static uint32_t replay(const Columns *c) {
  uint32_t slots = c->capacity < c->blocks ? c->capacity : c->blocks;
  uint8_t *state = calloc(c->blocks + 1, 1);
  uint32_t *queue = malloc((size_t)slots * 8);
  uint32_t *kept = queue, *hand = queue, *end = queue, *limit = queue + (size_t)slots * 2;
  uint32_t room = slots, missed = 0;
  for (uint32_t i = 0; i < c->accesses; i++) {
    uint32_t newcomer = c->block[i];
    if (state[newcomer]) {
      state[newcomer] = 3;
      c->out[i] = 1;
      continue;
    }
    c->out[i] = 0;
    missed++;
    if (room > 0) {
      room--;
    } else {
      uint32_t victim = *hand++;
      while (state[victim] == 3) {
        state[victim] = 1;
        *kept++ = victim;
        if (hand == end) {
          end = kept;
          kept = hand = queue;
        }
        victim = *hand++;
      }
      state[victim] = 0;
      if (hand == end) {
        end = kept;
        kept = hand = queue;
      } else if (end == limit) {
        memmove(kept, hand, (size_t)(end - hand) * 4);
        end -= hand - kept;
        hand = kept;
      }
    }
    *end++ = newcomer;
    state[newcomer] = 1;
  }
  free(state);
  free(queue);
  return c->accesses - missed;
}
