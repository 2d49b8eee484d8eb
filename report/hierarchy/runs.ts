/**
 * Several runs beside each other: means over seeds with their intervals, the best, and the draws.
 *
 * @module
 */

import type { Evidence, Verdict } from "../../serving/evidence/evidence.ts";
import { visible } from "../format.ts";
import type { MetricHead } from "../metric.ts";
import { DRAW_RATIO } from "../metric_values.ts";
import { METRICS } from "../metrics.ts";
import { seesFuture } from "../series.ts";
import { metricConfidence, weakest } from "../serving/confidence.ts";
import { SERVING_METRICS } from "../serving/metrics.ts";
import { RUN_METRICS } from "./metrics.ts";

/** A number over seeds. Without bounds one run says nothing about its spread. */
export interface MetricSpread {
  readonly mean: number;
  readonly low?: number;
  readonly high?: number;
  /** Runs. */
  readonly n: number;
  /** How far it may be believed, where the runs say what they rest on. */
  readonly confidence?: Verdict["level"];
}

/** How a row stands among its rivals; an `oracle` sees the future and is nobody's rival. */
export type RunStanding = "best" | "draw" | "behind" | "oracle";

/** All runs that differ in nothing but their seed. */
export interface RunsRow {
  /** What was varied, and its value here. */
  readonly varied: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, MetricSpread>>;
  /** By metric, where paired differences tell more than the intervals do. */
  readonly standings?: Readonly<Record<string, RunStanding>>;
}

/** Rows to compare. */
export interface RunsTable {
  /** The key whose values compete; all rows do when absent. */
  readonly by?: string;
  readonly rows: readonly RunsRow[];
  /** Why numbers have the confidence that they have, a sentence for each level of it. */
  readonly grounds?: readonly string[];
}

/** A summary of one metric, as a sweep makes it. */
export interface MetricSummary {
  readonly metric: string;
  readonly by?: string;
  readonly keys: readonly string[];
  readonly rows: readonly {
    readonly values: readonly string[];
    readonly spread?: {
      readonly samples: number;
      readonly mean: number;
      readonly low?: number;
      readonly high?: number;
    };
    readonly standing?: RunStanding;
    /** What the runs behind the row rest on. */
    readonly evidence?: readonly Evidence[];
  }[];
}

/**
 * Joins the summaries of several metrics of one sweep into one table; the first metric leads.
 *
 * @example
 * ```ts
 * import { runsOfSummaries } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const spread = { samples: 3, mean: 0.5, low: 0.4, high: 0.6 };
 * const { rows } = runsOfSummaries([
 *   { metric: "prefixHitRatio", keys: ["policy"], rows: [{ values: ["lru"], spread }] },
 * ]);
 * assertEquals(rows[0].varied, { policy: "lru" });
 * assertEquals(rows[0].metrics.prefixHitRatio.n, 3);
 * ```
 */
export function runsOfSummaries(summaries: readonly MetricSummary[]): RunsTable {
  const rows = new Map<string, RunsRow>();
  for (const { metric, keys, rows: found } of summaries) {
    for (const { values, spread, standing, evidence = [] } of found) {
      const varied = Object.fromEntries(keys.map((key, at) => [key, values[at]]));
      const name = JSON.stringify(varied);
      const row = rows.get(name) ?? { varied, metrics: {}, standings: {} };
      const confidence = metricConfidence(metric, evidence)?.level;
      rows.set(name, {
        varied,
        metrics: spread === undefined ? row.metrics : {
          ...row.metrics,
          [metric]: {
            mean: spread.mean,
            ...(spread.low === undefined ? {} : { low: spread.low }),
            ...(spread.high === undefined ? {} : { high: spread.high }),
            n: spread.samples,
            ...(confidence === undefined ? {} : { confidence }),
          },
        },
        standings: standing === undefined
          ? { ...row.standings }
          : { ...row.standings, [metric]: standing },
      });
    }
  }
  const by = summaries.find((summary) => summary.by !== undefined)?.by;
  const grounds = groundsOf(summaries);
  return {
    rows: [...rows.values()],
    ...(by === undefined ? {} : { by }),
    ...(grounds.length === 0 ? {} : { grounds }),
  };
}

/** Numbers of one level together, each reason once. */
function groundsOf(summaries: readonly MetricSummary[]): string[] {
  const verdicts = summaries.flatMap(({ metric, rows }) =>
    rows.flatMap(({ evidence = [] }) => metricConfidence(metric, evidence) ?? [])
  );
  return (["low", "medium", "high"] as const).flatMap((level) => {
    const alike = verdicts.filter((verdict) => verdict.level === level);
    return alike.length === 0 ? [] : [`Confidence ${level}: ${weakest(alike).why}.`];
  });
}

