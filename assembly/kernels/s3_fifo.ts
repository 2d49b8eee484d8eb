/**
 * S3-FIFO on masked rings with one byte of state per block; a hit only adds to that byte.
 *
 * ```
 * state: | resident 1 | main, or ghost when not resident 2 | frequency 4, 8, 12 |
 * ```
 *
 * A block that returns from the ghost leaves a hole in the ghost's log; the log is packed when it
 * has run full of them.
 *
 * Cost: O(1) amortised per touch; 5 bytes per block, 16 to 32 bytes per slot.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";
import { ringSlots } from "./ring";

const RESIDENT: u32 = 1;
const SMALL: u32 = 1;
const GHOST: u32 = 2;
const MAIN: u32 = 3;
const ONCE: u32 = 4;
const MAXIMUM: u32 = 12;
const HOLE: u32 = 0xffffffff;

@final export class S3FifoKernel extends Engine {
  private readonly block: usize;
  private readonly capacity: u32;
  private readonly smallCapacity: u32;
  private readonly mainCapacity: u32;
  private readonly ghostCapacity: u32;
  /** State from which a block of the small queue is moved to main. */
  private readonly promoted: u32;
  /** u8[blocks] */
  private readonly state: usize;
  /** u32 rings; heads and tails count without end, and are masked at use. */
  private readonly small: usize;
  private readonly main: usize;
  private readonly mask: u32;
  private smallHead: u32 = 0;
  private smallTail: u32 = 0;
  private mainHead: u32 = 0;
  private mainTail: u32 = 0;
  private readonly ghost: usize;
  private readonly ghostMask: u32;
  private ghostHead: u32 = 0;
  private ghostTail: u32 = 0;
  private ghosts: u32 = 0;
  /** u32[blocks]: place in the ghost's log. */
  private readonly ghostPlace: usize;

  constructor(input: KernelInput) {
    super();
    const env = input.env;
    this.block = input.accesses.block;
    this.capacity = env.capacity;
    this.smallCapacity = <u32>(<f64>env.capacity * env.parameter(0));
    this.mainCapacity = env.capacity - this.smallCapacity;
    this.ghostCapacity = <u32>min(<f64>env.capacity * env.parameter(1), <f64>u32.MAX_VALUE);
    this.promoted = SMALL + ONCE * <u32>env.parameter(2);
    this.state = take(env.blocks);
    const slots = ringSlots(env.slots);
    this.mask = slots - 1;
    this.small = take(<usize>slots << 2);
    this.main = take(<usize>slots << 2);
    const ghostSlots = ringSlots(min(this.ghostCapacity, env.blocks) << 1);
    this.ghostMask = ghostSlots - 1;
    this.ghost = take(<usize>ghostSlots << 2);
    this.ghostPlace = take(<usize>env.blocks << 2);
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const state = load<u8>(this.state + load<u32>(this.block + (i << 2)));
      store<u8>(out + i, state & <u8>RESIDENT);
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const block = this.block;
    const states = this.state;
    for (let i = from; i < to; i++) {
      const newcomer = load<u32>(block + (i << 2));
      const state = <u32>load<u8>(states + newcomer);
      const hit = state & RESIDENT;
      store<u8>(out + i, <u8>hit);
      if (hit) {
        if (state < MAXIMUM) store<u8>(states + newcomer, <u8>(state + ONCE));
      } else {
        this.miss(newcomer, state);
      }
    }
  }

  resident(): u32 {
    return this.smallHead - this.smallTail + this.mainHead - this.mainTail;
  }

  @inline private miss(newcomer: u32, state: u32): void {
    // libCacheSim inserts nothing when the small queue has no more than one place.
    if (this.smallCapacity <= 1) {
      this.bypasses++;
      return;
    }
    if (state == GHOST) {
      const place = load<u32>(this.ghostPlace + (newcomer << 2));
      store<u32>(this.ghost + ((place & this.ghostMask) << 2), HOLE);
      this.ghosts--;
    }
    while (this.resident() >= this.capacity) {
      const overfull = this.mainHead - this.mainTail > this.mainCapacity;
      if (overfull || this.smallHead == this.smallTail) {
        this.evictMain();
      } else {
        this.evictSmall();
      }
    }
    this.insertions++;
    if (state == GHOST) {
      store<u32>(this.main + ((this.mainHead++ & this.mask) << 2), newcomer);
      store<u8>(this.state + newcomer, <u8>MAIN);
    } else {
      store<u32>(this.small + ((this.smallHead++ & this.mask) << 2), newcomer);
      store<u8>(this.state + newcomer, <u8>SMALL);
    }
  }

  /** Moves what was touched often enough to main, until one goes to the ghost or none is left. */
  private evictSmall(): void {
    let tail = this.smallTail;
    while (tail != this.smallHead) {
      const victim = load<u32>(this.small + ((tail++ & this.mask) << 2));
      if (<u32>load<u8>(this.state + victim) < this.promoted) {
        this.evictions++;
        this.remember(victim);
        break;
      }
      store<u32>(this.main + ((this.mainHead++ & this.mask) << 2), victim);
      store<u8>(this.state + victim, <u8>MAIN);
    }
    this.smallTail = tail;
  }

  private evictMain(): void {
    const main = this.main;
    const mask = this.mask;
    let tail = this.mainTail;
    let head = this.mainHead;
    while (true) {
      const victim = load<u32>(main + ((tail++ & mask) << 2));
      const state = <u32>load<u8>(this.state + victim);
      if (state == MAIN) {
        store<u8>(this.state + victim, 0);
        break;
      }
      store<u32>(main + ((head++ & mask) << 2), victim);
      store<u8>(this.state + victim, <u8>(state - ONCE));
    }
    this.evictions++;
    this.mainTail = tail;
    this.mainHead = head;
  }

  /** Puts a block evicted from small into the ghost. */
  private remember(block: u32): void {
    if (this.ghostCapacity == 0) {
      store<u8>(this.state + block, 0);
      return;
    }
    if (this.ghosts == this.ghostCapacity) {
      let oldest = HOLE;
      while (oldest == HOLE) {
        oldest = load<u32>(this.ghost + ((this.ghostTail++ & this.ghostMask) << 2));
      }
      store<u8>(this.state + oldest, 0);
      this.ghosts--;
    }
    if (this.ghostHead - this.ghostTail > this.ghostMask) this.packGhost();
    store<u8>(this.state + block, <u8>GHOST);
    store<u32>(this.ghostPlace + (block << 2), this.ghostHead);
    store<u32>(this.ghost + ((this.ghostHead++ & this.ghostMask) << 2), block);
    this.ghosts++;
  }

  /** Drops the holes of the log; at least half of it, because its ring has twice the places. */
  private packGhost(): void {
    let place = this.ghostHead;
    for (let from = this.ghostHead; from != this.ghostTail;) {
      const block = load<u32>(this.ghost + ((--from & this.ghostMask) << 2));
      if (block == HOLE) continue;
      store<u32>(this.ghost + ((--place & this.ghostMask) << 2), block);
      store<u32>(this.ghostPlace + (block << 2), place);
    }
    this.ghostTail = place;
  }
}
