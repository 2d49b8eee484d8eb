/**
 * ARC on two bitsets over time. T1 followed by B1 is the order of insertion and T2 followed by B2
 * the order of last touch, so each list is a set of positions and a pointer says where the ghosts
 * begin:
 *
 * ```
 * recent:    … | B1: ghosts, older than `recentTail`     | T1: resident, from `recentTail`   | now
 * frequent:  … | B2: ghosts, older than `frequentTail`   | T2: resident, from `frequentTail` | now
 * ```
 *
 * A touch clears the bit of the block's previous position and sets one at the present. No block
 * numbers, no links, no tables: evicting is finding the next set bit.
 *
 * Cost: O(1) amortised per touch; 2 bits per access, and the `previous` column of the trace.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { header } from "../columns/trace";
import { KernelInput } from "./kernel";

/** The words of both sets for the same 64 positions stand together: recent at 0, frequent at 8. */
const FREQUENT: usize = 8;

@inline function wordOf(bits: usize, position: u32): usize {
  return bits + ((position >> 6) << 4);
}

/** First set position at or after `from`; there must be one. */
function nextSet(bits: usize, from: u32): u32 {
  let at = wordOf(bits, from);
  let word = load<u64>(at) & (~(<u64>0) << (from & 63));
  while (word == 0) {
    at += 16;
    word = load<u64>(at);
  }
  return <u32>(((at - bits) << 2) + <usize>ctz(word));
}

@inline function clearBit(bits: usize, position: u32): void {
  const at = wordOf(bits, position);
  store<u64>(at, load<u64>(at) & ~(<u64>1 << (position & 63)));
}

@final export class ArcKernel extends Engine {
  private readonly previous: usize;
  private readonly capacity: u32;
  private readonly recent: usize;
  private readonly frequent: usize;
  private recentTail: u32 = 0;
  private recentGhostTail: u32 = 0;
  private frequentTail: u32 = 0;
  private frequentGhostTail: u32 = 0;
  private recentUsed: u32 = 0;
  private recentGhosts: u32 = 0;
  private frequentUsed: u32 = 0;
  private frequentGhosts: u32 = 0;
  /** The paper's p: how many of the slots T1 should have. Real, as in libCacheSim. */
  private target: f64 = 0;
  /** T1 gives way from so many blocks on: floor(target) + 1. */
  private gives: u32 = 1;
  /** As `gives`, for a block that comes back from B2: ceil(target), but 1 at least. */
  private givesToFrequent: u32 = 1;

  constructor(input: KernelInput) {
    super();
    this.previous = input.accesses.previous;
    this.capacity = input.env.capacity;
    this.recent = take((<usize>(header.accesses >> 6) + 1) << 4);
    this.frequent = this.recent + FREQUENT;
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const before = load<u32>(this.previous + (i << 2));
      if (before > from) {
        // A block twice in one request: both look-ups happened at arrival.
        store<u8>(out + i, load<u8>(out + before - 1));
      } else {
        store<u8>(out + i, <u8>(before != 0 && this.holds(before - 1)));
      }
    }
  }

  @inline private holds(position: u32): bool {
    const word = wordOf(this.recent, position);
    if ((load<u64>(word) >> (position & 63)) & 1) return position >= this.recentTail;
    const inFrequent = ((load<u64>(word, FREQUENT) >> (position & 63)) & 1) != 0;
    return inFrequent && position >= this.frequentTail;
  }

  touch(from: u32, to: u32, out: usize): void {
    const previous = this.previous;
    const recent = this.recent;
    let missed: u32 = 0;
    for (let i = from; i < to; i++) {
      const before = load<u32>(previous + (i << 2));
      let hit = false;
      let known = false;
      if (before != 0) {
        const position = before - 1;
        const word = wordOf(recent, position);
        const bit = <u64>1 << (position & 63);
        const inRecent = load<u64>(word);
        const inFrequent = load<u64>(word, FREQUENT);
        if (inRecent & bit) {
          store<u64>(word, inRecent & ~bit);
          known = true;
          hit = position >= this.recentTail;
          if (hit) {
            this.recentUsed--;
            this.frequentUsed++;
          } else {
            this.growTarget();
          }
        } else if (inFrequent & bit) {
          store<u64>(word, inFrequent & ~bit, FREQUENT);
          known = true;
          hit = position >= this.frequentTail;
          if (!hit) this.shrinkTarget();
        }
      }
      store<u8>(out + i, <u8>hit);
      if (!hit && !known) this.makeRoom();
      const here = wordOf(recent, i) + (known ? FREQUENT : 0);
      store<u64>(here, load<u64>(here) | (<u64>1 << (i & 63)));
      if (!hit) {
        missed++;
        if (known) this.frequentUsed++;
        else this.recentUsed++;
      }
    }
    this.insertions += missed;
    this.evictions = this.insertions - this.resident();
  }

  resident(): u32 {
    return this.recentUsed + this.frequentUsed;
  }

  /** A ghost of T1 came back: T1 was too small. */
  private growTarget(): void {
    const delta = max(<f64>this.frequentGhosts / <f64>this.recentGhosts, 1);
    this.aim(min(this.target + delta, <f64>this.capacity));
    this.recentGhosts--;
    if (this.resident() == this.capacity) this.replace(this.gives);
  }

  private aim(target: f64): void {
    this.target = target;
    this.gives = <u32>target + 1;
    this.givesToFrequent = max(<u32>Math.ceil(target), 1);
  }

  /** A ghost of T2 came back: T2 was too small. */
  private shrinkTarget(): void {
    const delta = max(<f64>this.recentGhosts / <f64>this.frequentGhosts, 1);
    this.aim(max(this.target - delta, 0));
    this.frequentGhosts--;
    if (this.resident() == this.capacity) this.replace(this.givesToFrequent);
  }

  /** Case IV of the paper: the block is in none of the four lists. */
  private makeRoom(): void {
    if (this.resident() < this.capacity) return;
    if (this.recentUsed + this.recentGhosts >= this.capacity) {
      if (this.recentGhosts == 0) {
        // T1 fills the cache: its victim leaves no ghost.
        const victim = nextSet(this.recent, this.recentTail);
        clearBit(this.recent, victim);
        this.recentTail = victim + 1;
        this.recentGhostTail = victim + 1;
        this.recentUsed--;
        return;
      }
      const ghost = nextSet(this.recent, this.recentGhostTail);
      clearBit(this.recent, ghost);
      this.recentGhostTail = ghost + 1;
      this.recentGhosts--;
    } else if (
      this.frequentGhosts > 0 &&
      <u64>this.resident() + this.recentGhosts + this.frequentGhosts >= <u64>this.capacity << 1
    ) {
      const ghost = nextSet(this.frequent, this.frequentGhostTail);
      clearBit(this.frequent, ghost);
      this.frequentGhostTail = ghost + 1;
      this.frequentGhosts--;
    }
    this.replace(this.gives);
  }

  /** REPLACE of the paper: the oldest of T1, which has `from` blocks or more, or of T2. */
  @inline private replace(from: u32): void {
    if (this.recentUsed >= from || this.frequentUsed == 0) {
      this.recentTail = nextSet(this.recent, this.recentTail) + 1;
      this.recentUsed--;
      this.recentGhosts++;
    } else {
      this.frequentTail = nextSet(this.frequent, this.frequentTail) + 1;
      this.frequentUsed--;
      this.frequentGhosts++;
    }
  }
}
