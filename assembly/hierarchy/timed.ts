/**
 * Timed movement: an arriving request loads what slower tiers hold and computes what is missing,
 * both at once. Its blocks are touched when both are done.
 *
 * - Each device has a queue for reads and one for writes.
 * - What another request is loading or computing is waited for.
 * - `recompute`: the leading run is loaded up to where computing the rest ends sooner; the GPU is
 *   no bottleneck: requests compute side by side.
 * - An evicted block has its new place at once, but cannot be read before it is written.
 * - Prefetches begin when a request ends, or at the time planned then (`ahead.ts`).
 *
 * Memory: 8 bytes a block, 112 a block of the longest request, 32 an event in flight.
 */
import { take } from "../arena";
import { Ahead } from "./ahead";
import { Devices } from "./devices";
import { EventKind, Events } from "./events";
import { Fetch } from "./fetch";
import { Mover } from "./core";
import { Hierarchy } from "./hierarchy";
import { account, Load, LOAD_BYTES, send, takeBack } from "./load";
import { prefillNs } from "./prefill";
import { FETCHING, LOADING, SEEN } from "./states";
import { Steps } from "./steps";

@final export class Timed extends Mover {
  nowNs: u64 = 0;
  private ended: bool = false;
  private readonly events: Events = new Events();
  private readonly devices: Devices;
  private ahead: Ahead | null = null;
  /** Load[longest request]: what the arriving request may load. */
  private readonly loads: usize;
  private loadCount: u32 = 0;
  /** u64[longest request]: when the leading run up to and with a block is there. */
  private readonly availableNs: usize;

  constructor(
    private readonly hierarchy: Hierarchy,
    private readonly steps: Steps,
    fetch: Fetch | null,
    longest: u32,
  ) {
    super();
    const devices = new Devices(hierarchy);
    this.devices = devices;
    if (fetch != null) this.ahead = new Ahead(hierarchy, steps, fetch, devices, this.events);
    this.loads = take(<usize>longest * LOAD_BYTES);
    this.availableNs = take(<usize>longest << 3);
  }

  @inline private load(index: u32): Load {
    return changetype<Load>(this.loads + <usize>index * LOAD_BYTES);
  }

  @inline private available(depth: u32): u64 {
    return load<u64>(this.availableNs + (depth << 3));
  }

  /** Lets happen all that happens up to and at a time. */
  drain(untilNs: u64): void {
    while (this.events.length > 0 && this.events.nextNs() <= untilNs) {
      this.events.take();
      this.nowNs = this.events.timeNs;
      const subject = this.events.subject;
      if (this.events.kind == EventKind.Done) this.finish(subject, this.events.detail);
      else if (this.events.kind == EventKind.Arrived) this.ahead!.arrived(subject, this.nowNs);
      else if (!this.ended) this.ahead!.carryOut(subject, this.nowNs);
    }
  }

  /** Nobody arrives any more: what is under way ends, and nothing is planned for. */
  end(): void {
    this.ended = true;
    this.drain(u64.MAX_VALUE);
  }

  /** A request arrives; gives the time until it has all its KV. */
  arrive(request: u32, timeNs: u64): u64 {
    this.drain(timeNs);
    this.nowNs = timeNs;
    this.steps.begin(request);
    if (this.ahead != null) this.steps.announce(request, this.ahead!.fetch);
    const run = this.lookUp();
    const cut = this.hierarchy.header.recompute != 0 ? this.cheapest(run) : run;
    this.commit(cut);
    this.steps.countRequest(cut);
    const computeNs = this.computeNs(cut);
    this.hierarchy.found.computeNs += computeNs;
    const doneNs = this.doneNs(cut, computeNs);
    this.mark(cut, run, doneNs);
    this.events.add(doneNs, EventKind.Done, request, cut);
    return doneNs - timeNs;
  }

  /** Counts all look-ups and lines up the loads of the leading run; gives its length. */
  private lookUp(): u32 {
    const hierarchy = this.hierarchy;
    const states = hierarchy.states;
    const steps = this.steps;
    let run: u32 = 0;
    let availableNs = this.nowNs;
    this.loadCount = 0;
    for (let depth: u32 = 0; depth < steps.blocks; depth++) {
      const block = steps.block(depth);
      const state = states.of(block);
      const tier = hierarchy.tierIn(state);
      const inRun = run == depth;
      if ((state & FETCHING) != 0) {
        states.clear(block, FETCHING);
        hierarchy.found.prefetchLate++;
      }
      steps.count(block, tier, inRun);
      if (!inRun) continue;
      const readyNs = this.devices.ready(block);
      const isComing = readyNs > this.nowNs;
      if (tier == hierarchy.count && !isComing) continue;
      if (tier == hierarchy.count || (tier > 0 && isComing && (state & LOADING) != 0)) {
        availableNs = max(availableNs, readyNs);
      } else if (tier > 0) {
        availableNs = max(availableNs, this.lineUp(block, tier, depth));
      }
      store<u64>(this.availableNs + (depth << 3), availableNs);
      run++;
    }
    return run;
  }

