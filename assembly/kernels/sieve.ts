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
  /** Addresses in the queue. */
  private kept: usize;
  private hand: usize;
  private end: usize;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.slots = input.env.slots;
    // Empty slots hold a block that does not exist: it goes at once, and no touch asks for room.
    const nobody = input.env.blocks;
    this.state = take(<usize>nobody + 1);
    const queue = take(<usize>this.slots << 3);
    for (let slot: u32 = 0; slot < this.slots; slot++) store<u32>(queue + (slot << 2), nobody);
    this.queue = queue;
    this.kept = queue;
    this.hand = queue;
    this.end = queue + (<usize>this.slots << 2);
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
    const limit = this.queue + (this.slots << 3);
    let hand = this.hand;
    let end = this.end;
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
      if (load<u8>(state + load<u32>(hand)) == VISITED) {
        this.end = end;
        hand = this.spare(hand);
        end = this.end;
      }
      store<u8>(state + load<u32>(hand), 0);
      hand += 4;
      if (hand == end || end == limit) {
        end = this.closeGap(hand, end);
        hand = this.hand;
      }
      store<u32>(end, newcomer);
      end += 4;
      store<u8>(state + newcomer, RESIDENT);
    }
    this.hand = hand;
    this.end = end;
    this.insertions += inserted;
    this.evictions = this.insertions - this.resident();
  }

  /** Moves the hand over visited blocks, which stay; gives the place of the first other. */
  private spare(from: usize): usize {
    const state = this.state;
    let hand = from;
    let kept = this.kept;
    let end = this.end;
    let block = load<u32>(hand);
    while (load<u8>(state + block) == VISITED) {
      store<u8>(state + block, RESIDENT);
      store<u32>(kept, block);
      kept += 4;
      hand += 4;
      if (hand == end) {
        end = kept;
        kept = this.queue;
        hand = kept;
      }
      block = load<u32>(hand);
    }
    this.kept = kept;
    this.end = end;
    return hand;
  }

  /** The hand is through, or the room is: joins what was kept and what is ahead; gives the end. */
  private closeGap(hand: usize, end: usize): usize {
    const kept = this.kept;
    if (hand == end) {
      this.hand = this.kept = this.queue;
      return kept;
    }
    memory.copy(kept, hand, end - hand);
    this.hand = kept;
    return kept + (end - hand);
  }

  resident(): u32 {
    return <u32>min(this.insertions, <u64>this.slots);
  }
}
