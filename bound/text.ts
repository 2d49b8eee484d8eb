/**
 * A bound in words, for the foot of a report.
 *
 * @module
 */
import type { HierarchyResult } from "../engine/hierarchy_result.ts";
import { gapToBound } from "./multi_tier_bound.ts";
import type { BoundMethod, BoundResult, SavingBound } from "./result.ts";

const METHODS: Readonly<Record<BoundMethod, string>> = {
  furthest: "exact: what is used furthest gives way",
  flow: "flow on the intervals between uses",
  layers: "layers of worth",
  prices: "prices of room",
};

/** Seconds, to the millisecond. */
function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)} s`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Aligned lines: label, value, note. */
function lines(rows: readonly (readonly [string, string, string])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(([label, value, note]) =>
    `  ${label.padEnd(widths[0])}  ${value.padStart(widths[1])}  ${note}`.trimEnd()
  );
}

/** Where the best schedule lies: between what surely can be had and the bound. */
function tightness({ boundNs, feasibleNs }: SavingBound): string {
  if (boundNs === feasibleNs) return "reached by a schedule that knows the future";
  const less = 1 - feasibleNs / boundNs;
  return `a schedule that knows the future saves ${seconds(feasibleNs)}, ` +
    (less < 5e-5 ? "less than 0.01 % below" : `${percent(less)} below`);
}

/**
 * Writes a bound as text, labelled as one; beside it how near a replay came.
 *
 * @param result A replay of the same trace and scenario.
 *
 * @example
 * ```ts
 * import { boundText, exampleHierarchy, multiTierBound, TraceBuilder } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 6]] });
 * const scenario = exampleHierarchy({
 *   capacityBlocks: [2, 2],
 *   prefill: { nsPerToken: 1e6, nsPerTokenSquared: 0 },
 * });
 * const bound = await multiTierBound(await builder.build(), scenario);
 * assertStringIncludes(boundText(bound), "at most 0.128 s");
 * ```
 */
export function boundText(bound: BoundResult, result?: HierarchyResult): string {
  const rows: [string, string, string][] = [];
  for (const [name, measure] of [["latency", "latency"], ["GPU time", "gpu"]] as const) {
    const saving = bound[measure];
    rows.push([`${name} saved, bound`, `at most ${seconds(saving.boundNs)}`, tightness(saving)]);
    if (result === undefined) continue;
    const { savedNs, ratio } = gapToBound(bound, result, measure);
    const share = savedNs < 0
      ? "loads and waiting took longer than what they saved"
      : `${percent(ratio)} of the bound`;
    rows.push([`${name} saved, this run`, seconds(savedNs), share]);
  }
  const parts = bound.latency.parts.map((part): [string, string, string] => {
    const which = part.tiers === 1 ? "fastest tier" : `fastest ${part.tiers} tiers`;
    return [which, seconds(part.boundNs), METHODS[part.method]];
  });
  return [
    "Bound (no policy saves more, whatever it knows)",
    ...lines(rows),
    ...(parts.length < 2 ? [] : ["Latency bound by tiers, each beyond what the next one saves"]),
    ...(parts.length < 2 ? [] : lines(parts)),
    ...bound.conditions.map((condition) => `  It holds under: ${condition}`),
  ].join("\n");
}
