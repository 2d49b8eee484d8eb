/**
 * CLOCK on a ring of blocks with one byte of state per block: the hand replaces in place, which is
 * the FIFO with reinsertion of `policies/clock.ts` without moving anything.
 *
 * ```
 * state: | resident 1 | referenced 2 |
 * ```
 *
 * Cost: O(1) amortised per touch; 1 byte per block, 4 bytes per slot.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";

const RESIDENT: u8 = 1;
const REFERENCED: u8 = 3;

@final export class ClockKernel extends Engine {
  private readonly block: usize;
  private readonly slots: u32;
  /** u8[blocks] */
  private readonly state: usize;
  /** u32[slots]: the block in each slot, oldest at the hand. */
  private readonly ring: usize;
  private hand: u32 = 0;
  private used: u32 = 0;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.slots = input.env.slots;
    this.state = take(input.env.blocks);
    this.ring = take(<usize>this.slots << 2);
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const state = load<u8>(this.state + load<u32>(this.block + (i << 2)));
      store<u8>(out + i, state & RESIDENT);
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const block = this.block;
    const state = this.state;
    const ring = this.ring;
    const end = ring + (this.slots << 2);
    let hand = ring + (this.hand << 2);
    let room = this.slots - this.used;
    let inserted: u32 = 0;
    for (let i = from; i < to; i++) {
      const newcomer = load<u32>(block + (i << 2));
      if (load<u8>(state + newcomer) != 0) {
        store<u8>(state + newcomer, REFERENCED);
        store<u8>(out + i, 1);
        continue;
      }
      store<u8>(out + i, 0);
      inserted++;
      if (room > 0) {
        room--;
      } else {
        let victim = load<u32>(hand);
        while (load<u8>(state + victim) == REFERENCED) {
          store<u8>(state + victim, RESIDENT);
          hand += 4;
          if (hand == end) hand = ring;
          victim = load<u32>(hand);
        }
        store<u8>(state + victim, 0);
      }
      store<u32>(hand, newcomer);
      store<u8>(state + newcomer, RESIDENT);
      hand += 4;
      if (hand == end) hand = ring;
    }
    this.hand = <u32>(hand - ring) >> 2;
    this.used = this.slots - room;
    this.insertions += inserted;
    this.evictions = this.insertions - this.used;
  }

  resident(): u32 {
    return this.used;
  }
}
