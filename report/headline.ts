/**
 * The measure of every headline, ranking, matrix and curve: prefix hits, as only they save work.
 *
 * @module
 */

import type { RunResult } from "../engine/result.ts";
import { NO_VALUE } from "./format.ts";
import { metric, metricText } from "./metric_text.ts";
import { DRAW_RATIO } from "./metric_values.ts";
import type { CapacityGroup, Row, Series } from "./series.ts";

/** What stands under the headline measure for a row: which metric of which run. */
function headline(row: Row, group: CapacityGroup): readonly [name: string, run: RunResult] {
  if (row.result === undefined) return ["optimalHitRatio", group.shared];
  return [row.isBound ? "blockHitRatio" : "prefixHitRatio", row.result];
}

/** Prefix hit ratio of an online policy; of a bound its block hits, which bound all prefix hits. */
export function headlineRatio(row: Row, group: CapacityGroup): number | null {
  const [name, run] = headline(row, group);
  return metric(name).value(run);
}

/** {@linkcode headlineRatio} in percent, for a table. */
export function headlineText(row: Row | undefined, group: CapacityGroup): string {
  if (row === undefined) return NO_VALUE;
  const [name, run] = headline(row, group);
  return metricText(name, run);
}

/** A line under a matrix: the gap to the optimum at each capacity, in points. */
export interface GapLine {
  readonly label: string;
  /** One text per group. */
  readonly cells: readonly string[];
}

/** The gaps that a matrix ends with: of the best online policy there, and of LRU. */
export function gapLines(groups: readonly CapacityGroup[]): GapLine[] {
  const gap = (run: RunResult | undefined) =>
    run === undefined ? NO_VALUE : metricText("prefixGapToOptimal", run);
  const lru = ({ shared }: CapacityGroup) => ({ ...shared, prefixHits: shared.lruPrefixHits });
  const best = groups.map(({ bestOnline }) => bestOnline?.result);
  if (best.every((run) => run === undefined)) return [];
  return [
    { label: "gap of the best", cells: best.map(gap) },
    { label: "gap of lru", cells: groups.map((group) => gap(lru(group))) },
  ];
}

/** The most hits behind a miss that a policy has at any capacity, as a ratio of the look-ups. */
export function mostUnusable(series: Series): number {
  const { value } = metric("unusableHitRatio");
  return Math.max(0, ...series.rows.map((row) => (row?.result && value(row.result)) || 0));
}

/** Whether some policy has a point or more of hits behind a miss, so that tables show them. */
export function hasUnusable(series: readonly Series[]): boolean {
  return series.some((one) => mostUnusable(one) >= DRAW_RATIO);
}
