/**
 * CLOCK: a queue in order of insertion with a small counter per block. A hit only counts; the block
 * whose turn it is pays one count for another round, or goes when it has none.
 *
 * Source: Corbató, "A paging experiment with the Multics system", 1968; with more than one bit,
 * GCLOCK: Smith, "Sequentiality and prefetching in database systems", ACM TODS 1978.
 * Cost: O(1) per hit, O(1) amortised per eviction; 9 bytes per slot.
 * A newcomer starts at 0, as in libCacheSim: it must be hit once to earn its second round.
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class Clock extends Policy {
  private readonly queue: List;
  /** u8[slots]: rounds that a slot may still pay for. */
  private readonly rounds: usize;
  private readonly roundsMax: u32;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.queue = new Nodes(env.slots, 1).list(0);
    this.rounds = take(env.slots);
    this.roundsMax = (<u32>1 << <u32>env.parameter(0)) - 1;
  }

  onHit(slot: u32, _block: u32): void {
    const rounds = load<u8>(this.rounds + slot);
    if (<u32>rounds < this.roundsMax) store<u8>(this.rounds + slot, rounds + 1);
  }

  @inline victim(): u32 {
    const queue = this.queue;
    let slot = queue.tail();
    let rounds = load<u8>(this.rounds + slot);
    while (rounds > 0) {
      store<u8>(this.rounds + slot, rounds - 1);
      queue.moveToHead(slot);
      slot = queue.tail();
      rounds = load<u8>(this.rounds + slot);
    }
    return slot;
  }

  @inline onRemove(slot: u32, _block: u32): void {
    this.queue.remove(slot);
    store<u8>(this.rounds + slot, 0);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    this.queue.pushHead(slot);
  }
}
