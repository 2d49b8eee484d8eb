/**
 * SIEVE on an array in insertion order with one byte of state per block. The hand moves survivors
 * down as it passes them, so evictions leave no holes and nothing is linked.
 *
 * ```
 * queue: | passed by the hand, kept … | gap | hand → … newest | room |
 *        0                         kept    hand           end
 * ```
 *
 * As in libCacheSim, a hand that evicts the newest block starts again at the oldest.
 *
 * Cost: O(1) amortised per touch; 1 byte per block, 8 bytes per slot.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";

const RESIDENT: u8 = 1;
const VISITED: u8 = 3;

@final export class SieveKernel extends Engine {
  private readonly block: usize;
  private readonly slots: u32;
  /** u8[blocks]: resident 1, visited 2. */
  private readonly state: usize;
  /** u32[2 × slots], so that closing the gap is paid for by the insertions between. */
  private readonly queue: usize;
  private kept: u32 = 0;
  private hand: u32 = 0;
  private end: u32;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.slots = input.env.slots;
    // Empty slots hold a block that does not exist and goes at once, so that no touch asks for
    // room.
    const nobody = input.env.blocks;
    this.state = take(<usize>nobody + 1);
    this.queue = take(<usize>this.slots << 3);
    for (let slot: u32 = 0; slot < this.slots; slot++) store<u32>(this.queue + (slot << 2), nobody);
    this.end = this.slots;
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
    const queue = this.queue;
    const limit = queue + (this.slots << 3);
    let kept = queue + (this.kept << 2);
    let hand = queue + (this.hand << 2);
    let end = queue + (this.end << 2);
    let inserted: u32 = 0;
    for (let i = from; i < to; i++) {
      const newcomer = load<u32>(block + (i << 2));
      if (load<u8>(state + newcomer) != 0) {
        store<u8>(state + newcomer, VISITED);
        store<u8>(out + i, 1);
        continue;
      }
      store<u8>(out + i, 0);
      inserted++;
      let victim = load<u32>(hand);
      hand += 4;
      while (load<u8>(state + victim) == VISITED) {
        store<u8>(state + victim, RESIDENT);
        store<u32>(kept, victim);
        kept += 4;
        if (hand == end) {
          end = kept;
          kept = hand = queue;
        }
        victim = load<u32>(hand);
        hand += 4;
      }
      store<u8>(state + victim, 0);
      if (hand == end) {
        end = kept;
        kept = hand = queue;
      } else if (end == limit) {
        memory.copy(kept, hand, end - hand);
        end -= hand - kept;
        hand = kept;
      }
      store<u32>(end, newcomer);
      end += 4;
      store<u8>(state + newcomer, RESIDENT);
    }
    this.kept = <u32>(kept - queue) >> 2;
    this.hand = <u32>(hand - queue) >> 2;
    this.end = <u32>(end - queue) >> 2;
    this.insertions += inserted;
    this.evictions = this.insertions - this.resident();
  }

  resident(): u32 {
    return <u32>min(this.insertions, <u64>this.slots);
  }
}
