/**
 * Names of blocks that left their place, the oldest forgotten first.
 *
 * One more is kept than a rule asks for: before a block comes, it has made another one leave, and a
 * policy would have looked for its name before that.
 *
 * Cost: O(1); 24 bytes per name and 4 to 8 for buckets.
 */
import { take } from "../../arena";
import { Residents } from "../residents";
import { Lru } from "./lru";
import { OrderInput } from "./order";

@final export class Ghosts {
  private readonly names: Residents;
  /** u32[places]: names to remember at the most. */
  private readonly most: usize;

  /** @param share Names to remember, over the blocks that a place may hold. */
  constructor(input: OrderInput, share: f64) {
    this.names = new Residents(input.places, new Lru(input.places));
    this.most = take(<usize>input.places << 2);
    for (let i: u32 = 0; i < input.places; i++) {
      store<u32>(this.most + (i << 2), <u32>(<f64>input.capacity(i) * share));
    }
  }

  /** A block has come; tells whether it was remembered, and forgets it. */
  recall(place: u32, block: u32): bool {
    const entry = this.names.find(place, block);
    if (entry == 0) return false;
    this.names.drop(entry);
    return true;
  }

  /** A block has left. */
  remember(place: u32, block: u32): void {
    const most = load<u32>(this.most + (place << 2));
    if (most == 0) return;
    this.names.keep(place, block);
    if (this.names.idleIn(place) > most + 1) this.names.evict(place);
  }

  forget(place: u32): void {
    this.names.clear(place);
  }
}
