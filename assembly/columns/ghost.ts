/**
 * Ghosts: blocks that left, remembered in order of leaving and forgotten oldest first. A ghost
 * may be taken out of the middle, so this is a list over blocks and not a ring.
 *
 * ```
 * node: | newer u32 | older u32 |     block + 2 each; 0 when there is no ghost of that block
 * ```
 *
 * Memory: 8 bytes per block, whatever the number of lists that share the column.
 */
import { take } from "../arena";
import { NONE } from "./list";

const NODE_BITS: u32 = 3;
/** The end of a list: neither a block (block + 2) nor "no ghost" (0). */
const END: u32 = 1;

/** The links of all blocks. A block is a ghost in one list at most. */
@final export class GhostNodes {
  readonly base: usize;

  constructor(blocks: u32) {
    this.base = take(<usize>blocks << NODE_BITS);
  }

  list(limit: u32): Ghosts {
    return new Ghosts(this.base, limit);
  }
}

/** One bounded list. With a limit of 0 it never remembers anything. */
@final export class Ghosts {
  length: u32 = 0;
  private newest: u32 = END;
  private oldest: u32 = END;

  constructor(private readonly base: usize, readonly limit: u32) {}

  @inline private node(block: u32): usize {
    return this.base + (<usize>block << NODE_BITS);
  }

  /** Whether the block is a ghost, in this list or in one that shares its column. */
  @inline has(block: u32): bool {
    return load<u32>(this.node(block)) != 0;
  }

  /** The ghost that is forgotten next, or `NONE`. */
  oldestBlock(): u32 {
    return this.oldest == END ? NONE : this.oldest - 2;
  }

  /** Remembers a block that is no ghost yet; the oldest make room. */
  add(block: u32): void {
    if (this.limit == 0) return;
    assert(!this.has(block), "the block is a ghost already");
    while (this.length >= this.limit) this.forgetOldest();
    const node = this.node(block);
    store<u32>(node, END);
    store<u32>(node, this.newest, 4);
    if (this.newest == END) this.oldest = block + 2;
    else store<u32>(this.node(this.newest - 2), block + 2);
    this.newest = block + 2;
    this.length++;
  }

  @inline private forgetOldest(): void {
    const node = this.node(this.oldest - 2);
    const newer = load<u32>(node);
    if (newer == END) this.newest = END;
    else store<u32>(this.node(newer - 2), END, 4);
    this.oldest = newer;
    store<u32>(node, 0);
    this.length--;
  }

  /** Forgets a ghost of this list. */
  remove(block: u32): void {
    const node = this.node(block);
    const newer = load<u32>(node);
    const older = load<u32>(node, 4);
    assert(newer != 0, "the block is no ghost");
    if (newer == END) this.newest = older;
    else store<u32>(this.node(newer - 2), older, 4);
    if (older == END) this.oldest = newer;
    else store<u32>(this.node(older - 2), newer);
    store<u32>(node, 0);
    this.length--;
  }

  /** Forgets the block if it is a ghost, and tells whether it was one. */
  forget(block: u32): bool {
    if (!this.has(block)) return false;
    this.remove(block);
    return true;
  }
}
