/**
 * Importance: the block with the least score goes, and never one of the first `pin` of its request.
 *
 * ```
 * score = recency ÷ (1 + age ÷ capacity) + frequency × min(touches, 20) ÷ 20
 *       + depth ÷ (1 + d ÷ 100)
 * ```
 *
 * `age` is touches since the last of the block, d its place in the request that touched it last.
 * When nothing but pinned blocks is left, newcomers are declined.
 *
 * Source: the importance policy of kvcache-sim, where no mode can choose it. Ages there are times
 * as the trace writes them; in capacities they mean the same on every trace. The part of the depth
 * is rounded up in steps of 1/64, which makes 1,280 classes of blocks that differ in age alone.
 * Cost: O(1) per touch, O(classes in use below the victim's score) per eviction; 16 bytes per slot
 * and 45 KiB.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { List, Nodes, NONE } from "../columns/list";
import { Env, Policy } from "./policy";

const TOUCHES_MAX: u32 = 20;
const DEPTHS: u32 = 64;
const CLASSES: u32 = TOUCHES_MAX * DEPTHS;
/** The class of pinned blocks, which has no score. */
const PINNED: u32 = CLASSES;

@final export class Importance extends Policy {
  /** One list per class, by its rank: in rising order of what in the score does not age. */
  private readonly lists: List[] = [];
  /** f64[CLASSES]: that part, by rank. */
  private readonly fixed: usize;
  /** u16[CLASSES]: rank of the class of some touches and depth. */
  private readonly rankOf: usize;
  /** u64[CLASSES ÷ 64]: ranks that have blocks. */
  private readonly used: usize;
  /** { rank u16, touches u16, touched u32 }[slots]. */
  private readonly records: usize;
  private readonly pin: u32;
  private readonly recency: f64;

  constructor(env: Env) {
    super(env);
    this.pin = <u32>env.parameter(0);
    this.recency = env.parameter(1);
    const nodes = new Nodes(env.slots, CLASSES + 1);
    for (let i: u32 = 0; i <= CLASSES; i++) this.lists.push(nodes.list(i));
    this.fixed = take(<usize>CLASSES << 3);
    this.rankOf = take(<usize>CLASSES << 1);
    this.used = take(<usize>CLASSES >> 3);
    this.records = take(<usize>env.slots << 3);
    this.rankClasses(env.parameter(2), env.parameter(3));
  }

  private rankClasses(frequency: f64, depth: f64): void {
    const heap = new Heap(CLASSES);
    for (let touches: u32 = 1; touches <= TOUCHES_MAX; touches++) {
      for (let step: u32 = 0; step < DEPTHS; step++) {
        const worth = frequency * <f64>touches / <f64>TOUCHES_MAX +
          depth * (1 - <f64>step / <f64>DEPTHS);
        const index = (touches - 1) * DEPTHS + step;
        heap.insert(index, reinterpret<u64>(worth), index);
      }
    }
    for (let rank: u32 = 0; rank < CLASSES; rank++) {
      const index = heap.least();
      store<f64>(this.fixed + (rank << 3), reinterpret<f64>(heap.high(index)));
      store<u16>(this.rankOf + (index << 1), <u16>rank);
      heap.remove(index);
    }
  }

  /** Puts a slot at the head of the list of what it is now. */
  private place(slot: u32, touches: u32): void {
    const depth = this.env.depth;
    let rank = PINNED;
    if (depth >= this.pin) {
      const step = <u32>((1 - 1 / (1 + <f64>depth / 100)) * <f64>DEPTHS);
      rank = load<u16>(this.rankOf + (((touches - 1) * DEPTHS + step) << 1));
      const word = this.used + ((rank >> 6) << 3);
      store<u64>(word, load<u64>(word) | (<u64>1 << (rank & 63)));
    }
    this.lists[rank].pushHead(slot);
    const record = this.records + (slot << 3);
    store<u16>(record, <u16>rank);
    store<u16>(record, <u16>touches, 2);
    store<u32>(record, this.env.now, 4);
  }

  onRemove(slot: u32, _block: u32): void {
    const rank = <u32>load<u16>(this.records + (slot << 3));
    const list = this.lists[rank];
    list.remove(slot);
    if (rank == PINNED || !list.isEmpty()) return;
    const word = this.used + ((rank >> 6) << 3);
    store<u64>(word, load<u64>(word) & ~(<u64>1 << (rank & 63)));
  }

  onHit(slot: u32, block: u32): void {
    const touches = <u32>load<u16>(this.records + (slot << 3), 2);
    this.onRemove(slot, block);
    this.place(slot, min(touches + 1, TOUCHES_MAX));
  }

  onInsert(slot: u32, _block: u32): void {
    this.place(slot, 1);
  }

  onMiss(_block: u32): bool {
    return <u32>this.lists[PINNED].length < this.env.capacity;
  }

  /** Within a class the oldest has the least score; the classes beyond it cannot have less. */
  victim(): u32 {
    let victim = NONE;
    let least: f64 = Infinity;
    let oldest: u32 = 0;
    for (let word: u32 = 0; word < CLASSES >> 6; word++) {
      let bits = load<u64>(this.used + (word << 3));
      for (; bits != 0; bits &= bits - 1) {
        const rank = (word << 6) + <u32>ctz(bits);
        const fixed = load<f64>(this.fixed + (rank << 3));
        if (fixed > least) return victim;
        const slot = this.lists[rank].tail();
        const touched = load<u32>(this.records + (slot << 3), 4);
        const score = fixed + this.recency / (1 + <f64>(this.env.now - touched) / this.span());
        if (score > least || (score == least && touched > oldest)) continue;
        victim = slot;
        least = score;
        oldest = touched;
      }
    }
    return victim == NONE ? this.lists[PINNED].tail() : victim;
  }

  @inline private span(): f64 {
    return <f64>this.env.capacity;
  }
}
