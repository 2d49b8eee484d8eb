/** Routers that give every candidate a cost, and take the one that costs least. */
import { Matcher } from "../view_match";
import { Candidates } from "./candidates";
import { Router, Town } from "./router";

export abstract class Cheapest extends Router {
  readonly candidates: Candidates;

  /** The requests in flight of all candidates: see `survey`. */
  protected fewest: u32 = 0;
  protected most: u32 = 0;
  protected sum: f64 = 0;
  protected squares: f64 = 0;

  /** @param matcher Of what the router takes replicas to hold, where that matters to it. */
  constructor(town: Town, readonly matcher: Matcher | null) {
    super(town);
    this.candidates = new Candidates(town, matcher);
  }

  /** Called before the candidates of a request are weighed. */
  prepare(_request: u32): void {}

  /** Of candidate `index`; of equal costs, fewer requests in flight win. */
  abstract cost(index: u32, request: u32): f64;

  choose(request: u32, _nowNs: u64): u32 {
    this.candidates.collect(request);
    this.prepare(request);
    return this.candidates.replica(this.least(request));
  }

  /** The candidate that costs least. */
  least(request: u32): u32 {
    let best: u32 = 0;
    let bestCost = this.cost(0, request);
    for (let i: u32 = 1; i < this.candidates.count; i++) {
      const cost = this.cost(i, request);
      if (cost > bestCost) continue;
      if (cost == bestCost && this.inFlight(i) >= this.inFlight(best)) continue;
      best = i;
      bestCost = cost;
    }
    return best;
  }

  /** Requests of this router that a candidate has. */
  @inline inFlight(index: u32): u32 {
    return this.town.ledger.of(this.candidates.replica(index)).requests;
  }

  /** Counts the requests in flight over all candidates. */
  protected survey(): void {
    this.fewest = u32.MAX_VALUE;
    this.most = 0;
    this.sum = 0;
    this.squares = 0;
    for (let i: u32 = 0; i < this.candidates.count; i++) {
      const load = this.inFlight(i);
      this.fewest = min(this.fewest, load);
      this.most = max(this.most, load);
      this.sum += <f64>load;
      this.squares += <f64>load * <f64>load;
    }
  }

  depth(request: u32, replica: u32): u32 {
    return this.matcher == null ? 0 : this.matcher!.depth(request, replica);
  }
}

/** Matches prompts against what the view says of HBM. */
export function seenBlocks(town: Town): Matcher {
  return new Matcher(town.prompts, town.view.watchBlocks().index);
}
