/**
 * Results over seeds: a mean with its interval for every combination, the best of each, and draws.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Evidence } from "../serving/evidence/evidence.ts";
import { drawPoint, type MetricKind, metricKind } from "./metric_kinds.ts";
import { type Json, valueText } from "./plan.ts";
import { type CellResult, metricNames, type SweepResults } from "./results.ts";
import {
  type PairedDifference,
  pairedDifference,
  type Sample,
  type SeedSpread,
  spreadOverSeeds,
} from "./statistics.ts";

/** What to summarise; everything has a default. */
export interface SummaryOptions {
  /** Default: the first of {@linkcode usualMetrics}. */
  readonly metric?: string;
  /** Key whose values compete. Default: the policy, else the first key with several values. */
  readonly by?: string;
  /** Take all traces and workloads together, as so many samples. Default false. */
  readonly pooled?: boolean;
  /** Names that see the future: they are shown, and never the best. */
  readonly oracles?: readonly string[];
}

/** All runs that differ in nothing but their seed (and, pooled, their trace). */
export interface SummaryRow {
  /** Value of each of the summary's keys. */
  readonly values: readonly string[];
  readonly runs: number;
  /** What the runs rest on, each; empty where they are exact replays. */
  readonly evidence: readonly Evidence[];
  /** Absent when the metric is not defined in some run. */
  readonly spread?: SeedSpread;
  /** `best` of its rivals, a `draw` with it, behind it, or an `oracle` that nobody can run. */
  readonly standing?: "best" | "draw" | "behind" | "oracle";
  /** This minus the best, in pairs. */
  readonly againstBest?: PairedDifference;
}

/** A table of means. */
export interface Summary {
  readonly metric: string;
  readonly kind: MetricKind;
  /** The key whose values compete. */
  readonly by?: string;
  readonly pooled: boolean;
  readonly keys: readonly string[];
  readonly rows: readonly SummaryRow[];
}

/**
 * Summarises results over their seeds.
 *
 * @throws {UsageError} If there is no such metric or key.
 */
export function summarizeSweep(results: SweepResults, options: SummaryOptions = {}): Summary {
  const { manifest } = results;
  const pooled = options.pooled ?? false;
  const metric = chooseMetric(results, options.metric);
  const by = chooseKey(results, options.by);
  const parts: [key: string, of: (cell: CellResult) => string, several: boolean][] = [
    ["scenario", ({ scenario }) => manifest.scenarios[scenario], manifest.scenarios.length > 1],
    ["trace", ({ input }) => manifest.inputs[input], !pooled],
    ...manifest.axes.map(({ key }, at): [string, (cell: CellResult) => string, boolean] => [
      key,
      ({ settings }) => valueText(settings[at]),
      true,
    ]),
  ];
  const several = parts.filter(([, , several]) => several);
  // Rivals stand together, so what they compete by turns fastest.
  const shown = several.toSorted((a, b) => Number(a[0] === by) - Number(b[0] === by));
  const keys = shown.map(([key]) => key);
  const groups = Map.groupBy(
    results.cells,
    (cell) => JSON.stringify(shown.map(([, of]) => of(cell))),
  );
  const groupsFound = [...groups.entries()].map(([name, cells]): Group => ({
    values: JSON.parse(name) as string[],
    samples: samplesOf(cells, metric),
    runs: cells.length,
    evidence: cells.flatMap(({ evidence }) => evidence ?? []),
  }));
  const kind = metricKind(metric);
  const place = by === undefined ? -1 : keys.indexOf(by);
  const contexts = Map.groupBy(
    groupsFound,
    ({ values }) => JSON.stringify(values.toSpliced(place, 1)),
  );
  const isOracle = ({ values }: Group) => isNamed(values[place], options.oracles ?? []);
  const better = place < 0 ? "neither" : kind.better;
  const rows = [...contexts.values()].flatMap((rivals) => rank(rivals, better, kind, isOracle));
  return { metric, kind, ...(by === undefined ? {} : { by }), pooled, keys, rows };
}

interface Group {
  readonly values: readonly string[];
  /** Undefined when the metric is not defined in some run. */
  readonly samples: readonly Sample[] | undefined;
  readonly runs: number;
  readonly evidence: readonly Evidence[];
}

