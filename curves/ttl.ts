/**
 * Everything that a trace says about times to live, from one pass over its reuse.
 *
 * @module
 */
import { ABI_VERSION } from "../assembly/abi.ts";
import { resolveCapacities } from "../engine/choices.ts";
import { summarize } from "../engine/compare.ts";
import { FoldedReplayer } from "../engine/folded.ts";
import { hashOf } from "../engine/hierarchy_hash.ts";
import type { Touch } from "../engine/result.ts";
import { ENGINE_HASH } from "../engine/wasm.ts";
import { UsageError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import { billOf, DEFAULT_PLANS, tokensWithin } from "./bill.ts";
import type { BillPlan } from "./bill_result.ts";
import { type ReuseAges, reuseAges } from "./ttl_ages.ts";
import { agesAtCapacity, hitsUnder } from "./ttl_capacity.ts";
import { hitsWithin, ttlCurve } from "./ttl_curve.ts";
import { parseTtl } from "./ttl_duration.ts";
import { Residency } from "./ttl_residency.ts";
import type { TtlCurve, TtlResult, TtlRow } from "./ttl_result.ts";

/** What to ask of a trace; everything has a default. */
export interface TtlOptions {
  /** Times to live such as `60s`, `5m`, `1h`. Default {@linkcode DEFAULT_TTLS}. */
  readonly at?: readonly string[];
  /** Capacities of an LRU cache: blocks, shares of the distinct blocks, bytes. */
  readonly capacities?: readonly string[];
  /** Default `tail-first`, as serving engines do. */
  readonly touch?: Touch;
  /** Bytes of one full block; needed when a capacity is given in bytes. */
  readonly blockBytes?: number;
  /** What a provider charges. Default: none, and Anthropic's two lifetimes. */
  readonly plans?: readonly BillPlan[];
}

/** From a second to an hour. */
export const DEFAULT_TTLS: readonly string[] = ["1s", "10s", "60s", "5m", "10m", "30m", "1h"];

/** From a hundredth of the distinct blocks to half of them. */
const CAPACITIES: readonly string[] = ["1%", "5%", "10%", "25%", "50%"];

/**
 * Hits, cost and bill of every time to live.
 *
 * @throws {TraceError} If the trace has no arrival times.
 * @throws {UsageError} For a time or a capacity that makes no sense.
 *
 * @example
 * ```ts
 * import { openTrace, ttl } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
 * const { rows } = await ttl(trace, { at: ["60s", "5m"] });
 * const ratios = rows.map(({ hits }) => (hits / trace.accesses).toFixed(4));
 * assertEquals(ratios, ["0.1034", "0.2877", "0.3664"]);
 * ```
 */
export async function ttl(trace: Trace, options: TtlOptions = {}): Promise<TtlResult> {
  const { touch = "tail-first", blockBytes, plans = DEFAULT_PLANS } = options;
  const times = timesOf(options.at ?? DEFAULT_TTLS);
  const replayer = new FoldedReplayer(trace);
  const ages = reuseAges(trace, replayer.reuse(touch));
  const capacities = resolveCapacities(options.capacities ?? CAPACITIES, trace, blockBytes)
    .sort((a, b) => a - b);
  const curve = ttlCurve(ages);
  const residency = new Residency(ages);
  const content = {
    engine: { hash: ENGINE_HASH, abiVersion: ABI_VERSION },
    ...(blockBytes === undefined ? {} : { blockBytes }),
    touch,
    spanNs: residency.spanNs,
    inputTokens: trace.requests.inputTokens.reduce((sum, tokens) => sum + tokens, 0),
    rows: times.map((ttlNs) => rowOf(trace, ages, curve, residency, ttlNs)),
    curve,
    ages: capacities.map((blocks) => agesAtCapacity(ages, blocks, replayer.lru(blocks, touch))),
    together: capacities.flatMap((capacityBlocks) =>
      times.map((ttlNs) => ({ capacityBlocks, ttlNs, ...hitsUnder(ages, capacityBlocks, ttlNs) }))
    ),
    bill: billOf(trace, ages, plans),
  };
  const resultHash = await hashOf({ trace: trace.hash, ...content });
  return { trace: summarize(trace), ...content, resultHash };
}

function rowOf(
  trace: Trace,
  ages: ReuseAges,
  curve: TtlCurve,
  residency: Residency,
  ttlNs: number,
): TtlRow {
  return {
    ttlNs,
    hits: hitsWithin(curve.points, ttlNs),
    prefixHits: hitsWithin(curve.prefixPoints, ttlNs),
    hitTokens: tokensWithin(trace, ages, ttlNs).reduce((sum, tokens) => sum + tokens, 0),
    residentBlocksMean: residency.mean(ttlNs),
    residentBlocksPeak: residency.peak(ttlNs),
  };
}

/** Times in nanoseconds, rising, each once, the endless one last. */
function timesOf(texts: readonly string[]): number[] {
  const times = texts.map((text) => {
    try {
      return parseTtl(text);
    } catch (error) {
      throw new UsageError(
        { code: "usage/ttl", message: `Cannot choose times to live: ${(error as Error).message}` },
        [],
        { cause: error },
      );
    }
  });
  return [...new Set([...times, Infinity])].sort((a, b) => a - b);
}
