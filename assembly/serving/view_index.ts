/**
 * Who holds a block, as somebody from outside believes it: for each block its holders, and which of
 * them are only expected to hold it.
 *
 * ```
 * block:  | count u32 | first u32 (of a list) | bits u32 (of a map, 0 for a list) | expected u32 |
 * holder: | replica u32, top bit: expected | next u32 |
 * ```
 *
 * Up to `LIST_MOST` holders are a list, newest first; more are a bit per replica, twice: held, and
 * expected. So a question about one holder is never longer than a short list.
 *
 * Cost: O(1), with at most `LIST_MOST` steps, for each change; 16 bytes per block of the trace, and
 * 8 per holder or a quarter byte per replica.
 */
import { NONE } from "../abi_serving";
import { take } from "../arena";

const BLOCK_BITS: u32 = 4;
const FIRST: usize = 4;
const BITS: usize = 8;
const EXPECTED: usize = 12;
const LIST_MOST: u32 = 64;
const IS_EXPECTED: u32 = 1 << 31;
const SLAB_BITS: u32 = 14;
const SLABS_MAX: u32 = 1 << 15;

@final export class BlockIndex {
  /** Holders of all blocks, expected ones among them. */
  held: u32 = 0;
  expected: u32 = 0;
  private readonly table: usize;
  private readonly slabs: usize = take(<usize>SLABS_MAX << 2);
  /** Holders ever made; number 0 is nobody. */
  private made: u32 = 1;
  private free: u32 = 0;
  private readonly words: u32;
  /** Maps that no block uses any more, linked by their first word. */
  private freeMap: usize = 0;
  // Where the walk over the holders of a block stands.
  private node: u32 = 0;
  private map: usize = 0;
  private word: u32 = 0;
  private left: u32 = 0;
  private rest: u64 = 0;

  constructor(blocks: u32, replicas: u32) {
    this.table = take(<usize>blocks << BLOCK_BITS);
    this.words = (replicas + 63) >> 6;
  }

  @inline private at(block: u32): usize {
    return this.table + (<usize>block << BLOCK_BITS);
  }

  @inline private holder(node: u32): usize {
    const slab = load<u32>(this.slabs + ((node >> SLAB_BITS) << 2));
    return <usize>slab + (<usize>(node & ((1 << SLAB_BITS) - 1)) << 3);
  }

  /** Holders of a block. */
  @inline count(block: u32): u32 {
    return load<u32>(this.at(block));
  }

  has(block: u32, replica: u32): bool {
    const at = this.at(block);
    const map = <usize>load<u32>(at, BITS);
    if (map != 0) return isSet(map, replica);
    for (let node = load<u32>(at, FIRST); node != 0; node = load<u32>(this.holder(node), 4)) {
      if ((load<u32>(this.holder(node)) & ~IS_EXPECTED) == replica) return true;
    }
    return false;
  }

  /** A replica holds a block now, or is expected to; an expectation that comes true is one no more. */
  add(block: u32, replica: u32, expected: bool): void {
    const at = this.at(block);
    if (!expected && load<u32>(at, EXPECTED) > 0 && this.confirm(at, replica)) return;
    const count = load<u32>(at);
    store<u32>(at, count + 1);
    this.held++;
    if (expected) {
      this.expected++;
      store<u32>(at, load<u32>(at, EXPECTED) + 1, EXPECTED);
    }
    if (count == LIST_MOST && load<u32>(at, BITS) == 0) this.toMap(at);
    const map = <usize>load<u32>(at, BITS);
    if (map == 0) {
      this.push(at, expected ? replica | IS_EXPECTED : replica);
    } else {
      setBit(map, replica);
      if (expected) setBit(map + (<usize>this.words << 3), replica);
    }
  }

  /** Turns an expected holder into a real one; `false` when the replica was not expected. */
  private confirm(at: usize, replica: u32): bool {
    const map = <usize>load<u32>(at, BITS);
    if (map != 0) {
      const bits = map + (<usize>this.words << 3);
      if (!isSet(bits, replica)) return false;
      clearBit(bits, replica);
    } else {
      let node = load<u32>(at, FIRST);
      while (node != 0 && load<u32>(this.holder(node)) != (replica | IS_EXPECTED)) {
        node = load<u32>(this.holder(node), 4);
      }
      if (node == 0) return false;
      store<u32>(this.holder(node), replica);
    }
    this.expected--;
    store<u32>(at, load<u32>(at, EXPECTED) - 1, EXPECTED);
    return true;
  }

  private push(at: usize, holder: u32): void {
    let node = this.free;
    if (node != 0) {
      this.free = load<u32>(this.holder(node), 4);
    } else {
      node = this.made++;
      const slab = this.slabs + ((node >> SLAB_BITS) << 2);
      assert(node >> SLAB_BITS < SLABS_MAX, "more holders than slabs");
      if (load<u32>(slab) == 0) store<u32>(slab, <u32>take(<usize>8 << SLAB_BITS));
    }
    store<u32>(this.holder(node), holder);
    store<u32>(this.holder(node), load<u32>(at, FIRST), 4);
    store<u32>(at, node, FIRST);
  }

