/**
 * The results of a comparison as a reader meets them: one group per capacity, the bound on top.
 *
 * @module
 */

import type { Comparison, RunResult, Touch } from "../engine/result.ts";
import { visible } from "./format.ts";
import { DRAW_RATIO } from "./metric_values.ts";

/** One line of a table: a policy, or the optimum as a bound. */
export interface Row {
  /** Name of the policy, with whatever else tells it from its neighbours. */
  readonly label: string;
  /** The optimum, which reads the future; all others are online. */
  readonly isBound: boolean;
  /** It reads the future and yet bounds nobody: `optimal-demand` where requests are one instant. */
  readonly isSchedule?: boolean;
  /** Absent for a bound whose own replay was not asked for. */
  readonly result?: RunResult;
}

/** How an online policy stands against LRU at the same capacity. */
export type Standing =
  /** The best online policy here, a point or more above LRU. */
  | "best"
  /** A point or more above LRU. */
  | "above"
  /** Within one point of LRU. */
  | "draw"
  /** A point or more below LRU. */
  | "below";

/** All runs at one capacity and touch order. */
export interface CapacityGroup {
  readonly capacityBlocks: number;
  readonly touch: Touch;
  /** Any run of the group: carries what all share (accesses, hits of the optimum and of LRU). */
  readonly shared: RunResult;
  /**
   * The bounds first, by hits; then the online policies by prefix hits, most first; among equals
   * LRU first, then by label.
   */
  readonly rows: readonly Row[];
  /** Most prefix hits among the online policies. */
  readonly bestOnline?: Row & { readonly result: RunResult };
}

/**
 * Tells whether a policy reads the future: the ones called optimal do, and furthest-next-use.
 *
 * Such a policy is never a candidate. Gaps are measured to `optimal` itself.
 */
export function seesFuture(policy: string): boolean {
  return policy === "optimal" || policy.startsWith("optimal-") || policy === "furthest-next-use";
}

/** The label as readers see it: whoever reads the future is marked. */
export function shownName(row: Pick<Row, "label" | "isBound" | "isSchedule">): string {
  if (!row.isBound) return row.label;
  return `${row.label} ${row.isSchedule === true ? "(oracle)" : "(bound)"}`;
}

/** Compares strings by code units: the same on every host. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Writes parameters as the command line takes them: `small=0.1;ghost=0.9`, in their own order. */
export function parametersText(parameters: Readonly<Record<string, number>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`).join(";");
}

/**
 * Gives every result the shortest label that tells it from the others of its policy.
 *
 * Parameters, seed and touch order are named only where they differ, admission where it filters.
 */
export function labels(results: readonly RunResult[]): string[] {
  const touches = new Set(results.map((run) => run.touch));
  const byPolicy = new Map<string, RunResult[]>();
  for (const run of results) byPolicy.set(run.policy, [...byPolicy.get(run.policy) ?? [], run]);
  return results.map((run) => {
    const siblings = byPolicy.get(run.policy) ?? [];
    const differing = Object.entries(run.parameters)
      .filter(([name, value]) => siblings.some((other) => other.parameters[name] !== value));
    let label = run.policy;
    if (differing.length > 0) label += `(${parametersText(Object.fromEntries(differing))})`;
    if (run.admission !== "always") label += ` +${run.admission}`;
    if (siblings.some((other) => other.seed !== run.seed)) label += ` #${run.seed}`;
    if (touches.size > 1) label += ` ${run.touch}`;
    return visible(label);
  });
}

/** The parameters that each policy ran with, defaults included, once per label that has any. */
export function parametersInForce({ results }: Comparison): [label: string, text: string][] {
  const names = labels(results);
  const texts = results.map((run) => visible(parametersText(run.parameters)));
  return [...new Map(names.map((name, index) => [name, texts[index]]))]
    .filter(([, text]) => text !== "");
}

