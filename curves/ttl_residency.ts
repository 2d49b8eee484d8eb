/**
 * What a TTL costs: blocks that an endless cache holds while it waits for their reuse.
 *
 * A block lives from a touch until the TTL is over or its next touch comes, whichever is sooner.
 * Time is that of the trace, from the first arrival to the last.
 *
 * @module
 */
import type { ReuseAges } from "./ttl_ages.ts";

/** Blocks held at a TTL, over time. */
export class Residency {
  private readonly endNs: number;
  /** Blocks whose last touch ever is by this request. */
  private readonly abandoned: Float64Array;

  constructor(private readonly ages: ReuseAges) {
    const { runs, distinct, requestCount, arrivalNs } = ages;
    this.endNs = requestCount === 0 ? 0 : arrivalNs[requestCount - 1];
    this.abandoned = new Float64Array(requestCount);
    for (let row = 0; row < runs.count; row++) {
      this.abandoned[runs.request[row]] += distinct[row];
      if (ages.ageNs[row] !== Infinity) this.abandoned[runs.previousRequest[row]] -= distinct[row];
    }
  }

  /** From the first arrival to the last, in nanoseconds. */
  get spanNs(): number {
    return this.ages.requestCount === 0 ? 0 : this.endNs - this.ages.arrivalNs[0];
  }

  /** Mean over time; `null` where no time passes. */
  mean(ttlNs: number): number | null {
    if (this.spanNs === 0) return null;
    const { ageNs, distinct, arrivalNs } = this.ages;
    let blockNs = 0;
    for (let row = 0; row < ageNs.length; row++) {
      if (ageNs[row] !== Infinity) blockNs += distinct[row] * Math.min(ageNs[row], ttlNs);
    }
    for (let request = 0; request < arrivalNs.length; request++) {
      blockNs += this.abandoned[request] * Math.min(this.endNs - arrivalNs[request], ttlNs);
    }
    return blockNs / this.spanNs;
  }

  /** Most blocks held at any instant. */
  peak(ttlNs: number): number {
    const { runs, ageNs, distinct, requestCount, arrivalNs } = this.ages;
    const born = new Float64Array(requestCount);
    const dying = this.abandoned.slice();
    for (let row = 0; row < runs.count; row++) {
      if (ageNs[row] !== Infinity && ageNs[row] <= ttlNs) continue;
      born[runs.request[row]] += distinct[row];
      if (ageNs[row] !== Infinity) dying[runs.previousRequest[row]] += distinct[row];
    }
    let [held, most, oldest] = [0, 0, 0];
    for (let request = 0; request < requestCount; request++) {
      // A block is still there when the TTL ends, and gone after it.
      for (; arrivalNs[oldest] + ttlNs < arrivalNs[request]; oldest++) held -= dying[oldest];
      held += born[request];
      most = Math.max(most, held);
    }
    return most;
  }
}
