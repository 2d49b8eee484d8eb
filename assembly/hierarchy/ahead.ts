/**
 * Timed movement: blocks that are sent to the fastest tier before anybody asks for them.
 *
 * A prefetch starts only while no demand uses its source; asked for on its way, it is late.
 */
import { Cause } from "../abi_hierarchy";
import { NO_PLAN } from "../prefetch/prefetcher";
import { Devices } from "./devices";
import { EventKind, Events } from "./events";
import { Fetch } from "./fetch";
import { Hierarchy } from "./hierarchy";
import { FETCHING, LOADING, PENDING } from "./states";
import { Steps } from "./steps";

@final export class Ahead {
  constructor(
    private readonly hierarchy: Hierarchy,
    private readonly steps: Steps,
    readonly fetch: Fetch,
    private readonly devices: Devices,
    private readonly events: Events,
  ) {}

  /** A request has ended: what may follow at once is started, what may follow later is planned. */
  after(request: u32, nowNs: u64): void {
    const fetch = this.fetch;
    this.steps.show(request, fetch);
    for (let i: u32 = 0, count = fetch.length; i < count; i++) this.start(fetch.name(i), nowNs);
    const dueNs = fetch.prefetcher.planNs(request);
    if (dueNs != NO_PLAN) this.events.add(max(dueNs, nowNs), EventKind.Due, request, 0);
  }

  /** Starts up to `max` prefetches of a plan. */
  carryOut(request: u32, nowNs: u64): void {
    const fetch = this.fetch;
    const count = fetch.prefetcher.plan(request);
    for (let i: u32 = 0, left = fetch.max; i < count && left > 0; i++) {
      if (this.start(fetch.prefetcher.planned(i), nowNs)) left--;
    }
  }

  /** Starts a prefetch, unless it is needless or in the way; whether it did. */
  private start(block: u32, nowNs: u64): bool {
    const hierarchy = this.hierarchy;
    const tier = hierarchy.tierOf(block);
    if (tier == 0 || tier == hierarchy.count) return false;
    if (hierarchy.states.has(block, FETCHING)) return false;
    if (hierarchy.states.has(block, LOADING) && this.devices.ready(block) > nowNs) return false;
    if (this.devices.reads[tier].demandNs > nowNs) return false;
    const bytes = hierarchy.narrow(block, tier);
    const endNs = this.devices.fetch(block, tier, nowNs, bytes);
    hierarchy.cause = Cause.Prefetch;
    hierarchy.bookLoad(block, tier);
    hierarchy.cause = Cause.Demand;
    hierarchy.states.set(block, LOADING | FETCHING);
    this.devices.setReady(block, endNs);
    hierarchy.found.prefetchRequested++;
    hierarchy.found.prefetchBytes += bytes;
    this.events.add(endNs, EventKind.Arrived, block, 0);
    return true;
  }

  /** A prefetched block is there: it enters the fastest tier if that still makes sense. */
  arrived(block: u32, nowNs: u64): void {
    const hierarchy = this.hierarchy;
    const states = hierarchy.states;
    const isUnasked = states.has(block, FETCHING);
    states.clear(block, FETCHING);
    if (this.devices.ready(block) <= nowNs) states.clear(block, LOADING);
    const tier = hierarchy.tierOf(block);
    let entered = false;
    if (tier > 0 && tier < hierarchy.count) {
      hierarchy.prepaid = true;
      hierarchy.cause = Cause.Prefetch;
      entered = hierarchy.promote(block, tier);
      hierarchy.cause = Cause.Demand;
      hierarchy.prepaid = false;
      this.steps.check();
    }
    if (!isUnasked) return;
    if (entered) {
      states.set(block, PENDING);
      hierarchy.pending++;
    } else {
      hierarchy.found.prefetchWasted++;
    }
  }
}
