/**
 * The columns of the table of tiers, the same in text, Markdown and HTML.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { visible } from "../format.ts";
import type { Run } from "./metric.ts";
import { runMetric, tierText, tierValue } from "./metrics.ts";

/** One column: a metric, and how easily it can be left out; 0 always stays. */
export interface TierColumn {
  readonly name: string;
  readonly expendable: number;
}

/** What a reader asks first; what is the same for all tiers (all nothing) is left out. */
const COLUMNS: readonly TierColumn[] = [
  { name: "capacityBytes", expendable: 0 },
  { name: "peakRatio", expendable: 5 },
  { name: "hitRatio", expendable: 1 },
  { name: "prefixHitRatio", expendable: 0 },
  { name: "readBytes", expendable: 2 },
  { name: "writtenBytes", expendable: 2 },
  { name: "evictions", expendable: 7 },
  { name: "readBusyRatio", expendable: 4 },
  { name: "writeBusyRatio", expendable: 4 },
  { name: "waitNsMean", expendable: 6 },
  { name: "loadNsPerBlock", expendable: 8 },
  { name: "dollarsPerHour", expendable: 3 },
  { name: "dollarsPerGpuHourSaved", expendable: 9 },
];

/** Columns that would hold nothing but zeros or dashes say nothing. */
export function tierColumns(run: Run): TierColumn[] {
  const tiers = [...run.result.tiers.keys()];
  return COLUMNS.filter(({ name }) =>
    name === "hitRatio" || tiers.some((tier) => (tierValue(run, name, tier) ?? 0) !== 0)
  );
}

/** The head of a column: its label and, for ratios, that it is in percent. */
export function tierHead(name: string): string {
  const { label, format } = runMetric(name, "tier");
  return format === "percent" ? `${label}, %` : label;
}

/** A cell of the table of tiers. */
export function tierCell(run: Run, name: string, tier: number): string {
  return tierText(run, name, tier);
}

/** A tier's name with its policy and, where tiers differ in it, its scheme. */
export function tierLabels({ result, scenario }: Run): string[] {
  const schemes = new Set(scenario.tiers.map(({ scheme }) => scheme.name));
  return result.tiers.map(({ name, policy }, tier) => {
    const scheme = schemes.size > 1 ? ` ${scenario.tiers[tier].scheme.name}` : "";
    return visible(`${name}${scheme} (${policy})`);
  });
}

/** Share of its capacity that a tier held, sample by sample. */
export function residency({ samples, tiers }: HierarchyResult, tier: number): number[] {
  const { capacityBytes } = tiers[tier];
  return samples.map(({ usedBytes }) => capacityBytes > 0 ? usedBytes[tier] / capacityBytes : 0);
}
