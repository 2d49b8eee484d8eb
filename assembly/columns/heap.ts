/**
 * A 4-ary indexed min-heap over slots: the least `(high, low)` is on top, and the key of any slot
 * can change in place. Keys are unsigned integers, so ties are settled by what the caller puts
 * into `low` (usually the clock: oldest first) and the order never depends on the layout of the
 * heap.
 *
 * ```
 * node: | high u64 | low u32 | entry u32 |     children of node i are 4i + 1 … 4i + 4
 * ```
 *
 * Cost: O(log₄ n) per change; 20 bytes per slot. Four children fill one cache line.
 */
import { take } from "../arena";

const NODE_BITS: u32 = 4;
const LINE: usize = 64;

@final export class Heap {
  length: u32 = 0;
  private readonly nodes: usize;
  /** u32[count]: where each entry's node is, plus one; 0 when it is not in the heap. */
  private readonly position: usize;

  constructor(count: u32) {
    // The root stands last in a line, so that every group of children begins one.
    const start = take((<usize>count << NODE_BITS) + (LINE << 1));
    this.nodes = ((start + LINE - 1) & ~(LINE - 1)) + LINE - (1 << NODE_BITS);
    this.position = take(<usize>count << 2);
  }

  @inline private node(index: u32): usize {
    return this.nodes + (<usize>index << NODE_BITS);
  }

  @inline private place(index: u32, high: u64, low: u32, entry: u32): void {
    const node = this.node(index);
    store<u64>(node, high);
    store<u32>(node, low, 8);
    store<u32>(node, entry, 12);
    store<u32>(this.position + (entry << 2), index + 1);
  }

  @inline private nodeOf(entry: u32): u32 {
    return load<u32>(this.position + (entry << 2)) - 1;
  }

  /** The entry with the least key. The heap must not be empty. */
  @inline least(): u32 {
    assert(this.length > 0, "the heap is empty");
    return load<u32>(this.nodes, 12);
  }

  @inline has(entry: u32): bool {
    return load<u32>(this.position + (entry << 2)) != 0;
  }

  /** The first part of an entry's key. */
  @inline high(entry: u32): u64 {
    return load<u64>(this.node(this.nodeOf(entry)));
  }

  insert(entry: u32, high: u64, low: u32): void {
    this.rise(this.length++, high, low, entry);
  }

  /** Gives an entry another key. */
  update(entry: u32, high: u64, low: u32): void {
    this.settle(this.nodeOf(entry), high, low, entry);
  }

  remove(entry: u32): void {
    const hole = this.nodeOf(entry);
    store<u32>(this.position + (entry << 2), 0);
    const last = --this.length;
    if (hole == last) return;
    const node = this.node(last);
    this.settle(hole, load<u64>(node), load<u32>(node, 8), load<u32>(node, 12));
  }

  /** Whether the key of the node at `index` is less than another. */
  @inline private isLess(index: u32, high: u64, low: u32): bool {
    const node = this.node(index);
    const own = load<u64>(node);
    return own < high || (own == high && load<u32>(node, 8) < low);
  }

  /** Puts an entry where the hole is, or above, or below. */
  private settle(hole: u32, high: u64, low: u32, entry: u32): void {
    if (hole > 0 && !this.isLess((hole - 1) >> 2, high, low)) this.rise(hole, high, low, entry);
    else this.sink(hole, high, low, entry);
  }

  private rise(from: u32, high: u64, low: u32, entry: u32): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (this.isLess(parent, high, low)) break;
      const node = this.node(parent);
      this.place(hole, load<u64>(node), load<u32>(node, 8), load<u32>(node, 12));
      hole = parent;
    }
    this.place(hole, high, low, entry);
  }

  private sink(from: u32, high: u64, low: u32, entry: u32): void {
    let hole = from;
    const length = this.length;
    for (;;) {
      const first = (hole << 2) + 1;
      if (first >= length) break;
      const end = min(first + 4, length);
      let least = first;
      let leastHigh = load<u64>(this.node(first));
      let leastLow = load<u32>(this.node(first), 8);
      for (let child = first + 1; child < end; child++) {
        if (!this.isLess(child, leastHigh, leastLow)) continue;
        least = child;
        leastHigh = load<u64>(this.node(child));
        leastLow = load<u32>(this.node(child), 8);
      }
      if (leastHigh > high || (leastHigh == high && leastLow >= low)) break;
      this.place(hole, leastHigh, leastLow, load<u32>(this.node(least), 12));
      hole = least;
    }
    this.place(hole, high, low, entry);
  }
}
