/**
 * What the replay drives: the general engine, which takes every policy, or a kernel, which is one
 * policy made fast. Both see positions of the access columns and answer with one byte per access.
 */
export abstract class Engine {
  /** Blocks written. */
  insertions: u64 = 0;
  /** Blocks that left to make room. */
  evictions: u64 = 0;
  /** Touched blocks that were missing and not kept. */
  bypasses: u64 = 0;

  /** Stores at `out + i` whether the block of access `i` is resident; changes nothing. */
  abstract lookup(from: u32, to: u32, out: usize): void;

  /** Touches accesses `from` to `to` in order and stores at `out + i` whether each was resident. */
  abstract touch(from: u32, to: u32, out: usize): void;

  /** Blocks held now. */
  abstract resident(): u32;

  /** Whether `touch` must be called request by request. */
  perRequest(): bool {
    return false;
  }

  /** Whether the engine's books balance; called once at the end. */
  balanced(): bool {
    return this.insertions - this.evictions == <u64>this.resident();
  }
}
