/**
 * How much memory a trace needs: for a share of what an endless cache would serve, and in which mix
 * of tiers.
 *
 * @module
 */
import { ABI_VERSION } from "../assembly/abi.ts";
import { summarize } from "../engine/compare.ts";
import { FoldedReplayer } from "../engine/folded.ts";
import { hashOf } from "../engine/hierarchy_hash.ts";
import type { Touch } from "../engine/result.ts";
import { ENGINE_HASH } from "../engine/wasm.ts";
import { UsageError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import { capacityFor, type Curve, type CurvePoint, hitsAt } from "./curve.ts";
import { lruCurve } from "./lru_curve.ts";
import { mixesOf, type MixOptions } from "./size_mixes.ts";
import type { SizeResult, SizeRow } from "./size_result.ts";
import { entriesCurve } from "./surface_writes.ts";

/** What to ask of a trace; everything has a default. */
export interface SizeOptions {
  /** Share of the ceiling to reach, above 0 and at most 1. Default 0.9. */
  readonly target?: number;
  /** Shares beside the target. Default {@linkcode DEFAULT_SHARES}. */
  readonly shares?: readonly number[];
  /** Default `tail-first`, as serving engines do. */
  readonly touch?: Touch;
  /** Bytes of one full block. */
  readonly blockBytes?: number;
  /** Tiers to mix; none are weighed when absent. */
  readonly mix?: MixOptions;
}

/** Shares of the ceiling that a table shows. */
export const DEFAULT_SHARES: readonly number[] = [0.5, 0.8, 0.9, 0.95, 0.99];

/** Samples of the curve for each doubling of the capacity. */
const SAMPLES_PER_DOUBLING = 4;

/**
 * Sizes a cache.
 *
 * The ceiling is what an endless prefix cache serves; shares are of its prefix hits.
 *
 * @throws {UsageError} If a share is not above 0 and at most 1, or tiers cannot be weighed.
 * @throws {TraceError} If tiers are to be weighed and the trace has no arrival times.
 *
 * @example
 * ```ts
 * import { openTrace, size } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
 * const { rows } = await size(trace, { target: 0.9, shares: [] });
 * assertEquals(rows[0].prefixHits >= 0.9 * 105_710, true);
 * ```
 */
export async function size(trace: Trace, options: SizeOptions = {}): Promise<SizeResult> {
  const { target = 0.9, shares = DEFAULT_SHARES, touch = "tail-first", blockBytes } = options;
  const asked = [...new Set([...shares, target])].map(checkShare).sort((a, b) => a - b);
  const replayer = new FoldedReplayer(trace);
  const runs = replayer.reuse(touch);
  const curve = lruCurve(runs);
  const optimum = new OptimumSizes(replayer, touch);
  const ceilingPrefixHits = curve.prefixPoints.at(-1)?.[1] ?? 0;
  const content = {
    engine: { hash: ENGINE_HASH, abiVersion: ABI_VERSION },
    ...(blockBytes === undefined ? {} : { blockBytes }),
    touch,
    target,
    ceilingPrefixHits,
    ceilingBlockHits: curve.points.at(-1)?.[1] ?? 0,
    rows: asked.map((share) => rowOf(share, ceilingPrefixHits, curve, optimum)),
    samples: samplesOf(curve.prefixPoints),
    ...(options.mix === undefined ? {} : {
      mixes: mixesOf(trace, options.mix, {
        target,
        requiredHits: neededHits(target, ceilingPrefixHits),
        points: curve.prefixPoints,
        entries: entriesCurve(runs),
      }),
    }),
  };
  const resultHash = await hashOf({ trace: trace.hash, ...content });
  return { trace: summarize(trace), ...content, resultHash };
}

/** Whole hits that make up a share; a product that is off by rounding asks for no hit more. */
export function neededHits(share: number, ceiling: number): number {
  return Math.ceil(share * ceiling - 1e-6);
}

function rowOf(share: number, ceiling: number, curve: Curve, optimum: OptimumSizes): SizeRow {
  const needed = neededHits(share, ceiling);
  const capacityBlocks = capacityFor(curve.prefixPoints, needed) ?? 0;
  return {
    share,
    capacityBlocks,
    prefixHits: hitsAt(curve.prefixPoints, capacityBlocks),
    blockHits: hitsAt(curve.points, capacityBlocks),
    optimumBlocks: optimum.fewest(needed, capacityBlocks),
  };
}

/**
 * Fewest blocks with which the optimum has so many prefix hits, by halving; exact. Asked for more
 * and more hits, so that each answer is the least that the next can be.
 */
class OptimumSizes {
  private readonly known = new Map<number, number>();
  private least = 1;

  constructor(private readonly replayer: FoldedReplayer, private readonly touch: Touch) {}

  /** @param enough A capacity that has them: that of any policy. */
  fewest(hits: number, enough: number): number {
    if (hits <= 0) return 0;
    let [low, high] = [Math.min(this.least, enough), enough];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.hits(middle) >= hits) high = middle;
      else low = middle + 1;
    }
    return this.least = low;
  }

  private hits(capacityBlocks: number): number {
    let hits = this.known.get(capacityBlocks);
    if (hits === undefined) {
      hits = this.replayer.optimal(capacityBlocks, this.touch).prefixHits;
      this.known.set(capacityBlocks, hits);
    }
    return hits;
  }
}

function samplesOf(points: readonly CurvePoint[]): CurvePoint[] {
  const last = points.at(-1)?.[0] ?? 0;
  const capacities = new Set<number>();
  for (let step = 0; 2 ** (step / SAMPLES_PER_DOUBLING) < last; step++) {
    capacities.add(Math.round(2 ** (step / SAMPLES_PER_DOUBLING)));
  }
  return [...capacities, last].map((capacity) => [capacity, hitsAt(points, capacity)]);
}

function checkShare(share: number): number {
  if (share > 0 && share <= 1) return share;
  throw new UsageError({
    code: "usage/target",
    message: "Cannot size: the target is no share of the ceiling",
    found: String(share),
    expected: "a number above 0 and at most 1, such as 0.9, or a percentage such as 90%",
  });
}
