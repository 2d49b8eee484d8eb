/**
 * What the hierarchy knows of every block: which tiers hold it and some marks, 4 bytes each, and
 * where somebody asks for it, 8 bytes more: where it was last touched.
 *
 * ```
 * state: | 0–7 tiers that hold it | 8 pending | 9 pinned | 10 seen | 11 fetching | 12 loading |
 *        | 16–31 hits since it last moved |
 * place: | depth u32 | blocks of the request u32 |
 * ```
 */
import { take } from "../arena";

export const TIERS_MASK: u32 = 0xff;
/** Prefetched into the fastest tier, and not asked for since. */
export const PENDING: u32 = 1 << 8;
export const PINNED: u32 = 1 << 9;
/** Was computed at least once. */
export const SEEN: u32 = 1 << 10;
/** A prefetch of it is under way, and nobody has asked for it. */
export const FETCHING: u32 = 1 << 11;
/** On its way to the GPU, for a request or by a prefetch. */
export const LOADING: u32 = 1 << 12;
const HITS_SHIFT: u32 = 16;
/** Everything but the hits. */
export const MARKS: u32 = (1 << HITS_SHIFT) - 1;
const HITS_MAX: u32 = 0xffff;

@final export class States {
  readonly base: usize;
  /** u64[blocks]; 0 when nobody asks for places. */
  readonly places: usize;

  constructor(readonly blocks: u32, placed: bool) {
    this.base = take(<usize>blocks << 2);
    this.places = placed ? take(<usize>blocks << 3) : 0;
  }

  @inline at(block: u32): usize {
    return this.base + (<usize>block << 2);
  }

  @inline of(block: u32): u32 {
    return load<u32>(this.at(block));
  }

  /** Tiers that hold the block, as bits. */
  @inline tiers(block: u32): u32 {
    return this.of(block) & TIERS_MASK;
  }

  @inline has(block: u32, mark: u32): bool {
    return (this.of(block) & mark) != 0;
  }

  @inline set(block: u32, bits: u32): void {
    const at = this.at(block);
    store<u32>(at, load<u32>(at) | bits);
  }

  @inline clear(block: u32, bits: u32): void {
    const at = this.at(block);
    store<u32>(at, load<u32>(at) & ~bits);
  }

  /** Hits since the block last moved. */
  @inline hits(block: u32): u32 {
    return this.of(block) >> HITS_SHIFT;
  }

  /** Counts a hit; gives the hits since the block last moved. */
  @inline countHit(block: u32): u32 {
    const at = this.at(block);
    const state = load<u32>(at);
    const hits = min((state >> HITS_SHIFT) + 1, HITS_MAX);
    store<u32>(at, (state & MARKS) | (hits << HITS_SHIFT));
    return hits;
  }

  /** The block moves: `bits` are set, and its hits begin anew. */
  @inline enter(block: u32, bits: u32): void {
    const at = this.at(block);
    store<u32>(at, (load<u32>(at) & MARKS) | bits);
  }

  /** The block moves from the only tier that held it, and its hits begin anew. */
  @inline move(block: u32, tier: u32): void {
    const at = this.at(block);
    store<u32>(at, (load<u32>(at) & (MARKS & ~TIERS_MASK)) | (<u32>1 << tier));
  }

  @inline depth(block: u32): u32 {
    return load<u32>(this.places + (<usize>block << 3));
  }

  @inline requestBlocks(block: u32): u32 {
    return load<u32>(this.places + (<usize>block << 3), 4);
  }

  @inline setPlace(block: u32, depth: u32, requestBlocks: u32): void {
    store<u64>(this.places + (<usize>block << 3), (<u64>requestBlocks << 32) | depth);
  }

  /** Clears marks of all blocks. */
  clearAll(bits: u32): void {
    for (let block: u32 = 0; block < this.blocks; block++) this.clear(block, bits);
  }
}