/** Names of all metrics of a table, in the order in which rows name them. */
export function metricNamesOf({ rows }: RunsTable): string[] {
  return [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
}

/** What is known of a metric by the name that sweeps give it: `missRatio`, `dram.hitRatio`. */
export function headOf(name: string): MetricHead {
  const run = RUN_METRICS.find((entry) => entry.scope === "run" && entry.name === name) ??
    METRICS.find((entry) => entry.name === name);
  if (run !== undefined) return run;
  const serving = SERVING_METRICS.find((entry) => entry.scope === "run" && entry.name === name);
  if (serving !== undefined) return serving;
  const dot = name.lastIndexOf(".");
  const last = name.slice(dot + 1);
  const tier = dot < 0
    ? undefined
    : RUN_METRICS.find((entry) => entry.scope === "tier" && entry.name === last);
  if (tier !== undefined) return { ...tier, name, label: `${name.slice(0, dot)} ${tier.label}` };
  return {
    name,
    label: name,
    unit: "",
    formula: "not known",
    better: "neither",
    format: /Ratio(Mean)?$/.test(name) ? "percent" : /Ns/.test(name) ? "duration" : "count",
    meaning: "A number of the sweep that no table of metrics defines.",
    doesNotShow: "What it means.",
  };
}

/** Rows that compete: alike in everything that was varied but the competing key. */
export interface RunsGroup {
  /** What the rows have in common; empty when that is nothing. */
  readonly title: string;
  readonly rows: readonly RunsRow[];
}

/** Splits a table into groups of rivals, in the order in which they first appear. */
export function groupsOf({ by, rows }: RunsTable): RunsGroup[] {
  const groups = new Map<string, RunsRow[]>();
  for (const row of rows) {
    const title = by === undefined ? "" : textOf(row.varied, (key) => key !== by);
    groups.set(title, [...groups.get(title) ?? [], row]);
  }
  return [...groups].map(([title, rows]) => ({ title, rows }));
}

function textOf(varied: RunsRow["varied"], isShown: (key: string) => boolean): string {
  return Object.entries(varied).filter(([key]) => isShown(key))
    .map(([key, value]) => `${visible(key)} ${visible(value)}`).join(" · ");
}

/** Names a row among its rivals. */
export function rowLabel({ varied }: RunsRow, { by }: RunsTable): string {
  return by === undefined ? textOf(varied, () => true) : visible(varied[by] ?? "");
}

/** How each row of a group stands by a metric; `undefined` where that cannot be said. */
export function standingsOf(
  { rows }: RunsGroup,
  name: string,
): (RunStanding | undefined)[] {
  if (rows.some(({ standings }) => standings?.[name] !== undefined)) {
    return rows.map(({ standings }) => standings?.[name]);
  }
  const { better, format } = headOf(name);
  const oracles = rows.map(({ varied }) => Object.values(varied).some(seesFuture));
  const found = rows.map(({ metrics }) => metrics[name]);
  const measured = found.filter((spread, at) => spread !== undefined && !oracles[at]);
  if (better === "neither" || measured.length < 2) return rows.map(() => undefined);
  const wins = (one: MetricSpread, other: MetricSpread) =>
    better === "higher" ? one.mean > other.mean : one.mean < other.mean;
  const best = measured.reduce((best, one) => wins(one, best) ? one : best);
  const isRatio = format === "percent" || format === "points" || format === "share";
  const point = isRatio ? DRAW_RATIO : DRAW_RATIO * Math.abs(best.mean);
  return found.map((spread, at) =>
    spread === undefined
      ? undefined
      : oracles[at]
      ? "oracle"
      : spread === best
      ? "best"
      : isDraw(spread, best, point)
      ? "draw"
      : "behind"
  );
}

/** Under a point, or intervals that share values: unpaired, so careful rather than sharp. */
function isDraw(one: MetricSpread, best: MetricSpread, point: number): boolean {
  // Without a tolerance, 0.51 - 0.5 would be below a point by a bit of the last place.
  if (Math.abs(one.mean - best.mean) < point * (1 - 1e-12)) return true;
  if (one.low === undefined || one.high === undefined) return false;
  if (best.low === undefined || best.high === undefined) return false;
  return one.low <= best.high && best.low <= one.high;
}
