/**
 * Prefetching: asks the prefetcher for names, and moves what is worth it. The prefetcher knows no
 * tiers; what is already in the fastest one, or on its way, is left out.
 */
import { Cause } from "../abi_hierarchy";
import { take } from "../arena";
import { isNamed, NO_PLAN, Prefetcher } from "../prefetch/prefetcher";
import { Events } from "./events";
import { Hierarchy } from "./hierarchy";
import { PENDING } from "./states";

@final export class Fetch {
  /** u32[max]: what the prefetcher answers. */
  private readonly names: usize;
  /** u32[max]: the last names worth fetching of a request, a ring; and how many were put there. */
  private readonly kept: usize;
  private keptCount: u32 = 0;
  /** Synchronous: plans for times to come; the subject is the request that they follow. */
  private readonly plans: Events = new Events();

  constructor(
    private readonly hierarchy: Hierarchy,
    readonly prefetcher: Prefetcher,
    readonly max: u32,
  ) {
    this.names = take(<usize>max << 2);
    this.kept = take(<usize>max << 2);
  }

  /** A request that was served is about to be shown. */
  begin(): void {
    this.keptCount = 0;
  }

  /** Asks what may follow a block, and keeps what a slower tier holds. */
  ask(block: u32): void {
    const count = this.prefetcher.candidates(block, this.names, this.max);
    const hierarchy = this.hierarchy;
    // The best name is kept last, so that it is the first to be fetched.
    for (let i = count; i-- > 0;) {
      const name = load<u32>(this.names + (i << 2));
      const tier = hierarchy.tierOf(name);
      if (tier == 0 || tier == hierarchy.count) continue;
      if (isNamed(name, this.kept, min(this.keptCount, this.max))) continue;
      store<u32>(this.kept + ((this.keptCount++ % this.max) << 2), name);
    }
  }

  /** Names kept. */
  @inline get length(): u32 {
    return min(this.keptCount, this.max);
  }

  /** The `i`th name kept; 0 is the one for the deepest block. */
  @inline name(i: u32): u32 {
    return load<u32>(this.kept + (((this.keptCount - 1 - i) % this.max) << 2));
  }

  /** Synchronous, root-first: what may follow `block` is moved at once, at its full time. */
  after(block: u32): void {
    const count = this.prefetcher.candidates(block, this.names, this.max);
    const hierarchy = this.hierarchy;
    hierarchy.cause = Cause.Prefetch;
    for (let i: u32 = 0; i < count; i++) this.fetch(load<u32>(this.names + (i << 2)));
    hierarchy.cause = Cause.Demand;
  }

  /** Synchronous, tail-first: what was kept of a request is moved. */
  move(): void {
    const hierarchy = this.hierarchy;
    hierarchy.cause = Cause.Prefetch;
    for (let i: u32 = 0, count = this.length; i < count; i++) this.fetch(this.name(i));
    hierarchy.cause = Cause.Demand;
  }

  /** Synchronous: a request has ended, and may be followed by others of its session. */
  planAfter(request: u32): void {
    const dueNs = this.prefetcher.planNs(request);
    if (dueNs != NO_PLAN) this.plans.add(dueNs, 0, request, 0);
  }

  /** Synchronous: the clock moves on to the next arrival, and plans come due on the way. */
  moveTo(nowNs: u64): void {
    const plans = this.plans;
    while (plans.length > 0 && plans.nextNs() <= nowNs) {
      plans.take();
      this.carryOut(this.prefetcher.plan(plans.subject));
    }
  }

  /** Moves up to `max` blocks of a plan, as far as they are below. */
  private carryOut(count: u32): void {
    const hierarchy = this.hierarchy;
    hierarchy.cause = Cause.Prefetch;
    for (let i: u32 = 0, left = this.max; i < count && left > 0; i++) {
      if (this.fetch(this.prefetcher.planned(i))) left--;
    }
    hierarchy.cause = Cause.Demand;
  }

  /** Moves a block up, if it is below; whether it did. */
  private fetch(block: u32): bool {
    const hierarchy = this.hierarchy;
    let source = hierarchy.tierOf(block);
    if (source == hierarchy.count && hierarchy.header.entry > 0) {
      // The slowest tier is where blocks come from: it can be asked for any.
      if (!hierarchy.enterSource(block)) return false;
      source = hierarchy.header.entry;
    }
    if (source == 0 || source == hierarchy.count) return false;
    if (!hierarchy.promote(block, source)) return false;
    this.count(block, source);
    return true;
  }

  /** A prefetch was made: its worth will show. */
  private count(block: u32, source: u32): void {
    const hierarchy = this.hierarchy;
    hierarchy.states.set(block, PENDING);
    hierarchy.pending++;
    hierarchy.found.prefetchRequested++;
    hierarchy.found.prefetchBytes += hierarchy.narrow(block, source);
  }
}
