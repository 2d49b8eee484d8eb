/**
 * The counting Bloom filter with which libCacheSim's W-TinyLFU counts: ten hashes and 14.4
 * counters per block (an error of 0.1 %), every counter of a block raised at each count (so it is
 * not minimal increment), and all of them halved now and then by the caller.
 *
 * Source: Fan, Cao, Almeida and Broder, "Summary cache", SIGCOMM 1998. The parameters, and that
 * the least counters are not singled out, are libCacheSim's; the hash is ours.
 * Cost: ten loads per estimate; 14.4 bytes per slot. Counts stop at 255.
 */
import { take } from "../arena";
import { mix } from "../random";

const ERROR: f64 = 0.001;
const LN2: f64 = 0.6931471805599453;
const COUNT_MAX: u8 = 255;

@final export class CountingFilter {
  private readonly counters: usize;
  private readonly count: u32;
  private readonly hashes: u32;

  constructor(entries: u32) {
    const perEntry = -Math.log(ERROR) / (LN2 * LN2);
    const hashes = <u32>Math.ceil(LN2 * perEntry);
    const count = max(<u32>Math.ceil(perEntry * <f64>entries), hashes << 1);
    this.hashes = hashes;
    this.count = count;
    this.counters = take(count);
  }

  estimate(block: u32): u32 {
    const hash = mix(<u64>block + 1);
    let least = COUNT_MAX;
    for (let i: u32 = 0; i < this.hashes; i++) least = min(least, load<u8>(this.counter(hash, i)));
    return least;
  }

  add(block: u32): void {
    const hash = mix(<u64>block + 1);
    for (let i: u32 = 0; i < this.hashes; i++) {
      const counter = this.counter(hash, i);
      const value = load<u8>(counter);
      if (value < COUNT_MAX) store<u8>(counter, value + 1);
    }
  }

  /** Double hashing, the step odd so that it is never 0. */
  @inline private counter(hash: u64, i: u32): usize {
    return this.counters + (<u32>hash + i * (<u32>(hash >> 32) | 1)) % this.count;
  }

  halve(): void {
    const end = this.counters + this.count;
    for (let at = this.counters; at < end; at++) store<u8>(at, load<u8>(at) >> 1);
  }
}