function samplesOf(cells: readonly CellResult[], metric: string): Sample[] | undefined {
  const samples = cells.flatMap(({ metrics, seed, trace }): Sample[] => {
    const value = metrics[metric];
    return typeof value === "number" ? [{ value, seed, trace }] : [];
  });
  return samples.length < cells.length ? undefined : samples;
}

/** Whether a setting such as `optimal` or `s3-fifo(small=0.2)` is one of these names. */
function isNamed(value: string | undefined, names: readonly string[]): boolean {
  return value !== undefined && names.includes(value.replace(/\(.*$/, "").trim());
}

/** The best of some rivals, and how the others stand to it. */
function rank(
  rivals: readonly Group[],
  better: MetricKind["better"],
  kind: MetricKind,
  isOracle: (group: Group) => boolean,
): SummaryRow[] {
  const spreads = new Map(rivals.map((group) => [group, spreadOf(group)]));
  const sign = better === "lower" ? -1 : 1;
  const worth = (group: Group) => sign * spreads.get(group)!.mean;
  const able = rivals.filter((group) => group.samples !== undefined && !isOracle(group));
  const ranked = better !== "neither" && able.length > 1;
  // The first of equals, so that the order of the file decides and nothing else.
  const best = ranked ? able.reduce((a, b) => worth(b) > worth(a) ? b : a) : undefined;
  return rivals.map((group) => {
    const { values, runs, evidence } = group;
    const spread = spreads.get(group);
    const base = { values, runs, evidence, ...(spread === undefined ? {} : { spread }) };
    if (best === undefined || group.samples === undefined) return base;
    if (group === best) return { ...base, standing: "best" };
    const againstBest = difference(group, best, drawPoint(kind, spreads.get(best)!.mean));
    const standing = isOracle(group) ? "oracle" : againstBest?.draw ? "draw" : "behind";
    return { ...base, standing, ...(againstBest && { againstBest }) };
  });
}

function spreadOf({ samples }: Group): SeedSpread | undefined {
  return samples === undefined || samples.length === 0 ? undefined : spreadOverSeeds(samples);
}

/** In pairs of the runs that both have: a sweep that is still running may lack some. */
function difference(group: Group, best: Group, point: number): PairedDifference | undefined {
  const name = ({ seed, trace }: Sample) => `${seed} ${trace}`;
  const own = new Set(group.samples!.map(name));
  const other = best.samples!.filter((sample) => own.has(name(sample)));
  const both = new Set(other.map(name));
  const mine = group.samples!.filter((sample) => both.has(name(sample)));
  return mine.length === 0 ? undefined : pairedDifference(mine, other, point);
}

/** What is shown unless asked otherwise: times of a cluster, else the prefixes that were found. */
export function usualMetrics(results: SweepResults): string[] {
  const names = metricNames(results);
  const times = ["ttftNsMean", "tpotNsMean"];
  if (times.every((name) => names.includes(name))) return times;
  return names.includes("prefixHitRatio") ? ["prefixHitRatio"] : names.slice(0, 1);
}

function chooseMetric(results: SweepResults, asked: string | undefined): string {
  const names = metricNames(results);
  const normal: string | undefined = usualMetrics(results)[0];
  if (asked === undefined && normal !== undefined) return normal;
  if (asked !== undefined && names.includes(asked)) return asked;
  const hint = asked === undefined ? undefined : didYouMean(asked, names);
  throw new UsageError({
    code: "sweep/unknown-metric",
    message: names.length === 0
      ? "Cannot summarise: no cell has run yet"
      : `Cannot summarise: "${asked}" is no metric of this sweep`,
    ...(names.length === 0 ? {} : { expected: names.join(", ") }),
    mend: hint === undefined ? [] : [hint],
  });
}

function chooseKey({ manifest }: SweepResults, asked: string | undefined): string | undefined {
  const { axes, scenarios } = manifest;
  const several = axes.filter(({ values }: { readonly values: readonly Json[] }) =>
    values.length > 1
  );
  const keys = [...(scenarios.length > 1 ? ["scenario"] : []), ...axes.map(({ key }) => key)];
  if (asked === undefined) {
    const policy = several.find(({ key }) => /(^|\.)policy$/.test(key));
    return policy?.key ?? several[0]?.key ?? (scenarios.length > 1 ? "scenario" : undefined);
  }
  if (keys.includes(asked)) return asked;
  const hint = didYouMean(asked, keys);
  throw new UsageError({
    code: "sweep/unknown-key",
    message: `Cannot summarise: the grid does not vary "${asked}"`,
    expected: keys.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}
