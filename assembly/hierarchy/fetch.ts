/**
 * Prefetching: asks the prefetcher for names, and moves what is worth it. The prefetcher knows no
 * tiers; what is already in the fastest one, or on its way, is left out.
 */
import { Cause } from "../abi";
import { take } from "../arena";
import { Prefetcher } from "../prefetch/prefetcher";
import { Hierarchy } from "./hierarchy";
import { PENDING } from "./states";

@final export class Fetch {
  /** u32[max]: the names. */
  readonly names: usize;

  constructor(
    private readonly hierarchy: Hierarchy,
    readonly prefetcher: Prefetcher,
    readonly max: u32,
  ) {
    this.names = take(<usize>max << 2);
  }

  /** The `i`th name. */
  @inline name(i: u32): u32 {
    return load<u32>(this.names + (i << 2));
  }

  /** Synchronous: what may follow `block` is moved at once, and costs its full time. */
  after(block: u32): void {
    this.all(this.prefetcher.candidates(block, this.names, this.max));
  }

  /** Moves the first `count` names. */
  all(count: u32): void {
    const hierarchy = this.hierarchy;
    hierarchy.cause = Cause.Prefetch;
    for (let i: u32 = 0; i < count; i++) this.fetch(this.name(i));
    hierarchy.cause = Cause.Demand;
  }

  private fetch(block: u32): void {
    const hierarchy = this.hierarchy;
    let source = hierarchy.tierOf(block);
    if (source == hierarchy.count && hierarchy.header.entry > 0) {
      // The slowest tier is where blocks come from: it can be asked for any.
      if (!hierarchy.enterSource(block)) return;
      source = hierarchy.header.entry;
    }
    if (source == 0 || source == hierarchy.count) return;
    if (hierarchy.promote(block, source)) this.begin(block, source);
  }

  /** A prefetch was made: its worth will show. */
  begin(block: u32, source: u32): void {
    const hierarchy = this.hierarchy;
    hierarchy.states.set(block, PENDING);
    hierarchy.pending++;
    hierarchy.found.prefetchRequested++;
    hierarchy.found.prefetchBytes += hierarchy.narrow(block, source);
  }
}
