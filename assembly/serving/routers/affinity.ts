/** Routers that send what belongs together to one replica, without looking at caches. */
import { NONE } from "../../abi_serving";
import { take } from "../../arena";
import { mix } from "../../random";
import { Cheapest } from "./cheapest";
import { Router, Town } from "./router";

/** A session stays where it began; a new one begins where the fewest requests are. */
@final export class SessionRouter extends Cheapest {
  /** u32[sessions]: replica plus one. */
  private readonly homes: usize;

  constructor(town: Town) {
    super(town, null);
    let most: u32 = 0;
    for (let r: u32 = 0; r < town.prompts.count; r++) {
      const session = town.prompts.session(r);
      if (session != NONE) most = max(most, session);
    }
    this.homes = take((<usize>most + 1) << 2);
  }

  cost(index: u32, _request: u32): f64 {
    return <f64>this.inFlight(index);
  }

  choose(request: u32, nowNs: u64): u32 {
    const session = this.town.prompts.session(request);
    if (session == NONE) return super.choose(request, nowNs);
    const home = load<u32>(this.homes + (session << 2));
    if (home != 0 && this.town.isUp(home - 1)) return home - 1;
    const replica = super.choose(request, nowNs);
    store<u32>(this.homes + (session << 2), replica + 1);
    return replica;
  }
}

/**
 * A ring of points, some for each replica; a request goes to the next point from the hash of its
 * session, or of its leading blocks. With a bound, replicas that have more than so many times the
 * mean of requests in flight are passed over.
 */
@final export class ConsistentHash extends Router {
  /** Hash in the upper half, replica in the lower; rising. */
  private readonly ring: StaticArray<u64>;
  private readonly blocks: u32;
  private readonly bound: f64;

  constructor(town: Town) {
    super(town);
    this.ring = makeRing(town, <u32>town.parameter(0));
    const blockTokens = <f64>town.prompts.blockTokens;
    this.blocks = <u32>Math.ceil(town.parameter(1) / blockTokens);
    this.bound = town.parameter(2);
  }

  private key(request: u32): u64 {
    const prompts = this.town.prompts;
    const session = prompts.session(request);
    if (session != NONE) return mix(<u64>session + 1);
    const whole = prompts.wholeBlocks(request);
    if (whole == 0) return mix(~<u64>request);
    let key: u64 = 0;
    const end = min(this.blocks, whole);
    for (let i: u32 = 0; i < end; i++) key = mix(key ^ (<u64>prompts.block(request, i) + 1));
    return key;
  }

  choose(request: u32, _nowNs: u64): u32 {
    const ring = this.ring;
    const key = this.key(request);
    let low = 0;
    let high = ring.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (unchecked(ring[middle]) < key) low = middle + 1;
      else high = middle;
    }
    const most = this.most();
    let fallback: u32 = NONE;
    for (let i = 0; i < ring.length; i++) {
      const at = low + i < ring.length ? low + i : low + i - ring.length;
      const replica = <u32>unchecked(ring[at]);
      if (!this.town.isUp(replica)) continue;
      if (this.town.ledger.of(replica).requests < most) return replica;
      if (fallback == NONE) fallback = replica;
    }
    return fallback;
  }

  /** Requests that a replica may have, the new one among them. */
  private most(): u32 {
    if (this.bound == 0) return u32.MAX_VALUE;
    const mean = <f64>(this.town.ledger.inFlight + 1) / <f64>this.town.doors.length;
    return <u32>Math.ceil(max(this.bound, 1) * mean);
  }
}

function makeRing(town: Town, points: u32): StaticArray<u64> {
  const doors = town.doors;
  const ring = new StaticArray<u64>(doors.length * <i32>points);
  for (let d = 0; d < doors.length; d++) {
    const replica = unchecked(doors[d]);
    for (let p: u32 = 0; p < points; p++) {
      const hash = mix(mix(<u64>replica + 1) + p);
      unchecked(ring[d * points + p] = (hash & 0xffffffff00000000) | replica);
    }
  }
  sort(ring);
  return ring;
}

/**
 * Sorts in place, by a heap. The library's sort gives a buffer back that it has written to, and the
 * arena takes what was never handed out to be zero.
 */
function sort(values: StaticArray<u64>): void {
  for (let root = values.length >> 1; root-- > 0;) sink(values, root, values.length);
  for (let end = values.length - 1; end > 0; end--) {
    const largest = unchecked(values[0]);
    unchecked(values[0] = values[end]);
    unchecked(values[end] = largest);
    sink(values, 0, end);
  }
}

function sink(values: StaticArray<u64>, root: i32, end: i32): void {
  const value = unchecked(values[root]);
  let hole = root;
  while (true) {
    let child = (hole << 1) + 1;
    if (child >= end) break;
    if (child + 1 < end && unchecked(values[child + 1]) > unchecked(values[child])) child++;
    if (unchecked(values[child]) <= value) break;
    unchecked(values[hole] = values[child]);
    hole = child;
  }
  unchecked(values[hole] = value);
}
