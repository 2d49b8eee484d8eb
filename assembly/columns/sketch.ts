/**
 * How often a block was touched of late, in 4 bits and by approximation: a count-min sketch that
 * halves all its counts once every `period` touches.
 *
 * Source: Cormode and Muthukrishnan, "An improved data stream summary", J. Algorithms 2005
 * (count-min); Einziger, Friedman and Manes, "TinyLFU", ACM Transactions on Storage 2017 (ageing
 * by halving).
 * Cost: O(1) amortised per touch; 8 bytes per slot, to the next power of two. Counts stop at 15;
 * an estimate is never too low by anything but ageing, and may be too high by collisions. There
 * is no doorkeeper: at 16 counters per slot it would only save memory.
 */
import { take } from "../arena";
import { mix } from "../random";

const ROWS: u32 = 4;
const COUNT_MAX: u64 = 15;
/** Words of 16 counters below which small tiers would see little but collisions. */
const WORDS_MIN: u32 = 8;

@final export class Sketch {
  private readonly words: usize;
  private readonly count: u32;
  private touches: u64 = 0;

  /** @param slots Blocks worth telling apart. @param period Touches from halving to halving. */
  constructor(slots: u32, private readonly period: u64) {
    let count = WORDS_MIN;
    while (count < slots) count <<= 1;
    this.count = count;
    this.words = take(<usize>count << 3);
  }

  /** Word and counter of a block in a row: double hashing, one 16-counter word per row. */
  @inline private word(hash: u64, row: u32): usize {
    const at = <u32>hash + row * (<u32>(hash >> 32) | 1);
    return this.words + (<usize>(at & (this.count - 1)) << 3);
  }

  @inline private shift(hash: u64, row: u32): u64 {
    return ((hash >> (40 + (row << 2))) & 15) << 2;
  }

  /** Counts one touch; now and then, ages everything. */
  add(block: u32): void {
    const hash = mix(<u64>block + 1);
    for (let row: u32 = 0; row < ROWS; row++) {
      const word = this.word(hash, row);
      const shift = this.shift(hash, row);
      const value = load<u64>(word);
      if (((value >> shift) & COUNT_MAX) < COUNT_MAX) store<u64>(word, value + (<u64>1 << shift));
    }
    if (++this.touches >= this.period) this.age();
  }

  /** Touches remembered of a block: 0 to 15. */
  estimate(block: u32): u32 {
    const hash = mix(<u64>block + 1);
    let least = COUNT_MAX;
    for (let row: u32 = 0; row < ROWS; row++) {
      least = min(least, (load<u64>(this.word(hash, row)) >> this.shift(hash, row)) & COUNT_MAX);
    }
    return <u32>least;
  }

  private age(): void {
    const end = this.words + (<usize>this.count << 3);
    for (let word = this.words; word < end; word += 8) {
      store<u64>(word, (load<u64>(word) >> 1) & 0x7777777777777777);
    }
    this.touches >>= 1;
  }
}
