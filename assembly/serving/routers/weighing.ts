/** Routers that weigh what is seen of caches against what is known of load. */
import { Cheapest, seenBlocks } from "./cheapest";
import { History } from "./history";
import { Router, Town } from "./router";

/**
 * llm-d's scorers: the share of the prompt that is held, how short the queue is among the
 * candidates, and how much KV is free, each from 0 to 1, each with a weight.
 */
@final export class LlmD extends Cheapest {
  private readonly history: History | null;
  private shortest: u32 = 0;
  private longest: u32 = 0;
  private whole: f64 = 0;

  constructor(town: Town) {
    const history = town.parameter(3) > 0 ? new History(town, town.parameter(3)) : null;
    super(town, history == null ? seenBlocks(town) : history.matcher);
    this.history = history;
    town.view.watchLoad();
  }

  prepare(request: u32): void {
    this.shortest = u32.MAX_VALUE;
    this.longest = 0;
    for (let i: u32 = 0; i < this.candidates.count; i++) {
      const waiting = this.town.view.of(this.candidates.replica(i)).waiting;
      this.shortest = min(this.shortest, waiting);
      this.longest = max(this.longest, waiting);
    }
    this.whole = <f64>max(1, this.town.prompts.wholeBlocks(request));
  }

  cost(index: u32, _request: u32): f64 {
    const replica = this.candidates.replica(index);
    const seen = this.town.view.of(replica);
    const queue = this.longest == this.shortest
      ? 1
      : <f64>(this.longest - seen.waiting) / <f64>(this.longest - this.shortest);
    const free = 1 - <f64>seen.held / <f64>this.town.record(replica).blocks;
    const prefix = <f64>this.candidates.depth(index) / this.whole;
    return -(this.town.parameter(0) * prefix + this.town.parameter(1) * queue +
      this.town.parameter(2) * free);
  }

  send(request: u32, replica: u32): void {
    super.send(request, replica);
    if (this.history != null) this.history!.remember(request, replica);
  }
}

/**
 * Dynamo's cost in blocks: those to prefill, what the replica has to prefill already among them,
 * less the overlap; and those that it decodes. Load is the router's own prediction.
 */
@final export class Dynamo extends Cheapest {
  private readonly costs: StaticArray<f64>;

  constructor(town: Town) {
    super(town, seenBlocks(town));
    this.costs = new StaticArray<f64>(town.doors.length);
  }

  cost(index: u32, request: u32): f64 {
    const town = this.town;
    const account = town.ledger.of(this.candidates.replica(index));
    const blockTokens = <f64>town.prompts.blockTokens;
    const tokens = <f64>account.tokens + <f64>town.prompts.tokens(request);
    const credit = town.parameter(1) * <f64>this.candidates.depth(index);
    return town.parameter(0) * max(0, tokens / blockTokens - credit) + <f64>account.blocks +
      town.parameter(2) * <f64>account.requests;
  }

  choose(request: u32, nowNs: u64): u32 {
    const temperature = this.town.parameter(3);
    if (temperature == 0) return super.choose(request, nowNs);
    this.candidates.collect(request);
    return this.candidates.replica(this.draw(request, temperature));
  }

  /** Draws a candidate by the softmax of costs between their least and their most. */
  private draw(request: u32, temperature: f64): u32 {
    const count = this.candidates.count;
    let least = Infinity;
    let most = -Infinity;
    for (let i: u32 = 0; i < count; i++) {
      const cost = this.cost(i, request);
      unchecked(this.costs[i] = cost);
      least = min(least, cost);
      most = max(most, cost);
    }
    const range = most > least ? most - least : 1;
    let sum: f64 = 0;
    for (let i: u32 = 0; i < count; i++) {
      sum += Math.exp((least - unchecked(this.costs[i])) / (range * temperature));
      unchecked(this.costs[i] = sum);
    }
    const point = this.town.random.unit() * sum;
    for (let i: u32 = 0; i < count; i++) {
      if (unchecked(this.costs[i]) > point) return i;
    }
    return count - 1;
  }
}

/**
 * production-stack's KV-aware rule: the longest match that is seen, when it lacks no more than some
 * tokens of the prompt; else the session's replica, and without a session the fewest requests.
 */
@final export class ProductionStackKv extends Cheapest {
  constructor(town: Town, private readonly fallback: Router) {
    super(town, seenBlocks(town));
  }

  choose(request: u32, nowNs: u64): u32 {
    this.candidates.collect(request);
    const best = this.least(request);
    const depth = this.candidates.depth(best);
    const missing = <f64>this.town.prompts.missing(request, depth);
    // A short prompt lacks few tokens where nothing of it is held, and that is no match.
    if (depth > 0 && missing <= this.town.parameter(0)) return this.candidates.replica(best);
    return this.fallback.choose(request, nowNs);
  }

  cost(index: u32, _request: u32): f64 {
    return -<f64>this.candidates.depth(index);
  }
}
