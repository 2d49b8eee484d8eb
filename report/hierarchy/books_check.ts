/**
 * Whether the books of a result balance: what came in went out or is held, and nothing is counted
 * twice.
 *
 * @module
 */

import { CAUSES, type HierarchyResult, type TierResult } from "../../engine/hierarchy_result.ts";
import { formatCount } from "../format.ts";
import { movedBytes, sumTiers } from "./books.ts";

/** Which rules hold besides those that always do. */
export interface BooksOptions {
  /**
   * Traffic in is `bytesIn` of each tier: where all tiers have one scheme, and blocks move when
   * they are booked (not in timed movement, where a load may end after its block was evicted).
   */
  readonly flows?: boolean;
  /** `bytesIn` = `bytesOut` + held: where counting began with empty tiers. */
  readonly startsEmpty?: boolean;
}

/**
 * Finds the rules that a result breaks.
 *
 * @returns A sentence for each broken rule; none when the books balance.
 *
 * @example
 * ```ts
 * import { brokenBooks, EXAMPLE_RUN } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { result } = EXAMPLE_RUN;
 * assertEquals(brokenBooks(result), []);
 * assertEquals(brokenBooks({ ...result, misses: 62_999 }), [
 *   "hits + misses are not the look-ups: 99,999, not 100,000",
 * ]);
 * ```
 */
export function brokenBooks(result: HierarchyResult, options: BooksOptions = {}): string[] {
  const broken: string[] = [];
  const equal = (what: string, found: number, expected: number) => {
    if (found === expected) return;
    broken.push(`${what}: ${formatCount(found)}, not ${formatCount(expected)}`);
  };
  const atMost = (what: string, found: number, most: number) => {
    if (found > most) broken.push(`${what}: ${formatCount(found)} of ${formatCount(most)}`);
  };
  const { prefetch, lookups, misses } = result;
  equal(
    "hits + misses are not the look-ups",
    sumTiers(result, (tier) => tier.hits) + misses,
    lookups,
  );
  equal(
    "useful + late + wasted are not the prefetches",
    prefetch.useful + prefetch.late + prefetch.wasted,
    prefetch.requested,
  );
  atMost("more recomputed than missed", result.recomputedBlocks, misses);
  atMost("more hit tokens than prompt tokens", result.hitTokens, result.inputTokens);
  for (const tier of result.tiers) checkTier(tier, atMost);
  checkMatrix(result, equal, atMost);
  checkSamples(result, equal, atMost);
  if (options.startsEmpty === true) {
    for (const { name, bytesIn, bytesOut, usedBytes } of result.tiers) {
      equal(`bytes into ${name} are not bytes out and held`, bytesIn, bytesOut + usedBytes);
    }
  }
  if (options.flows !== true) return broken;
  result.tiers.forEach(({ name, bytesIn, bytesOut }, tier) => {
    equal(
      `traffic into ${name} is not its bytes in`,
      movedBytes(result, { target: tier }),
      bytesIn,
    );
    atMost(
      `more traffic out of ${name} than bytes out`,
      movedBytes(result, { source: tier }),
      bytesOut,
    );
  });
  return broken;
}

type Rule = (what: string, found: number, expected: number) => void;

function checkTier(tier: TierResult, atMost: Rule): void {
  const { name } = tier;
  atMost(`more prefix hits than hits in ${name}`, tier.prefixHits, tier.hits);
  atMost(`more held than the peak of ${name}`, tier.usedBytes, tier.peakBytes);
  atMost(`more than the capacity of ${name}`, tier.peakBytes, tier.capacityBytes);
}

function checkMatrix(
  { tiers, trafficBytes, demotedBytes }: HierarchyResult,
  equal: Rule,
  atMost: Rule,
) {
  const places = tiers.length + 1;
  equal("causes of traffic", trafficBytes.length, CAUSES.length);
  trafficBytes.forEach((rows, cause) => {
    equal(`sources of ${CAUSES[cause]}`, rows.length, places);
    let down = 0;
    rows.forEach((cells, source) => {
      equal(`targets of ${CAUSES[cause]}`, cells.length, places);
      equal(`${CAUSES[cause]} moved from a place to itself`, cells[source], 0);
      down += cells.slice(source + 1, tiers.length).reduce((sum, bytes) => sum + bytes, 0);
    });
    atMost(`more demoted than moved down for ${CAUSES[cause]}`, demotedBytes[cause], down);
  });
}

function checkSamples({ tiers, samples, lookups }: HierarchyResult, equal: Rule, atMost: Rule) {
  if (samples.length === 0) return;
  const sum = samples.reduce((all, one) => all + one.lookups, 0);
  equal("look-ups of the samples are not those of the run", sum, lookups);
  tiers.forEach(({ name, hits, capacityBytes }, tier) => {
    const sampled = samples.reduce((all, one) => all + one.hits[tier], 0);
    equal(`hits of the samples are not those of ${name}`, sampled, hits);
    const most = samples.reduce((most, { usedBytes }) => Math.max(most, usedBytes[tier]), 0);
    atMost(`a sample above the capacity of ${name}`, most, capacityBytes);
  });
}
