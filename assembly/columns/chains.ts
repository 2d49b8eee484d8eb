/**
 * The resident slots as a chained hash table of which a draw sees only the newest block of each
 * chain: how libCacheSim (October 2024) samples. Older blocks of a chain are out of its sight until
 * those before them have left.
 *
 * Cost: O(1) expected; 8 to 16 bytes per slot.
 */
import { take } from "../arena";
import { mix, Random } from "../random";

@final export class Chains {
  /** u32[mask + 1]: the newest slot of a chain, plus one; 0 when there is none. */
  private readonly heads: usize;
  private readonly mask: u32;
  /** u32[slots]: the next older slot of the chain, plus one. */
  private readonly older: usize;

  /** @param slots The table has the next power of two of chains. */
  constructor(slots: u32) {
    let chains: u32 = 1;
    while (chains < slots) chains <<= 1;
    this.mask = chains - 1;
    this.heads = take(<usize>chains << 2);
    this.older = take(<usize>slots << 2);
  }

  @inline private head(block: u32): usize {
    return this.heads + ((<u32>mix(<u64>block + 1) & this.mask) << 2);
  }

  insert(slot: u32, block: u32): void {
    const head = this.head(block);
    store<u32>(this.older + (slot << 2), load<u32>(head));
    store<u32>(head, slot + 1);
  }

  remove(slot: u32, block: u32): void {
    let link = this.head(block);
    while (load<u32>(link) != slot + 1) link = this.older + ((load<u32>(link) - 1) << 2);
    store<u32>(link, load<u32>(this.older + (slot << 2)));
  }

  /** The newest slot of a random chain. There must be a slot. */
  draw(random: Random): u32 {
    let slot: u32 = 0;
    while (slot == 0) {
      slot = load<u32>(this.heads + ((<u32>random.next() & this.mask) << 2));
    }
    return slot - 1;
  }
}