/** Splits a comparison into groups: touch orders as they first appear, capacities rising. */
export function groupByCapacity(comparison: Comparison): CapacityGroup[] {
  const { results } = comparison;
  const names = labels(results);
  const touches = [...new Set(results.map((run) => run.touch))];
  const groups = new Map<string, Row[]>();
  results.forEach((result, index) => {
    const key = `${result.touch} ${result.capacityBlocks}`;
    const rows = groups.get(key) ?? [];
    const isBound = seesFuture(result.policy);
    const isSchedule = isBound && result.policy !== "optimal" && result.touch === "tail-first";
    rows.push({ label: names[index], isBound, isSchedule, result });
    groups.set(key, rows);
  });
  return [...groups.values()].map(groupOf).sort((left, right) =>
    touches.indexOf(left.touch) - touches.indexOf(right.touch) ||
    left.capacityBlocks - right.capacityBlocks
  );
}

function groupOf(unsorted: readonly Row[]): CapacityGroup {
  const shared = unsorted[0].result!;
  const online = unsorted.filter((row) => !row.isBound).sort(by((run) => run.prefixHits));
  const bounds = unsorted.filter((row) => row.isBound).sort(by((run) => run.hits));
  if (bounds.every((row) => row.result?.policy !== "optimal")) {
    bounds.unshift({ label: "optimal", isBound: true });
  }
  const best = online[0];
  return {
    capacityBlocks: shared.capacityBlocks,
    touch: shared.touch,
    shared,
    rows: [...bounds, ...online],
    ...(best?.result === undefined ? {} : { bestOnline: { ...best, result: best.result } }),
  };
}

function by(count: (run: RunResult) => number): (left: Row, right: Row) => number {
  return (left, right) =>
    count(right.result!) - count(left.result!) ||
    Number(right.result!.policy === "lru") - Number(left.result!.policy === "lru") ||
    byCodeUnits(left.label, right.label);
}

/** Places an online run against LRU by prefix hits; the best one is none where LRU draws with it. */
export function standing(group: CapacityGroup, run: RunResult): Standing {
  const lead = leadOverLru(run);
  if (Math.abs(lead) < DRAW_RATIO) return "draw";
  if (lead < 0) return "below";
  return run.prefixHits === group.bestOnline?.result.prefixHits ? "best" : "above";
}

/** Prefix hit ratio minus that of plain LRU at the same capacity; 0 for an empty trace. */
export function leadOverLru(run: RunResult): number {
  return run.accesses > 0 ? (run.prefixHits - run.lruPrefixHits) / run.accesses : 0;
}

/** One policy along all capacities, for charts and matrices. */
export interface Series {
  readonly label: string;
  readonly isBound: boolean;
  /** As {@linkcode Row}'s. */
  readonly isSchedule: boolean;
  /** One entry per group of {@linkcode groupByCapacity}; absent where it was not run. */
  readonly rows: readonly (Row | undefined)[];
}

/** Turns groups into series: bounds first, then by mean prefix hits, most first. */
export function seriesOf(groups: readonly CapacityGroup[]): Series[] {
  const found = new Map<string, (Row | undefined)[]>();
  groups.forEach((group, index) => {
    for (const row of group.rows) {
      const rows = found.get(row.label) ?? groups.map(() => undefined);
      rows[index] = row;
      found.set(row.label, rows);
    }
  });
  return [...found]
    .map(([label, rows]) => ({
      label,
      rows,
      isBound: rows.some((row) => row?.isBound),
      isSchedule: rows.some((row) => row?.isSchedule === true),
    }))
    .sort((left, right) =>
      Number(right.isBound) - Number(left.isBound) ||
      Number(right.label === "optimal") - Number(left.label === "optimal") ||
      meanPrefixHits(right.rows) - meanPrefixHits(left.rows) ||
      byCodeUnits(left.label, right.label)
    );
}

function meanPrefixHits(rows: readonly (Row | undefined)[]): number {
  const hits = rows.flatMap((row) => row?.result === undefined ? [] : [row.result.prefixHits]);
  return hits.length === 0 ? 0 : hits.reduce((sum, value) => sum + value, 0) / hits.length;
}

/** The capacity at which LRU is furthest below the optimum: where the policy matters most. */
export function decisiveGroup(groups: readonly CapacityGroup[]): CapacityGroup {
  const room = (group: CapacityGroup) => group.shared.optimalHits - group.shared.lruPrefixHits;
  return groups.reduce((found, group) => room(group) > room(found) ? group : found);
}
