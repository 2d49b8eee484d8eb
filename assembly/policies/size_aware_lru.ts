/**
 * Size-aware LRU: the block with the largest age × size goes. In a tier of equal blocks the size
 * that matters is that of the prompt a block belongs to: a long prompt must be used again sooner
 * than a short one to be worth as much room, and gives more room back when it goes.
 *
 * Source: Aggarwal, Wolf and Yu, "Caching on the World Wide Web", IEEE TKDE 1999 (size-adjusted
 * LRU and its pyramid of power-of-two size classes); the wish is SemanticKV's `size_aware_lru`,
 * whose own key, the absolute time of the last touch divided by the size, hardly depends on
 * recency and so evicts the largest first. An age makes ours the same wherever the clock started.
 * Size is the number of blocks in the request that brought the block in, and stays; age is the
 * number of touches since the block was last touched.
 * Cost: O(1) per hit, O(size classes) per eviction, at most 32; 16 bytes per slot. Within a class
 * the oldest stands for all, which is the pyramid's approximation: no block that stays is worth
 * more than twice the room of the one that goes.
 */
import { take } from "../arena";
import { List, Nodes, NONE } from "../columns/list";
import { Env, Policy } from "./policy";

/** Classes of size: one for each number of binary digits. */
const CLASSES: u32 = 32;

@final export class SizeAwareLru extends Policy {
  /** Queues in order of last touch, one for each class. */
  private readonly queues: StaticArray<List>;
  /** { touched u32, size u32 }[slots] */
  private readonly nodes: usize;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, CLASSES);
    this.queues = new StaticArray<List>(CLASSES);
    for (let i: u32 = 0; i < CLASSES; i++) this.queues[i] = nodes.list(i);
    this.nodes = take(<usize>env.slots << 3);
  }

  @inline private queue(size: u32): List {
    return unchecked(this.queues[31 - clz<u32>(size)]);
  }

  @inline private size(slot: u32): u32 {
    return load<u32>(this.nodes + (slot << 3), 4);
  }

  onHit(slot: u32, _block: u32): void {
    store<u32>(this.nodes + (slot << 3), this.env.now);
    this.queue(this.size(slot)).moveToHead(slot);
  }

  victim(): u32 {
    let victim = NONE;
    let most: u64 = 0;
    for (let i: u32 = 0; i < CLASSES; i++) {
      const queue = unchecked(this.queues[i]);
      if (queue.isEmpty()) continue;
      const slot = queue.tail();
      const age: u64 = this.env.now - load<u32>(this.nodes + (slot << 3));
      const weight = age * this.size(slot);
      if (victim != NONE && weight <= most) continue;
      most = weight;
      victim = slot;
    }
    return victim;
  }

  onRemove(slot: u32, _block: u32): void {
    this.queue(this.size(slot)).remove(slot);
  }

  onInsert(slot: u32, _block: u32): void {
    const size = this.env.requestBlocks;
    store<u32>(this.nodes + (slot << 3), this.env.now);
    store<u32>(this.nodes + (slot << 3), size, 4);
    this.queue(size).pushHead(slot);
  }
}
