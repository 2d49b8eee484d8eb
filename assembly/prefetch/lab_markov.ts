/**
 * The prefetch of kv-hierarchy-lab's predictive policy as it was published: every successor of
 * every block is counted, without bound; the `successors` most frequent (first seen first) are
 * named if they came `confidence` times.
 *
 * Source: github.com/manishklach/kv-hierarchy-lab, version of April 2026.
 * Cost: O(successors of the block) per look-up; 4 bytes per block and 16 per pair of blocks that
 * ever followed each other. The plain `markov` is the bounded one.
 */
import { take } from "../arena";
import { NONE } from "../columns/list";
import { Env } from "../policies/policy";
import { isNamed, Prefetcher } from "./prefetcher";

/** Pair: { successor u32, count u32, next pair's address u32, unused }, in order of first sight. */
const PAIR_BYTES: usize = 16;
const COUNT: usize = 4;
const NEXT: usize = 8;
/** Pairs taken from the arena at a time. */
const CHUNK_PAIRS: u32 = 4096;

@final export class LabMarkov extends Prefetcher {
  /** u32[blocks]: address of the first pair of a block; 0 when it has none. */
  private readonly first: usize;
  private chunk: usize = 0;
  private chunkPairs: u32 = 0;
  private last: u32 = NONE;
  private readonly successors: u32;
  private readonly confidence: u32;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.first = take(<usize>env.blocks << 2);
    this.successors = <u32>this.parameter(0);
    this.confidence = <u32>this.parameter(1);
  }

  onLookup(block: u32): void {
    if (this.last != NONE) this.count(this.last, block);
    this.last = block;
  }

  private count(before: u32, block: u32): void {
    let link = this.first + (before << 2);
    let pair = load<u32>(link);
    while (pair != 0 && load<u32>(pair) != block) {
      link = pair + NEXT;
      pair = load<u32>(link);
    }
    if (pair == 0) {
      pair = this.newPair(block);
      store<u32>(link, pair);
    }
    store<u32>(pair, load<u32>(pair, COUNT) + 1, COUNT);
  }

  private newPair(block: u32): u32 {
    if (this.chunkPairs == 0) {
      this.chunk = take(PAIR_BYTES * CHUNK_PAIRS);
      this.chunkPairs = CHUNK_PAIRS;
    }
    const pair = this.chunk;
    this.chunk += PAIR_BYTES;
    this.chunkPairs--;
    store<u32>(pair, block);
    return pair;
  }

  candidates(block: u32, out: usize, max: u32): u32 {
    let found: u32 = 0;
    for (const limit = min(max, this.successors); found < limit; found++) {
      let best: u32 = 0;
      let pair = load<u32>(this.first + (block << 2));
      for (; pair != 0; pair = load<u32>(pair, NEXT)) {
        if (best != 0 && load<u32>(pair, COUNT) <= load<u32>(best, COUNT)) continue;
        if (!isNamed(load<u32>(pair), out, found)) best = pair;
      }
      if (best == 0 || load<u32>(best, COUNT) < this.confidence) break;
      store<u32>(out + (found << 2), load<u32>(best));
    }
    return found;
  }
}
