/**
 * Routers that look at load only. Load is the router's own count of requests that have not ended,
 * or with `own=0` the requests that a replica was seen to have.
 */
import { Cheapest } from "./cheapest";
import { Router, Town } from "./router";

/** Each replica as likely. */
@final export class RandomRouter extends Router {
  choose(_request: u32, _nowNs: u64): u32 {
    return this.town.randomDoor();
  }
}

/** Requests of a replica. */
function loadOf(town: Town, replica: u32, own: bool): u32 {
  if (own) return town.ledger.of(replica).requests;
  const seen = town.view.of(replica);
  return seen.waiting + seen.running;
}

/** The fewest requests. */
@final export class LeastLoaded extends Cheapest {
  private readonly own: bool;

  constructor(town: Town) {
    super(town, null);
    this.own = town.parameter(0) != 0;
    if (!this.own) town.view.watchLoad();
  }

  cost(index: u32, _request: u32): f64 {
    return <f64>loadOf(this.town, this.candidates.replica(index), this.own);
  }
}

/** Of a few drawn at random, the fewest requests. */
@final export class PowerOfTwo extends Router {
  private readonly draws: u32;
  private readonly own: bool;

  constructor(town: Town) {
    super(town);
    this.draws = <u32>town.parameter(0);
    this.own = town.parameter(1) != 0;
    if (!this.own) town.view.watchLoad();
  }

  choose(_request: u32, _nowNs: u64): u32 {
    let best = this.town.randomDoor();
    for (let i: u32 = 1; i < this.draws; i++) {
      const other = this.town.randomDoor();
      if (loadOf(this.town, other, this.own) < loadOf(this.town, best, this.own)) best = other;
    }
    return best;
  }
}
