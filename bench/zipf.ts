/**
 * Zipf traces: block `k` of the popularity order is touched with weight `1 / k ** exponent`.
 *
 * @module
 */
/** What to draw. */
export interface ZipfOptions {
  readonly exponent: number;
  readonly blocks: number;
  readonly accesses: number;
  readonly seed: number;
}

/** Draws blocks, 0 the most popular; the same options give the same draws on every machine. */
export function zipf(options: ZipfOptions): Uint32Array<ArrayBuffer> {
  const { exponent, blocks, accesses, seed } = options;
  const upTo = new Float64Array(blocks);
  let sum = 0;
  for (let k = 0; k < blocks; k++) upTo[k] = sum += (k + 1) ** -exponent;
  // Where the search for a draw may begin: one entry for each equal slice of the total weight.
  const guide = new Uint32Array(blocks + 1);
  for (let slice = 0, k = 0; slice <= blocks; slice++) {
    while (k < blocks - 1 && upTo[k] < (slice / blocks) * sum) k++;
    guide[slice] = k;
  }
  const next = splitmix32(seed);
  const block = new Uint32Array(accesses);
  for (let i = 0; i < accesses; i++) {
    const unit = (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
    let k = guide[Math.floor(unit * blocks)];
    while (upTo[k] < unit * sum) k++;
    block[i] = k;
  }
  return block;
}

/** Numbers below 2³²: splitmix32, the 32-bit form of the engine's own generator. */
export function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
