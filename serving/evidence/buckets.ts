/**
 * Means over equal spans of time: what timelines are drawn from.
 *
 * @module
 */

/** Adds intervals up over equal spans of time, exactly, in constant time for each interval. */
export class TimeBuckets {
  readonly #whole: Float64Array;
  readonly #partial: Float64Array;

  /** `count` spans from `startNs` to `endNs`. */
  constructor(
    readonly startNs: number,
    readonly endNs: number,
    readonly count: number,
  ) {
    this.#whole = new Float64Array(count + 1);
    this.#partial = new Float64Array(count);
  }

  /** Nanoseconds of a span. */
  get widthNs(): number {
    return (this.endNs - this.startNs) / this.count;
  }

  /** Something of this weight was there from one time to another; what lies outside is dropped. */
  add(fromNs: number, toNs: number, weight = 1): void {
    const from = (Math.max(fromNs, this.startNs) - this.startNs) / this.widthNs;
    const to = (Math.min(toNs, this.endNs) - this.startNs) / this.widthNs;
    if (!(to > from)) return;
    const first = Math.floor(from);
    const last = Math.min(this.count - 1, Math.floor(to));
    if (first === last) {
      this.#partial[first] += weight * (to - from);
      return;
    }
    this.#partial[first] += weight * (first + 1 - from);
    this.#partial[last] += weight * (to - last);
    this.#whole[first + 1] += weight;
    this.#whole[last] -= weight;
  }

  /** Mean weight over each span. */
  means(): Float64Array {
    let standing = 0;
    return this.#partial.map((partial, at) => {
      standing += this.#whole[at];
      return partial + standing;
    });
  }

  /** The span that a time lies in. */
  indexOf(timeNs: number): number {
    const at = Math.floor((timeNs - this.startNs) / this.widthNs);
    return Math.min(this.count - 1, Math.max(0, at));
  }

  /** Middle of a span. */
  middleNs(at: number): number {
    return this.startNs + (at + 0.5) * this.widthNs;
  }
}
