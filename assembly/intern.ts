/**
 * 64-bit hashes to dense numbers, in the order of first appearance.
 *
 * Many traces name their blocks by small numbers already; those index a table of their own, which
 * touches memory in order. All others go through a hash table:
 *
 * ```
 * entry: | hash u64 | number + 1 u32 | unused u32 |     open addressing, linear probing, load ≤ 1/2
 * ```
 */
import { take } from "./arena";
import { mix } from "./random";

const ENTRY_BITS: u32 = 4;
/** Hashes below this are indexed directly: 16 MiB of table at most. */
const DIRECT_MAX: u64 = 1 << 22;

@final export class Interner {
  /** Distinct hashes so far. */
  count: u32 = 0;
  /** u32[directRoom]: number plus one of each small hash, 0 when it is new. */
  private direct: usize = take(1 << 12);
  private directRoom: u64 = 1 << 10;
  private hashed: u32 = 0;
  private bits: u32 = 12;
  private entries: usize = take(<usize>1 << (12 + ENTRY_BITS));

  /** The number of a hash; a new hash takes the next one. */
  intern(hash: u64): u32 {
    if (hash < DIRECT_MAX) return this.internSmall(hash);
    if (this.hashed >= <u32>1 << (this.bits - 1)) this.grow();
    const entry = this.find(hash);
    const number = load<u32>(entry, 8);
    if (number != 0) return number - 1;
    this.hashed++;
    store<u64>(entry, hash);
    store<u32>(entry, ++this.count, 8);
    return this.count - 1;
  }

  private internSmall(hash: u64): u32 {
    if (hash >= this.directRoom) this.widen(hash);
    const entry = this.direct + (<usize>hash << 2);
    const number = load<u32>(entry);
    if (number != 0) return number - 1;
    store<u32>(entry, ++this.count);
    return this.count - 1;
  }

  /** At least four times the room, so that the tables left behind sum to a third of the new one. */
  private widen(hash: u64): void {
    const old = this.direct;
    const bytes = <usize>this.directRoom << 2;
    while (this.directRoom <= hash) this.directRoom <<= 2;
    this.direct = take(<usize>this.directRoom << 2);
    memory.copy(this.direct, old, bytes);
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
