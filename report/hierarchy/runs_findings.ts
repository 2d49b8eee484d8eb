/**
 * What a comparison of runs found, and what it does not show.
 *
 * @module
 */

import { formatCounted, NO_BREAK, NO_VALUE, sentenceList } from "../format.ts";
import { formatMetric } from "../metric_text.ts";
import {
  groupsOf,
  headOf,
  metricNamesOf,
  type MetricSpread,
  rowLabel,
  type RunsGroup,
  type RunsTable,
  standingsOf,
} from "./runs.ts";

/** The answer names at most this many groups. */
const GROUPS_NAMED = 6;

/** A mean for people, with the sign of its unit where a table does not have it. */
export function meanText(name: string, spread: MetricSpread | undefined): string {
  return spread === undefined ? NO_VALUE : formatMetric(headOf(name), spread.mean);
}

/** An interval for people; `–` where there is none. */
export function intervalText(name: string, spread: MetricSpread | undefined): string {
  if (spread?.low === undefined || spread.high === undefined) return NO_VALUE;
  const head = headOf(name);
  return `${formatMetric(head, spread.low)} … ${formatMetric(head, spread.high)}`;
}

/** A metric's name for a head, with percent where its values are. */
export function headText(name: string): string {
  const { label, format } = headOf(name);
  return format === "percent" || format === "share"
    ? `${label}, %`
    : format === "points"
    ? `${label}, points`
    : label;
}

/**
 * Says which runs are best by the leading metric, and which are draws.
 *
 * @param name The metric that ranks; the first of the table unless told.
 */
export function runsAnswer(table: RunsTable, name?: string): string[] {
  const metric = name ?? metricNamesOf(table)[0];
  if (metric === undefined) return ["No run has a metric: there is nothing to compare."];
  const groups = groupsOf(table);
  const sentences = groups.slice(0, GROUPS_NAMED)
    .map((group) => groupSentence(group, table, metric))
    .filter((sentence) => sentence !== "");
  const more = groups.length - GROUPS_NAMED;
  return [
    ...sentences,
    ...(more > 0 ? [`${formatCounted(more, "more group")} are in the table.`] : []),
  ];
}

function groupSentence(group: RunsGroup, table: RunsTable, metric: string): string {
  const stands = standingsOf(group, metric);
  const best = stands.indexOf("best");
  const { label } = headOf(metric);
  const where = group.title === "" ? "" : `${group.title}: `;
  if (best < 0) return "";
  const value = (at: number) => {
    const spread = group.rows[at].metrics[metric];
    const unit = headOf(metric).format === "percent" ? `${NO_BREAK}%` : "";
    const range = intervalText(metric, spread);
    return `${meanText(metric, spread)}${unit}${range === NO_VALUE ? "" : `, ${range}`}`;
  };
  const of = (standing: string) =>
    group.rows.filter((_, at) => stands[at] === standing).map((row) => rowLabel(row, table));
  const draws = of("draw");
  const behind = of("behind");
  const drawn = draws.length === 0
    ? ""
    : ` ${sentenceList(draws)} ${draws.length === 1 ? "is" : "are"} a draw with it.`;
  const lost = behind.length === 0 ? "" : ` Behind: ${sentenceList(behind)}.`;
  return `${where}best by ${label} is ${rowLabel(group.rows[best], table)} (${value(best)}).` +
    `${drawn}${lost}`;
}

/** What a comparison of runs does not show, one item each, without a full stop. */
export function runsLimits(table: RunsTable): string[] {
  const spreads = table.rows.flatMap(({ metrics }) => Object.values(metrics));
  const alone = spreads.some(({ low }) => low === undefined);
  const fewest = Math.min(...spreads.filter(({ low }) => low !== undefined).map(({ n }) => n));
  const isPaired = table.rows.some(({ standings }) => Object.keys(standings ?? {}).length > 0);
  return [
    ...(alone
      ? [
        "How sure single runs are: where no interval stands, one run (or a seed without effect) " +
        "says nothing about chance",
      ]
      : []),
    ...(fewest < 10
      ? [
        `Rare seeds: an interval of ${fewest} runs is too narrow, it misses the true mean more ` +
        "often than 1 in 20",
      ]
      : []),
    ...(isPaired ? [] : [
      "Paired differences: a draw here is under a point or an overlap of intervals, which is " +
      "careful; runs on the same seeds can tell more",
    ]),
    "Other traffic: seeds vary a workload, they do not replace it by another",
  ];
}
