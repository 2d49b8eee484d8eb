/**
 * Routers that guess what replicas hold from the prompts that they sent there, and leave prefixes
 * alone where load is uneven. Their text trees are block indices here, sized in tokens.
 */
import { Cheapest } from "./cheapest";
import { History } from "./history";
import { Town } from "./router";

/** A router with a memory of its own. */
abstract class Remembering extends Cheapest {
  constructor(town: Town, readonly history: History) {
    super(town, history.matcher);
  }

  send(request: u32, replica: u32): void {
    super.send(request, replica);
    this.history.remember(request, replica);
  }
}

/**
 * SGLang's cache-aware rule: the fewest requests when loads are uneven; else the longest match,
 * when it covers enough of the prompt; else the fewest requests (or the smallest tree).
 */
@final export class SglangCacheAware extends Remembering {
  private readonly threshold: f64;
  private readonly apart: f64;
  private readonly times: f64;
  private readonly smallestTree: bool;
  private byPrefix: bool = false;
  private uneven: bool = false;

  constructor(town: Town) {
    super(town, new History(town, town.parameter(3)));
    this.threshold = town.parameter(0);
    this.apart = town.parameter(1);
    this.times = town.parameter(2);
    this.smallestTree = town.parameter(4) != 0;
  }

  prepare(request: u32): void {
    this.survey();
    this.uneven = <f64>(this.most - this.fewest) > this.apart &&
      <f64>this.most > this.times * <f64>this.fewest;
    let deepest: u32 = 0;
    for (let i: u32 = 0; i < this.candidates.count; i++) {
      deepest = max(deepest, this.candidates.depth(i));
    }
    const whole = max(1, this.town.prompts.wholeBlocks(request));
    this.byPrefix = !this.uneven && <f64>deepest / <f64>whole > this.threshold;
  }

  cost(index: u32, _request: u32): f64 {
    if (this.byPrefix) return -<f64>this.candidates.depth(index);
    if (this.uneven || !this.smallestTree) return <f64>this.inFlight(index);
    return <f64>this.history.size(this.candidates.replica(index));
  }
}

/**
 * AIBrix's rule: the fewest requests when loads are far apart; else the longest match, of equal
 * ones the fewest requests, among replicas whose load is not above the mean by some deviations.
 */
@final export class Aibrix extends Remembering {
  private readonly apart: f64;
  private readonly deviations: f64;
  private limit: f64 = 0;

  constructor(town: Town) {
    super(town, new History(town, town.parameter(2)));
    this.apart = town.parameter(0);
    this.deviations = town.parameter(1);
  }

  prepare(_request: u32): void {
    this.survey();
    const count = <f64>this.candidates.count;
    const mean = this.sum / count;
    const variance = max(0, this.squares / count - mean * mean);
    this.limit = <f64>(this.most - this.fewest) > this.apart
      ? -1
      : mean + this.deviations * Math.sqrt(variance);
  }

  cost(index: u32, _request: u32): f64 {
    const load = <f64>this.inFlight(index);
    const depth = this.candidates.depth(index);
    return depth > 0 && load <= this.limit ? -<f64>depth : load;
  }
}

/** production-stack's prefix-aware rule: any of the deepest matches, whatever the load. */
@final export class ProductionStackPrefix extends Remembering {
  constructor(town: Town) {
    // It never forgets.
    super(town, new History(town, f64.MAX_VALUE));
  }

  choose(request: u32, _nowNs: u64): u32 {
    this.candidates.collect(request);
    let deepest: u32 = 0;
    let equals: u32 = 0;
    let chosen: u32 = 0;
    for (let i: u32 = 0; i < this.candidates.count; i++) {
      const depth = this.candidates.depth(i);
      if (depth < deepest) continue;
      equals = depth > deepest ? 1 : equals + 1;
      deepest = depth;
      if (this.town.random.below(equals) == 0) chosen = i;
    }
    return this.candidates.replica(chosen);
  }

  cost(index: u32, _request: u32): f64 {
    return -<f64>this.candidates.depth(index);
  }
}
