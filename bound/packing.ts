/**
 * A trace as intervals to be packed: what is kept from one use of a block to the next.
 *
 * Checkpoint `g` is the instant before request `g + 1` arrives. A block that request `i` used and
 * request `j` uses next is found only if it was held at the checkpoints `i … j − 1`, so it takes
 * room at each of them. Neighbours with the same interval and worth are one item of many pieces:
 * a folded trace stays nearly as small as its extents.
 *
 * @module
 */
import type { PrefillCost } from "../scenario/hierarchy.ts";
import type { Trace } from "../traces/trace.ts";

/** Items sorted by `to`, then by the depth of their blocks; all columns have one entry per item. */
export interface Packing {
  /** One more than the last checkpoint that matters. */
  readonly checkpoints: number;
  readonly length: number;
  /** First checkpoint at which the item takes room. */
  readonly from: Uint32Array;
  /** First checkpoint at which it does no more; `from = to` takes no room at all. */
  readonly to: Uint32Array;
  /** Blocks in the item. */
  readonly pieces: Float64Array;
  /** Room that one block takes: 1, or its bytes where blocks differ. */
  readonly unitsPerPiece: Float64Array;
  /** Nanoseconds of computing that one found block saves; where pieces differ, the most. */
  readonly computeNs: Float64Array;
  /** The same; where pieces differ, the least. */
  readonly leastComputeNs: Float64Array;
}

/** What a packing is made from. */
export interface PackingInput {
  readonly trace: Trace;
  readonly blockTokens: number;
  readonly prefill: PrefillCost;
  /** Requests whose savings do not count. */
  readonly warmupRequests: number;
  /** Bytes of each block, where they differ. */
  readonly blockBytes?: Uint32Array;
  /**
   * Longest time from the arrival of a request to the instant when its blocks are touched, by
   * request; absent where both are one instant.
   */
  readonly delayNs?: Float64Array;
}

/** Worths that differ by less are packed as one on traces with many accesses. */
const SPREAD = 1 / 256;
const EXACT_ACCESSES_MAX = 2e6;

/**
 * Time to compute a prompt of `total` tokens of which `cached` need not be, in whole nanoseconds:
 * the engine's own rounding, so that differences add up to what a replay counts.
 */
export function prefillNs(prefill: PrefillCost, total: number, cached: number): number {
  const exact = prefill.nsPerToken * (total - cached) +
    prefill.nsPerTokenSquared * (total * total - cached * cached);
  const rounded = Math.round(exact);
  return rounded - exact === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Time to compute all counted prompts without any cache, in nanoseconds. */
export function prefillNsOfAll(trace: Trace, prefill: PrefillCost, warmupRequests: number): number {
  let sum = 0;
  const { inputTokens } = trace.requests;
  for (let r = warmupRequests; r < trace.requestCount; r++) {
    sum += prefillNs(prefill, inputTokens[r], 0);
  }
  return sum;
}

/** Collects items; neighbours that differ in nothing become one. */
class Items {
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly pieces: number[] = [];
  private readonly units: number[] = [];
  private readonly most: number[] = [];
  private readonly least: number[] = [];

  constructor(private readonly spread: number) {}

  add(from: number, to: number, units: number, computeNs: number): void {
    const last = this.to.length - 1;
    const isSame = last >= 0 && this.from[last] === from && this.to[last] === to &&
      this.units[last] === units;
    if (isSame) {
      const most = Math.max(this.most[last], computeNs);
      const least = Math.min(this.least[last], computeNs);
      if (most <= least * (1 + this.spread)) {
        this.pieces[last]++;
        this.most[last] = most;
        this.least[last] = least;
        return;
      }
    }
    this.from.push(from);
    this.to.push(to);
    this.pieces.push(1);
    this.units.push(units);
    this.most.push(computeNs);
    this.least.push(computeNs);
  }

  packing(checkpoints: number): Packing {
    return {
      checkpoints,
      length: this.to.length,
      from: Uint32Array.from(this.from),
      to: Uint32Array.from(this.to),
      pieces: Float64Array.from(this.pieces),
      unitsPerPiece: Float64Array.from(this.units),
      computeNs: Float64Array.from(this.most),
      leastComputeNs: Float64Array.from(this.least),
    };
  }
}

/** All intervals between uses of a block whose second use counts. */
export function packIntervals(input: PackingInput): Packing {
  const { trace, blockTokens, prefill, warmupRequests, blockBytes } = input;
  const { firstExtent, inputTokens } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  const items = new Items(trace.accesses > EXACT_ACCESSES_MAX ? SPREAD : 0);
  const held = new Holding(input);
  for (let r = 0; r < trace.requestCount; r++) {
    const tokens = inputTokens[r];
    let covered = 0;
    let costNs = prefillNs(prefill, tokens, 0);
    for (let e = firstExtent[r]; e < firstExtent[r + 1]; e++) {
      const end = firstBlock[e] + blockCount[e];
      for (let block = firstBlock[e]; block < end; block++) {
        covered = Math.min(covered + blockTokens, tokens);
        const restNs = prefillNs(prefill, tokens, covered);
        const from = held.since(block, r);
        if (from >= 0 && r >= warmupRequests) {
          items.add(from, r, blockBytes === undefined ? 1 : blockBytes[block], costNs - restNs);
        }
        costNs = restNs;
        held.use(block, r);
      }
    }
  }
  return items.packing(trace.requestCount);
}

/** From which checkpoint on a block must have been held to be found. */
class Holding {
  /** Last request of each block, plus one; 0 before the first. */
  private readonly last: Uint32Array;
  /** When the last touch that can have inserted the block is over at the latest. */
  private readonly overNs?: Float64Array;
  private readonly arrivalNs?: Float64Array;
  private readonly warmup: number;

  constructor(private readonly input: PackingInput) {
    const { trace, delayNs } = input;
    this.last = new Uint32Array(trace.uniqueBlocks);
    this.warmup = input.warmupRequests;
    if (delayNs === undefined) return;
    this.overNs = new Float64Array(trace.uniqueBlocks);
    this.arrivalNs = trace.requests.arrivalNs;
  }

  /** The first checkpoint of the interval that ends with request `r`; -1 for a first use. */
  since(block: number, r: number): number {
    const before = this.last[block];
    if (before === 0) return -1;
    // What moved before counting began was not counted: only the time after it is looked at.
    const from = Math.min(r, Math.max(before - 1, this.warmup - 1));
    const { overNs, arrivalNs } = this;
    if (overNs === undefined || arrivalNs === undefined) return from;
    // The first checkpoint g, its instant being the arrival of g + 1, when all touches are over.
    let low = from;
    let high = r;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (arrivalNs[middle + 1] >= overNs[block]) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  use(block: number, r: number): void {
    this.last[block] = r + 1;
    const { overNs, arrivalNs } = this;
    if (overNs === undefined || arrivalNs === undefined) return;
    overNs[block] = Math.max(overNs[block], arrivalNs[r] + this.input.delayNs![r]);
  }
}
