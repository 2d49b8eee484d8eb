/**
 * CLOCK on a ring of blocks with one byte of state per block: the hand replaces in place, which is
 * the FIFO with reinsertion of `policies/clock.ts` without moving anything.
 *
 * ```
 * state: 0 when not resident, else 1 + the rounds that the block may still pay for
 * ```
 *
 * Cost: O(1) amortised per touch; 1 byte per block, 4 bytes per slot.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";

@final export class ClockKernel extends Engine {
  private readonly block: usize;
  private readonly slots: u32;
  /** The highest state. */
  private readonly top: u32;
  /** u8[blocks] */
  private readonly state: usize;
  /** u32[slots]: the block in each slot, oldest at the hand. */
  private readonly ring: usize;
  private hand: u32 = 0;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.slots = input.env.slots;
    this.top = <u32>1 << <u32>input.env.parameter(0);
    // Empty slots hold a block that does not exist and goes at once, so that no touch asks for
    // room.
    const nobody = input.env.blocks;
    this.state = take(<usize>nobody + 1);
    this.ring = take(<usize>this.slots << 2);
    for (let slot: u32 = 0; slot < this.slots; slot++) store<u32>(this.ring + (slot << 2), nobody);
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const state = load<u8>(this.state + load<u32>(this.block + (i << 2)));
      store<u8>(out + i, <u8>(state != 0));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const block = this.block;
    const state = this.state;
    const ring = this.ring;
    const top = this.top;
    const end = ring + (this.slots << 2);
    let hand = ring + (this.hand << 2);
    let inserted: u32 = 0;
    for (let i = from; i < to; i++) {
      const newcomer = load<u32>(block + (i << 2));
      const rounds = <u32>load<u8>(state + newcomer);
      if (rounds != 0) {
        store<u8>(state + newcomer, <u8>min(rounds + 1, top));
        store<u8>(out + i, 1);
        continue;
      }
      store<u8>(out + i, 0);
      inserted++;
      let victim = load<u32>(hand);
      let left = load<u8>(state + victim);
      while (left > 1) {
        store<u8>(state + victim, left - 1);
        hand += 4;
        if (hand == end) hand = ring;
        victim = load<u32>(hand);
        left = load<u8>(state + victim);
      }
      store<u8>(state + victim, 0);
      store<u32>(hand, newcomer);
      store<u8>(state + newcomer, 1);
      hand += 4;
      if (hand == end) hand = ring;
    }
    this.hand = <u32>(hand - ring) >> 2;
    this.insertions += inserted;
    this.evictions = this.insertions - this.resident();
  }

  resident(): u32 {
    return <u32>min(this.insertions, <u64>this.slots);
  }
}
