/**
 * What an eviction rule of the reference engine is: the twins of `assembly/serving/orders/`.
 *
 * A rule hears what becomes of named blocks, and says which free one is taken. Blocks in use keep
 * their places in queues and are passed over. Rules are written to be read: each looks at all
 * blocks for each victim.
 *
 * @module
 */

/** What may be evicted next. */
export interface KvOrder {
  /** The computed content of a block has a name; the block is in use. */
  named(block: number, key: number): void;
  /** One request more uses the block. */
  used(block: number): void;
  /** Nobody uses the block any more. */
  freed(block: number): void;
  /** The block to take. Something named is free. */
  victim(): number;
  /** The block was taken for something else. */
  taken(block: number, key: number): void;
}

/** What a rule may know. */
export interface KvOrderInput {
  /** Blocks of the pool. */
  readonly count: number;
  readonly isFree: (block: number) => boolean;
  /** Parameters by name, all of them. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The next request that asks for a key and was not let in yet; infinite when none does. */
  readonly upcoming: (key: number) => number;
}

/** A queue without one of its blocks. */
export function without(queue: readonly number[], block: number): number[] {
  return queue.filter((each) => each !== block);
}
