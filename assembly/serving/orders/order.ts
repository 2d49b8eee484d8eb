/**
 * Which idle block of a place leaves first. `Residents` owns the entries and says what happens to
 * them; an order knows nothing of requests, of time, or of what a place is.
 *
 * ```
 * entry: | block u32 | place u32 | users u32 | older u32 | newer u32 | chain u32 | order's |
 * ```
 *
 * A block with users is no candidate, whatever an order thinks of it. A request uses all its blocks
 * from when it takes them until it gives them back, the last block first: that is one use of each.
 */
export const PLACE: usize = 4;
export const USERS: usize = 8;
/** These two are the order's while the block is idle. */
export const OLDER: usize = 12;
export const NEWER: usize = 16;
export const CHAIN: usize = 20;
export const ENTRY_BYTES: u32 = 24;

/** What an order is made from. */
@final export class OrderInput {
  constructor(
    /** Places are numbered from 0 below this. */
    readonly places: u32,
    /** u32[places]: blocks that each may hold; 0 in those that go by other orders. */
    readonly capacities: usize,
    /** Address of the f64 parameters, in the order of the registry line. */
    readonly parameters: usize,
  ) {}

  @inline parameter(index: u32): f64 {
    return load<f64>(this.parameters + (index << 3));
  }

  @inline capacity(place: u32): u32 {
    return load<u32>(this.capacities + (place << 2));
  }
}

export abstract class Order {
  /**
   * Whether blocks without a name wait their turn like any other, as in vLLM's queue of free
   * blocks. Without it they leave before all that have one.
   */
  queuesNameless: bool = false;

  /**
   * Whether a block may leave before those that hang on it: they stay, and no request finds them.
   * The others let go of tails first, where all that hold a block hold what stands before it.
   */
  strands: bool = false;

  constructor(
    /** Bytes of an entry, `ENTRY_BYTES` or more. */
    readonly entryBytes: u32,
  ) {}

  /** A block has come, and is in use for the first time. */
  onAdd(_entry: u32): void {}

  /** One request more uses a block. If nobody did, `leave` was called before. */
  onUse(_entry: u32): void {}

  /** Nobody uses the block any more: it is a candidate. */
  abstract enter(entry: u32): void;

  /** The block is used: it is no candidate. */
  abstract leave(entry: u32): void;

  /** Takes the candidate that goes next out of the order, and gives it. There must be one. */
  abstract victim(place: u32): u32;

  /** A block is gone, by `victim` or after `leave`. */
  onDrop(_entry: u32): void {}

  /** A place has lost all: what is remembered of blocks that left it goes, too. */
  forget(_place: u32): void {}
}
