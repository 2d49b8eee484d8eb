/**
 * Markov: after a block, the blocks that have most often been looked up next. With `lookahead`
 * above 1 it goes on from the most frequent successor, and from that one's, so that a transfer has
 * time to arrive.
 *
 * Source: Joseph and Grunwald, "Prefetching using Markov predictors", ISCA 1997.
 * Cost: O(1) per look-up; 16 bytes per block. Of each block the three most frequent successors are
 * kept: a fourth takes the place of the third once it has come more often than that one, as in
 * Misra and Gries, "Finding repeated elements", 1982. Counts are halved when one reaches 255, so
 * that old habits fade.
 *
 * ```
 * node: | successor u32 × 3 | count u8 × 3 | unused u8 |   block + 1; highest count first
 * ```
 */
import { take } from "../arena";
import { NONE } from "../columns/list";
import { Env } from "../policies/policy";
import { isNamed, Prefetcher } from "./prefetcher";

const NODE_BITS: u32 = 4;
const WAYS: u32 = 3;
const COUNTS: usize = 12;
const COUNT_MAX: u8 = 255;

@final export class Markov extends Prefetcher {
  private readonly nodes: usize;
  private last: u32 = NONE;
  private readonly successors: u32;
  private readonly confidence: u32;
  private readonly lookahead: u32;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.nodes = take(<usize>env.blocks << NODE_BITS);
    this.successors = <u32>this.parameter(0);
    this.confidence = <u32>this.parameter(1);
    this.lookahead = <u32>this.parameter(2);
  }

  @inline private node(block: u32): usize {
    return this.nodes + (<usize>block << NODE_BITS);
  }

  onLookup(block: u32): void {
    if (this.last != NONE) this.count(this.node(this.last), block);
    this.last = block;
  }

  private count(node: usize, block: u32): void {
    let way: u32 = 0;
    while (way < WAYS && load<u32>(node + (way << 2)) != block + 1) {
      if (load<u8>(node + way, COUNTS) == 0) break;
      way++;
    }
    if (way == WAYS) {
      const least = load<u8>(node + WAYS - 1, COUNTS) - 1;
      store<u8>(node + WAYS - 1, least, COUNTS);
      if (least > 0) return;
      way--;
    }
    store<u32>(node + (way << 2), block + 1);
    const count = load<u8>(node + way, COUNTS) + 1;
    store<u8>(node + way, count, COUNTS);
    this.rise(node, way, block, count);
    if (count == COUNT_MAX) this.halve(node);
  }

  /** Moves a successor before all that came less often. */
  private rise(node: usize, from: u32, block: u32, count: u8): void {
    let way = from;
    for (; way > 0 && load<u8>(node + way - 1, COUNTS) < count; way--) {
      store<u32>(node + (way << 2), load<u32>(node + ((way - 1) << 2)));
      store<u8>(node + way, load<u8>(node + way - 1, COUNTS), COUNTS);
    }
    store<u32>(node + (way << 2), block + 1);
    store<u8>(node + way, count, COUNTS);
  }

  private halve(node: usize): void {
    for (let way: u32 = 0; way < WAYS; way++) {
      store<u8>(node + way, load<u8>(node + way, COUNTS) >> 1, COUNTS);
    }
  }

  candidates(block: u32, out: usize, max: u32): u32 {
    let found: u32 = 0;
    let from = block;
    for (let step: u32 = 0; step < this.lookahead; step++) {
      const node = this.node(from);
      for (let way: u32 = 0; way < this.successors && found < max; way++) {
        if (<u32>load<u8>(node + way, COUNTS) < this.confidence) break;
        const next = load<u32>(node + (way << 2)) - 1;
        if (next == block || isNamed(next, out, found)) continue;
        store<u32>(out + (found++ << 2), next);
      }
      if (found == max || <u32>load<u8>(node, COUNTS) < this.confidence) break;
      from = load<u32>(node) - 1;
    }
    return found;
  }
}
