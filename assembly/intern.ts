/**
 * 64-bit hashes to dense numbers, in the order of first appearance.
 *
 * ```
 * entry: | hash u64 | number + 1 u32 | unused u32 |     open addressing, linear probing, load ≤ 1/2
 * ```
 */
import { take } from "./arena";
import { mix } from "./random";

const ENTRY_BITS: u32 = 4;

@final export class Interner {
  /** Distinct hashes so far. */
  count: u32 = 0;
  private bits: u32 = 12;
  private entries: usize = take(<usize>1 << (12 + ENTRY_BITS));

  /** The number of a hash; a new hash takes the next one. */
  intern(hash: u64): u32 {
    if (this.count >= <u32>1 << (this.bits - 1)) this.grow();
    const entry = this.find(hash);
    const number = load<u32>(entry, 8);
    if (number != 0) return number - 1;
    store<u64>(entry, hash);
    store<u32>(entry, ++this.count, 8);
    return this.count - 1;
  }

  /** The entry that holds the hash, or the free one where it belongs. */
  private find(hash: u64): usize {
    const mask = ((<usize>1 << this.bits) - 1) << ENTRY_BITS;
    let offset = (<usize>mix(hash) << ENTRY_BITS) & mask;
    let entry = this.entries + offset;
    while (load<u32>(entry, 8) != 0 && load<u64>(entry) != hash) {
      offset = (offset + (1 << ENTRY_BITS)) & mask;
      entry = this.entries + offset;
    }
    return entry;
  }

  /** Four times the room: the tables left behind sum to a third of the new one. */
  private grow(): void {
    const old = this.entries;
    const end = old + (<usize>1 << (this.bits + ENTRY_BITS));
    this.bits += 2;
    this.entries = take(<usize>1 << (this.bits + ENTRY_BITS));
    for (let entry = old; entry < end; entry += 1 << ENTRY_BITS) {
      if (load<u32>(entry, 8) == 0) continue;
      const place = this.find(load<u64>(entry));
      store<u64>(place, load<u64>(entry));
      store<u64>(place, load<u64>(entry, 8), 8);
    }
  }
}
