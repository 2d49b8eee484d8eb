/**
 * Twins of the kernels on bitsets over time: ARC and the two optima. Words have 32 bits here.
 *
 * @module
 */
import type { Twin } from "./twin.ts";

const NEVER = 0xffffffff;

function nextSet(bits: Uint32Array, from: number): number {
  let at = from >>> 5;
  let word = bits[at] & (-1 << (from & 31));
  while (word === 0) word = bits[++at];
  return at * 32 + 31 - Math.clz32(word & -word);
}

/** Twin of `assembly/kernels/arc.ts`. */
export const arc: Twin = ({ previous }, capacity, out) => {
  const tier = new Arc(previous.length, capacity);
  let missed = 0;
  for (let i = 0; i < previous.length; i++) {
    const hit = tier.touch(previous[i], i);
    out[i] = Number(hit);
    if (!hit) missed++;
  }
  return previous.length - missed;
};

class Arc {
  private readonly recent: Uint32Array;
  private readonly frequent: Uint32Array;
  private recentTail = 0;
  private recentGhostTail = 0;
  private frequentTail = 0;
  private frequentGhostTail = 0;
  private recentUsed = 0;
  private recentGhosts = 0;
  private frequentUsed = 0;
  private frequentGhosts = 0;
  private target = 0;

  constructor(accesses: number, private readonly capacity: number) {
    this.recent = new Uint32Array((accesses >>> 5) + 1);
    this.frequent = new Uint32Array((accesses >>> 5) + 1);
  }

  touch(before: number, now: number): boolean {
    const position = before - 1;
    const bit = 1 << (position & 31);
    let hit = false;
    let known = false;
    if (before !== 0 && (this.recent[position >>> 5] & bit) !== 0) {
      known = true;
      hit = position >= this.recentTail;
      this.recent[position >>> 5] &= ~bit;
      if (hit) this.recentUsed--;
      else this.growTarget();
      this.frequentUsed++;
    } else if (before !== 0 && (this.frequent[position >>> 5] & bit) !== 0) {
      known = true;
      hit = position >= this.frequentTail;
      this.frequent[position >>> 5] &= ~bit;
      if (!hit) {
        this.shrinkTarget();
        this.frequentUsed++;
      }
    } else {
      this.makeRoom();
      this.recentUsed++;
    }
    if (known) this.frequent[now >>> 5] |= 1 << (now & 31);
    else this.recent[now >>> 5] |= 1 << (now & 31);
    return hit;
  }

  private isFull(): boolean {
    return this.recentUsed + this.frequentUsed === this.capacity;
  }

  private growTarget(): void {
    const delta = Math.max(this.frequentGhosts / this.recentGhosts, 1);
    this.target = Math.min(this.target + delta, this.capacity);
    this.recentGhosts--;
    if (this.isFull()) this.replace(false);
  }

  private shrinkTarget(): void {
    const delta = Math.max(this.recentGhosts / this.frequentGhosts, 1);
    this.target = Math.max(this.target - delta, 0);
    this.frequentGhosts--;
    if (this.isFull()) this.replace(true);
  }

  private makeRoom(): void {
    if (!this.isFull()) return;
    if (this.recentUsed + this.recentGhosts >= this.capacity) {
      if (this.recentGhosts === 0) {
        const victim = nextSet(this.recent, this.recentTail);
        this.recent[victim >>> 5] &= ~(1 << (victim & 31));
        this.recentTail = this.recentGhostTail = victim + 1;
        this.recentUsed--;
        return;
      }
      const ghost = nextSet(this.recent, this.recentGhostTail);
      this.recent[ghost >>> 5] &= ~(1 << (ghost & 31));
      this.recentGhostTail = ghost + 1;
      this.recentGhosts--;
    } else if (
      this.frequentGhosts > 0 &&
      this.capacity + this.recentGhosts + this.frequentGhosts >= this.capacity * 2
    ) {
      const ghost = nextSet(this.frequent, this.frequentGhostTail);
      this.frequent[ghost >>> 5] &= ~(1 << (ghost & 31));
      this.frequentGhostTail = ghost + 1;
      this.frequentGhosts--;
    }
    this.replace(false);
  }

  private replace(fromFrequentGhost: boolean): void {
    const { recentUsed, target } = this;
    const over = recentUsed > target || (recentUsed === target && fromFrequentGhost);
    if ((recentUsed > 0 && over) || this.frequentUsed === 0) {
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

/** A 32-ary tree of bits over time; see `assembly/columns/time_bits.ts`. */
class TimeBits {
  private readonly levels: Uint32Array[] = [];

  constructor(count: number) {
    for (let words = (count >>> 5) + 1;; words = ((words - 1) >>> 5) + 1) {
      this.levels.push(new Uint32Array(words));
      if (words === 1) break;
    }
  }

  has(position: number): boolean {
    return ((this.levels[0][position >>> 5] >>> (position & 31)) & 1) !== 0;
  }

  add(position: number): void {
    for (const level of this.levels) {
      const word = level[position >>> 5];
      level[position >>> 5] = word | (1 << (position & 31));
      if (word !== 0) return;
      position >>>= 5;
    }
  }

  /** Takes the highest member out and gives the next highest. */
  dropHighest(position: number): number {
    let k = 0;
    let at = position;
    for (; k < this.levels.length; k++) {
      const word = this.levels[k][at >>> 5] &= ~(1 << (at & 31));
      at >>>= 5;
      if (word !== 0) break;
    }
    if (k === this.levels.length) return 0;
    for (;; k--) {
      at = at * 32 + 31 - Math.clz32(this.levels[k][at]);
      if (k === 0) return at;
    }
  }
}

function minimum(bypass: boolean): Twin {
  return ({ next }, capacity, out) => {
    const uses = new TimeBits(next.length);
    let furthest = 0;
    let used = 0;
    let dead = 0;
    let missed = 0;
    for (let i = 0; i < next.length; i++) {
      const use = next[i];
      const hit = uses.has(i);
      out[i] = Number(hit);
      if (!hit) {
        missed++;
        if (bypass && use === NEVER) continue;
        if (used < capacity) used++;
        else if (dead > 0) dead--;
        else if (bypass && use > furthest) continue;
        else furthest = uses.dropHighest(furthest);
      }
      if (use === NEVER) dead++;
      else {
        uses.add(use);
        if (use > furthest) furthest = use;
      }
    }
    return next.length - missed;
  };
}

/** Twin of `assembly/kernels/optimal.ts`, root-first. */
export const optimal: Twin = minimum(true);

/** Twin of `assembly/kernels/optimal_demand.ts`, root-first. */
export const optimalDemand: Twin = minimum(false);
