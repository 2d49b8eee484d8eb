/**
 * A set of positions, in time or in space, as a 64-ary tree of bits: the highest member, or the
 * last one up to a position, in a few loads.
 *
 * ```
 * level 0: one bit per position        level k + 1: one bit per word of level k that is not empty
 * ```
 */
import { take } from "../arena";

const LEVELS_MAX: u32 = 6;

@final export class TimeBits {
  /** u64 words of level 0. */
  readonly bits: usize;
  private readonly levels: u32;
  /** u32[levels]: address of each level. */
  private readonly level: usize;

  /** @param count Positions run from 0 below this. */
  constructor(count: u32) {
    this.level = take(LEVELS_MAX << 2);
    let words = (<usize>count >> 6) + 1;
    let levels: u32 = 0;
    while (true) {
      store<u32>(this.level + (levels << 2), <u32>take(words << 3));
      levels++;
      if (words == 1) break;
      words = ((words - 1) >> 6) + 1;
    }
    this.levels = levels;
    this.bits = load<u32>(this.level);
  }

  @inline has(position: u32): bool {
    return ((load<u64>(this.bits + ((position >> 6) << 3)) >> (position & 63)) & 1) != 0;
  }

  @inline add(position: u32): void {
    const at = this.bits + ((position >> 6) << 3);
    const word = load<u64>(at);
    store<u64>(at, word | (<u64>1 << (position & 63)));
    if (word == 0) this.addAbove(position >> 6);
  }

  private addAbove(word: u32): void {
    for (let k: u32 = 1; k < this.levels; k++) {
      const at = load<u32>(this.level + (k << 2)) + ((word >> 6) << 3);
      const bits = load<u64>(at);
      store<u64>(at, bits | (<u64>1 << (word & 63)));
      if (bits != 0) return;
      word >>= 6;
    }
  }

  @inline remove(position: u32): void {
    const at = this.bits + ((position >> 6) << 3);
    const word = load<u64>(at) & ~(<u64>1 << (position & 63));
    store<u64>(at, word);
    if (word == 0) this.removeAbove(position >> 6);
  }

  private removeAbove(word: u32): void {
    for (let k: u32 = 1; k < this.levels; k++) {
      const at = load<u32>(this.level + (k << 2)) + ((word >> 6) << 3);
      const bits = load<u64>(at) & ~(<u64>1 << (word & 63));
      store<u64>(at, bits);
      if (bits != 0) return;
      word >>= 6;
    }
  }

  /** The highest member below `position`, where none is at or above it; 0 when there is none. */
  @inline highestBelow(position: u32): u32 {
    const word = load<u64>(this.bits + ((position >> 6) << 3));
    if (word != 0) return (position & ~63) + 63 - <u32>clz(word);
    return this.highest(position >> 6);
  }

  /** The highest member at or below `position`; 0 when there is none. */
  @inline lastUpTo(position: u32): u32 {
    const upTo = u64.MAX_VALUE >> (~position & 63);
    const word = load<u64>(this.bits + ((position >> 6) << 3)) & upTo;
    if (word != 0) return (position & ~63) + 63 - <u32>clz(word);
    return this.lastBefore(position >> 6);
  }

  /** The highest member in the words before `word`; 0 when there is none. */
  private lastBefore(word: u32): u32 {
    for (let k: u32 = 1; k < this.levels; k++) {
      const all = load<u64>(load<u32>(this.level + (k << 2)) + ((word >> 6) << 3));
      const bits = all & ((<u64>1 << (word & 63)) - 1);
      word >>= 6;
      if (bits != 0) return this.highestUnder(k, (word << 6) + 63 - <u32>clz(bits));
    }
    return 0;
  }

  /** The highest member under word `word` of the level below `k`. */
  private highestUnder(k: u32, word: u32): u32 {
    while (k-- > 0) {
      const bits = load<u64>(load<u32>(this.level + (k << 2)) + (word << 3));
      word = (word << 6) + 63 - <u32>clz(bits);
    }
    return word;
  }

  /** As `highestBelow`, where the words from `word` up are empty. */
  private highest(word: u32): u32 {
    let k: u32 = 1;
    let bits: u64 = 0;
    for (; k < this.levels; k++) {
      bits = load<u64>(load<u32>(this.level + (k << 2)) + ((word >> 6) << 3));
      word >>= 6;
      if (bits != 0) break;
    }
    if (bits == 0) return 0;
    while (true) {
      word = (word << 6) + 63 - <u32>clz(bits);
      if (k == 0) return word;
      k--;
      bits = load<u64>(load<u32>(this.level + (k << 2)) + (word << 3));
    }
  }
}