  private toMap(at: usize): void {
    let map = this.freeMap;
    const bytes = <usize>this.words << 3;
    if (map != 0) this.freeMap = <usize>load<u32>(map);
    else map = take(bytes << 1);
    memory.fill(map, 0, bytes << 1);
    let node = load<u32>(at, FIRST);
    while (node != 0) {
      const holder = this.holder(node);
      const replica = load<u32>(holder) & ~IS_EXPECTED;
      setBit(map, replica);
      if ((load<u32>(holder) & IS_EXPECTED) != 0) setBit(map + bytes, replica);
      const next = load<u32>(holder, 4);
      store<u32>(holder, this.free, 4);
      this.free = node;
      node = next;
    }
    store<u32>(at, 0, FIRST);
    store<u32>(at, <u32>map, BITS);
  }

  /** A replica gave a block up. With `onlyExpected`, only what was never confirmed is taken back. */
  drop(block: u32, replica: u32, onlyExpected: bool): void {
    const at = this.at(block);
    if (onlyExpected && load<u32>(at, EXPECTED) == 0) return;
    const expected = load<u32>(at, BITS) != 0
      ? this.unmark(at, replica, onlyExpected)
      : this.unlink(at, replica, onlyExpected);
    if (expected < 0) return;
    this.held--;
    this.expected -= expected;
    store<u32>(at, load<u32>(at, EXPECTED) - expected, EXPECTED);
    const count = load<u32>(at) - 1;
    store<u32>(at, count);
    const map = <usize>load<u32>(at, BITS);
    if (count > 0 || map == 0) return;
    store<u32>(map, <u32>this.freeMap);
    this.freeMap = map;
    store<u32>(at, 0, BITS);
  }

  /** 1 or 0 for an expected holder or a real one that is gone; -1 when nothing was done. */
  private unlink(at: usize, replica: u32, onlyExpected: bool): i32 {
    let link = at + FIRST;
    while (true) {
      const node = load<u32>(link);
      if (node == 0) return -1;
      const holder = this.holder(node);
      const value = load<u32>(holder);
      if ((value & ~IS_EXPECTED) != replica) {
        link = holder + 4;
        continue;
      }
      const expected = <i32>(value >> 31);
      if (onlyExpected && expected == 0) return -1;
      store<u32>(link, load<u32>(holder, 4));
      store<u32>(holder, this.free, 4);
      this.free = node;
      return expected;
    }
  }

  private unmark(at: usize, replica: u32, onlyExpected: bool): i32 {
    const map = <usize>load<u32>(at, BITS);
    const bits = map + (<usize>this.words << 3);
    if (!isSet(map, replica)) return -1;
    const expected = <i32>isSet(bits, replica);
    if (onlyExpected && expected == 0) return -1;
    clearBit(map, replica);
    clearBit(bits, replica);
    return expected;
  }

  /** Begins a walk over the holders of a block; that of a map begins at a replica of choice. */
  walk(block: u32, start: u32): void {
    const at = this.at(block);
    this.node = load<u32>(at, FIRST);
    this.map = <usize>load<u32>(at, BITS);
    if (this.map == 0) return;
    this.word = (start >> 6) % this.words;
    this.left = this.words - 1;
    this.rest = load<u64>(this.map + (<usize>this.word << 3));
  }

  /** The next holder, or `NONE`; no holder may come or go meanwhile. */
  next(): u32 {
    if (this.map == 0) {
      if (this.node == 0) return NONE;
      const holder = this.holder(this.node);
      this.node = load<u32>(holder, 4);
      return load<u32>(holder) & ~IS_EXPECTED;
    }
    while (this.rest == 0) {
      if (this.left-- == 0) {
        this.left = 0;
        return NONE;
      }
      if (++this.word == this.words) this.word = 0;
      this.rest = load<u64>(this.map + (<usize>this.word << 3));
    }
    const bit = <u32>ctz(this.rest);
    this.rest &= this.rest - 1;
    return (this.word << 6) | bit;
  }
}

@inline function isSet(map: usize, index: u32): bool {
  return ((load<u64>(map + ((index >> 6) << 3)) >> (index & 63)) & 1) != 0;
}

@inline function setBit(map: usize, index: u32): void {
  const at = map + ((index >> 6) << 3);
  store<u64>(at, load<u64>(at) | (<u64>1 << (index & 63)));
}

@inline function clearBit(map: usize, index: u32): void {
  const at = map + ((index >> 6) << 3);
  store<u64>(at, load<u64>(at) & ~(<u64>1 << (index & 63)));
}
