/**
 * Sliding window: of each request the first `landmarks` and the last `window` blocks are kept as
 * long as anything from its middle is here; within both kinds the oldest goes.
 *
 * Source: Xiao et al., "Efficient streaming language models with attention sinks", ICLR 2024, whose
 * attention needs those blocks only; as a cache policy, the sliding window of kvcache-sim, which no
 * mode can choose there, and whose window ends at the deepest block of any request ever seen, so
 * that shorter requests have none. Here it ends at the request's own end. A cache of whole prefixes
 * loses by it: what is kept behind a hole cannot be used.
 * Cost: O(1); 9 bytes per slot.
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class SlidingWindow extends Policy {
  private readonly middle: List;
  private readonly kept: List;
  /** u8[slots]: whether the slot is among the kept. */
  private readonly isKept: usize;
  private readonly landmarks: u32;
  private readonly window: u32;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, 2);
    this.middle = nodes.list(0);
    this.kept = nodes.list(1);
    this.isKept = take(env.slots);
    this.landmarks = <u32>env.parameter(0);
    this.window = <u32>env.parameter(1);
  }

  private listOf(slot: u32): List {
    return load<u8>(this.isKept + slot) != 0 ? this.kept : this.middle;
  }

  onHit(slot: u32, block: u32): void {
    this.listOf(slot).remove(slot);
    this.onInsert(slot, block);
  }

  victim(): u32 {
    return this.middle.isEmpty() ? this.kept.tail() : this.middle.tail();
  }

  onRemove(slot: u32, _block: u32): void {
    this.listOf(slot).remove(slot);
  }

  onInsert(slot: u32, _block: u32): void {
    const env = this.env;
    const isKept = env.depth < this.landmarks || env.requestBlocks - env.depth <= this.window;
    store<u8>(this.isKept + slot, <u8>isKept);
    this.listOf(slot).pushHead(slot);
  }
}