  private lineUp(block: u32, tier: u32, depth: u32): u64 {
    const hierarchy = this.hierarchy;
    const wanted = this.load(this.loadCount++);
    const moves = hierarchy.promotes(hierarchy.states.hits(block) + 1);
    wanted.block = block;
    wanted.tier = tier;
    wanted.depth = depth;
    wanted.moves = <u32>moves;
    const write = moves ? this.devices.writes[0] : null;
    const bytes = moves ? hierarchy.narrow(block, tier) : hierarchy.level(tier).bytesOf(block);
    const startNs = max(this.nowNs, this.devices.ready(block));
    send(wanted, this.devices.reads[tier], write, startNs, bytes);
    wanted.dequantiseNs = this.devices.dequantiseNs(block, tier);
    wanted.endNs += wanted.dequantiseNs;
    return wanted.endNs;
  }

  private computeNs(cut: u32): u64 {
    const header = this.hierarchy.header;
    const total = this.steps.tokens;
    return prefillNs(header.nsPerToken, header.nsPerTokenSquared, total, this.steps.covered(cut));
  }

  @inline private doneNs(cut: u32, computeNs: u64): u64 {
    const loadedNs = cut == 0 ? this.nowNs : this.available(cut - 1);
    return max(loadedNs, this.nowNs + computeNs);
  }

  /** Blocks of the leading run to have from the cache, so that the request is done soonest. */
  private cheapest(run: u32): u32 {
    let best = run;
    let bestNs = this.doneNs(run, this.computeNs(run));
    for (let cut = run; cut-- > 0;) {
      const computeNs = this.computeNs(cut);
      if (this.nowNs + computeNs >= bestNs) break;
      const doneNs = this.doneNs(cut, computeNs);
      if (doneNs >= bestNs) continue;
      best = cut;
      bestNs = doneNs;
    }
    return best;
  }

  /** Takes back the loads from `cut` on, and books the others. */
  private commit(cut: u32): void {
    const hierarchy = this.hierarchy;
    const devices = this.devices;
    while (this.loadCount > 0 && this.load(this.loadCount - 1).depth >= cut) {
      const dropped = this.load(--this.loadCount);
      const write = dropped.moves != 0 ? devices.writes[0] : null;
      takeBack(dropped, devices.reads[dropped.tier], write);
    }
    for (let i: u32 = 0; i < this.loadCount; i++) {
      const made = this.load(i);
      const moves = made.moves != 0;
      const source = hierarchy.level(made.tier).found;
      account(made, source, moves ? hierarchy.level(0).found : null);
      if (moves) hierarchy.bookLoad(made.block, made.tier);
      else hierarchy.bookRead(made.block, made.tier);
      const waitedNs = made.endNs - made.dequantiseNs - made.unhinderedNs - this.nowNs;
      hierarchy.found.loadNs += made.unhinderedNs;
      hierarchy.found.waitNs += waitedNs;
      hierarchy.found.dequantiseNs += made.dequantiseNs;
      const read = devices.reads[made.tier];
      read.demandNs = max(read.demandNs, made.endNs);
      this.devices.setReady(made.block, made.endNs);
      hierarchy.states.set(made.block, LOADING);
    }
  }

  /** Says of every block that is computed when it will be there, and why it is. */
  private mark(cut: u32, run: u32, doneNs: u64): void {
    const hierarchy = this.hierarchy;
    const states = hierarchy.states;
    const steps = this.steps;
    for (let depth: u32 = 0; depth < steps.blocks; depth++) {
      const block = steps.block(depth);
      const tier = hierarchy.tierOf(block);
      if (depth < cut) {
        if (tier == hierarchy.count) hierarchy.found.joined++;
        continue;
      }
      if (tier == hierarchy.count) {
        if (states.has(block, SEEN)) hierarchy.found.recomputed++;
        states.set(block, SEEN);
      } else if (tier > 0) {
        if (depth < run) hierarchy.found.recomputedByChoice++;
        if (!states.has(block, LOADING) || this.devices.ready(block) <= this.nowNs) {
          // The copy below may still be on its way down: what is computed is there first.
          states.set(block, LOADING);
          this.devices.setReady(block, doneNs);
        }
        continue;
      } else {
        continue;
      }
      const readyNs = this.devices.ready(block);
      if (readyNs <= this.nowNs || readyNs > doneNs) this.devices.setReady(block, doneNs);
    }
  }

  /** A request has all its KV: its blocks are touched in the order of the replay. */
  private finish(request: u32, cut: u32): void {
    const hierarchy = this.hierarchy;
    const steps = this.steps;
    hierarchy.prepaid = true;
    steps.begin(request);
    for (let depth: u32 = 0; depth < steps.blocks; depth++) {
      const block = steps.block(depth);
      if (this.devices.ready(block) <= this.nowNs) hierarchy.states.clear(block, LOADING);
    }
    hierarchy.cut = cut;
    steps.touchAll();
    hierarchy.prepaid = false;
    hierarchy.computed = false;
    if (this.ahead != null) this.ahead!.after(request, this.nowNs);
  }

  /** Nobody may wait for a write whose block is gone; a load under way goes on. */
  drops(block: u32): void {
    if (!this.hierarchy.states.has(block, LOADING)) this.devices.setReady(block, 0);
  }

  /** Demotions or copies: they have their places, and can be read when they are written. */
  copies(at: usize, end: usize, source: u32, target: u32): void {
    this.devices.copy(at, end, source, target, this.nowNs);
  }
}
