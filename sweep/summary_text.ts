/**
 * A summary as a table for people.
 *
 * @module
 */
import { plural } from "../errors/plural.ts";
import { type NumberForm, numberForm, textTable } from "./format.ts";
import type { Verdict } from "../serving/evidence/evidence.ts";
import { type Judge, type SweepResults, UNJUDGED } from "./results.ts";
import { rangesText } from "./shard.ts";
import type { Summary, SummaryRow } from "./summary.ts";

const MARKS = { best: "best", draw: "draw", behind: "", oracle: "oracle" } as const;

/**
 * Writes summaries of one sweep: what it is, a table for each, what the marks mean, what is
 * missing.
 *
 * @param results What was summarised, for the head and the remarks.
 */
export function sweepText(
  results: SweepResults,
  summaries: readonly Summary[],
  judge: Judge = UNJUDGED,
): string {
  const { manifest, cells, resultHash } = results;
  const whole = manifest.cells === cells.length;
  const lines = [
    `${manifest.gridName}: ${cells.length} of ${manifest.cells} ${
      plural(manifest.cells, "cell")
    }, ` +
    `${manifest.seeds.length} ${plural(manifest.seeds.length, "seed")}`,
    ...(whole ? [] : [missingText(results)]),
    `result ${resultHash}`,
    "",
    ...summaries.flatMap((summary) => {
      const verdicts = summary.rows.map(({ evidence }) => judge(summary.metric, evidence));
      return [
        title(summary),
        "",
        table(summary, verdicts),
        ...confidenceLines(summary, verdicts, judge),
      ];
    }),
    ...remarks(summaries),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function missingText({ manifest, cells }: SweepResults): string {
  const there = new Set(cells.map(({ index }) => index));
  const missing = Array.from({ length: manifest.cells }, (_, index) => index)
    .filter((index) => !there.has(index));
  return `not run yet: cells ${rangesText(missing, 5)}`;
}

function title({ metric, kind, pooled }: Summary): string {
  const better = kind.better === "neither" ? "" : `, ${kind.better} is better`;
  return `${metric}${pooled ? " over all traces and workloads" : ""}${better}`;
}

/** Why rows have the levels that they have: rows of one level together, each reason once. */
function confidenceLines(
  { metric, rows }: Summary,
  verdicts: readonly (Verdict | undefined)[],
  judge: Judge,
): string[] {
  const lines = (["low", "medium", "high"] as const).flatMap((level) => {
    const evidence = rows.flatMap((row, at) => verdicts[at]?.level === level ? row.evidence : []);
    const why = judge(metric, evidence)?.why;
    return why === undefined ? [] : [`Confidence ${level}: ${why}.`];
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

function table(summary: Summary, verdicts: readonly (Verdict | undefined)[]): string {
  const { keys, rows, kind } = summary;
  const largest = Math.max(0, ...rows.map(({ spread }) => Math.abs(spread?.mean ?? 0)));
  const form = numberForm(kind, largest);
  const head = [
    ...keys,
    "runs",
    form.unit === "" ? "mean" : `mean ${form.unit}`,
    "95 % interval",
    "sd",
    "against best",
    "",
  ];
  const right = [...keys.map(() => false), true, true, true, true, true, false];
  const cells = rows.map((row) => [...row.values, ...numbers(row, form)]);
  if (verdicts.every((verdict) => verdict === undefined)) return textTable(head, cells, right);
  const levels = verdicts.map((verdict) => verdict?.level ?? "–");
  return textTable(
    [...head, "confidence"],
    cells.map((row, at) => [...row, levels[at]]),
    [...right, false],
  );
}

function numbers({ runs, spread, standing, againstBest }: SummaryRow, form: NumberForm): string[] {
  const mark = standing === undefined ? "" : MARKS[standing];
  if (spread === undefined) return [String(runs), "–", "–", "–", "–", mark];
  const isSpread = !("refused" in spread);
  const interval = (low: number, high: number) => `${form.value(low)} … ${form.value(high)}`;
  return [
    String(runs),
    form.value(spread.mean),
    isSpread ? interval(spread.low, spread.high) : "–",
    isSpread ? form.value(spread.standardDeviation) : "–",
    againstBest === undefined ? "" : against(againstBest, form),
    mark,
  ];
}

function against(
  { mean, low, high }: NonNullable<SummaryRow["againstBest"]>,
  form: NumberForm,
): string {
  if (low === undefined || high === undefined) return form.difference(mean);
  return `${form.difference(mean)} (${form.difference(low)} … ${form.difference(high)})`;
}

/** What the table means, and what it does not show. */
function remarks(summaries: readonly Summary[]): string[] {
  const rows = summaries.flatMap((summary) => summary.rows);
  const spreads = rows.flatMap(({ spread }) => spread === undefined ? [] : [spread]);
  const refused = (why: string) =>
    spreads.some((spread) => "refused" in spread && spread.refused === why);
  const given = spreads.filter((spread) => "over" in spread);
  const fewest = Math.min(...given.map(({ samples }) => samples));
  const hasOne = (what: string) => rows.some(({ standing }) => standing === what);
  const by = summaries[0]?.by;
  return [
    ...(given.length === 0
      ? []
      : ["Intervals: bootstrap percentile, 10,000 resamples of the runs, seed 42."]),
    ...(fewest < 10
      ? [
        `With ${fewest} runs an interval is too narrow: it misses the true mean more than 1 in 20.`,
      ]
      : []),
    ...(hasOne("best")
      ? [`best: of all values of ${by}; the others are compared with it on the same seeds.`]
      : []),
    ...(hasOne("draw")
      ? ["draw: under one point, or the interval of the difference holds 0."]
      : []),
    ...(hasOne("oracle") ? ["oracle: sees the future; nobody can run it."] : []),
    ...(refused("seed-has-no-effect")
      ? ["No spread: the workload does not depend on the seed, so its runs are one run repeated."]
      : []),
    ...(refused("one-seed") ? ["No spread: one seed is one sample."] : []),
    ...(given.some((spread) => spread.over === "policy")
      ? ["Where one trace was replayed with all seeds, the spread is the policy's own draws only."]
      : []),
    ...(rows.some(({ spread }) => spread === undefined)
      ? ["–: the metric is not defined in some run."]
      : []),
  ];
}
