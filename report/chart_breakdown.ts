/**
 * The charts that take hit ratios apart: misses by kind, and ratios by definition.
 *
 * @module
 */

import { axisStyle, type ChartInput, isNarrow, labelLimit, type Spec } from "./chart_input.ts";
import { formatCounted } from "./format.ts";
import { metric } from "./metric_text.ts";
import { decisiveGroup, type Series, shownName } from "./series.ts";

const MISS_KINDS = ["unusableHits", "policyMisses", "capacityMisses", "compulsoryMisses"];

/** What a prefix cache computes at the decisive capacity: misses by kind, hits behind a miss. */
export function missKindsSpec(input: ChartInput): Spec {
  const { groups, theme } = input;
  const group = decisiveGroup(groups);
  const label = (name: string) => metric(name).label;
  const bars = group.rows.flatMap((row) =>
    row.result === undefined ? [] : MISS_KINDS.map((name, order) => ({
      policy: shownName(row),
      kind: label(name),
      order,
      percent: ((metric(name).value(row.result!) ?? 0) / Math.max(1, row.result!.accesses)) * 100,
    }))
  );
  return {
    data: { values: bars },
    height: { step: 19 },
    mark: { type: "bar", height: { band: 0.78 } },
    encoding: {
      y: {
        field: "policy",
        type: "nominal",
        sort: null,
        axis: axisStyle(null, { domain: false, ticks: false, labelLimit: labelLimit(input) }),
      },
      x: {
        field: "percent",
        type: "quantitative",
        stack: "zero",
        axis: axisStyle("not saved, % of look-ups", { tickCount: isNarrow(input) ? 5 : 10 }),
      },
      order: { field: "order", type: "quantitative" },
      color: {
        field: "kind",
        type: "nominal",
        scale: { domain: MISS_KINDS.map(label), range: theme.misses },
        legend: { title: null, orient: "top", columns: isNarrow(input) ? 1 : 4 },
      },
    },
  };
}

/** The policy whose four hit ratios are shown: LRU, which published tables use, or the best. */
export function definitionPolicy(series: readonly Series[]): Series | undefined {
  const run = series.filter((one) => one.rows.some((row) => row?.result !== undefined));
  const isLru = (one: Series) => one.rows.some((row) => row?.result?.policy === "lru");
  return run.find(isLru) ?? run.find((one) => !one.isBound) ?? run[0];
}

const DEFINITIONS = ["prefixHitRatio", "blockHitRatio", "tokenHitRatio", "requestHitRatioMean"];

/** Four hit ratios of one policy at each capacity: what the definition alone changes. */
export function definitionsSpec(input: ChartInput): Spec {
  const { groups, series, theme } = input;
  const rows = definitionPolicy(series)?.rows ?? [];
  const bars = rows.flatMap((row, index) => {
    const { result } = row ?? {};
    return result === undefined ? [] : DEFINITIONS.flatMap((name) => {
      const ratio = metric(name).value(result);
      return ratio === null ? [] : [{
        capacity: `${formatCounted(groups[index].capacityBlocks, "block")}`,
        definition: metric(name).label,
        percent: ratio * 100,
      }];
    });
  });
  const domain = DEFINITIONS.map((name) => metric(name).label);
  return {
    data: { values: bars },
    height: { step: 8 },
    mark: { type: "bar" },
    encoding: {
      y: {
        field: "capacity",
        type: "nominal",
        sort: null,
        scale: { paddingInner: 0.35 },
        axis: axisStyle(null, { domain: false, ticks: false }),
      },
      yOffset: { field: "definition", type: "nominal", scale: { domain } },
      x: {
        field: "percent",
        type: "quantitative",
        axis: axisStyle("hit ratio, %", { tickCount: 6 }),
      },
      color: {
        field: "definition",
        type: "nominal",
        scale: { domain, range: theme.series.slice(0, 4) },
        legend: { title: null, orient: "top", columns: isNarrow(input) ? 2 : 4 },
      },
    },
  };
}
