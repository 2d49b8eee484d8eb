/* Reads the columns that run.ts wrote, times `replay`, prints hits and best CPU ns per access. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  uint32_t accesses, blocks, capacity, repeats, rounds;
  uint32_t *block, *previous, *next;
  uint8_t *out;
} Columns;

static uint32_t replay(const Columns *columns);

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int count, char **names) {
  if (count != 2) return 2;
  FILE *file = fopen(names[1], "rb");
  Columns c;
  if (file == NULL || fread(&c, 4, 5, file) != 5) return 1;
  size_t bytes = (size_t)c.accesses * 4;
  uint32_t **columns[] = {&c.block, &c.previous, &c.next};
  for (int k = 0; k < 3; k++) {
    *columns[k] = malloc(bytes + 4);
    if (fread(*columns[k], 4, c.accesses, file) != c.accesses) return 1;
  }
  c.out = malloc((size_t)c.accesses + 1);
  double best = 1e30;
  uint32_t hits = 0;
  for (uint32_t round = 0; round < c.rounds; round++) {
    double start = cpu_seconds();
    for (uint32_t i = 0; i < c.repeats; i++) hits = replay(&c);
    double seconds = cpu_seconds() - start;
    if (seconds < best) best = seconds;
  }
  printf("%u %.4f\n", hits, best * 1e9 / ((double)c.accesses * c.repeats));
  return 0;
}
