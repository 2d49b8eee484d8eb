/**
 * Cost-aware: worth is what a block's return would save per byte, touches × cost of computing it
 * again ÷ size, plus the worth of the last victim; the least goes. A block of depth d attends to d
 * blocks before it, so the blocks of a request of n cost 1 + `attention` × (n - 1) ÷ 2 on average,
 * in computations of a first block.
 *
 * Source: Cao and Irani, "Cost-aware WWW proxy caching algorithms", USITS 1997 (GreedyDual-Size);
 * Cherkasova, "Improving WWW proxies performance with Greedy-Dual-Size-Frequency caching policy",
 * HP Labs 1998. kv-hierarchy-lab's cost_aware, which knows sizes and no cost, is `lab-cost-aware`.
 * Cost: O(log n) per touch; 28 bytes per slot.
 *
 * A block costs what its request does on average, as the blocks of a prompt are of use together:
 * with each at its own cost, deep blocks outlast the roots without which they cannot be used. In
 * one tier of equal blocks sizes cancel, and with `attention` 0 it is gdsf; what it adds there is
 * that of equals, those of shorter prompts go. The default is a dense model of 70 billion
 * parameters with blocks of 512 tokens: 4 × 8192 × 80 × 512 operations of attention per block
 * before it, 2 × 70 × 10⁹ for the rest.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { NONE } from "../columns/list";
import { Env, Policy } from "./policy";

/** Bytes that make a benefit of 1: of no matter for the order, it keeps numbers small. */
const SIZE_UNIT: f64 = 1048576;

@final export class CostAware extends Policy {
  private readonly heap: Heap;
  /** f64[slots]: touches since the block came. */
  private readonly touches: usize;
  /** Worth of the last victim. */
  private inflation: f64 = 0;
  private chosen: u32 = NONE;
  private readonly attention: f64;

  constructor(env: Env) {
    super(env);
    this.heap = new Heap(env.slots);
    this.touches = take(<usize>env.slots << 3);
    this.attention = env.parameter(0);
  }

  /** Worth as of now, as a number that sorts like it. */
  private worth(slot: u32, block: u32): u64 {
    const env = this.env;
    const size = env.blockSizes == 0 ? 1 : env.bytesOf(block) / SIZE_UNIT;
    const cost = 1 + this.attention * <f64>(env.requestBlocks - 1) / 2;
    const benefit = load<f64>(this.touches + (slot << 3)) * cost / size;
    return reinterpret<u64>(this.inflation + benefit);
  }

  onHit(slot: u32, block: u32): void {
    const touches = this.touches + (slot << 3);
    store<f64>(touches, load<f64>(touches) + 1);
    this.heap.update(slot, this.worth(slot, block), this.env.now);
  }

  victim(): u32 {
    return this.chosen = this.heap.least();
  }

  onRemove(slot: u32, _block: u32): void {
    // What is promoted or released says nothing of what a place is worth.
    if (slot == this.chosen) this.inflation = reinterpret<f64>(this.heap.high(slot));
    this.chosen = NONE;
    this.heap.remove(slot);
  }

  onInsert(slot: u32, block: u32): void {
    store<f64>(this.touches + (slot << 3), 1);
    this.heap.insert(slot, this.worth(slot, block), this.env.now);
  }
}
