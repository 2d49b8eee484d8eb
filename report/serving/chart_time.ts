/**
 * The charts over time: requests in the system, TTFT, how busy and how full the GPUs were.
 *
 * @module
 */

import { axisStyle, isNarrow, type Spec } from "../chart_input.ts";
import { visible } from "../format.ts";
import { TimeBuckets } from "./buckets.ts";
import {
  lineEncoding,
  partColor,
  type ServingChartInput,
  spansOf,
  timeAxis,
  timeUnit,
  topLegend,
} from "./chart_input.ts";
import type { ServingRun } from "./metric.ts";
import { quantile } from "./quantile.ts";
import { byPart, type Part, PARTS } from "./times.ts";

/** Spans from the first arrival to the last token. */
function bucketsOf({ times }: ServingRun, count: number): TimeBuckets {
  return new TimeBuckets(times.firstArrivalNs, times.lastFinishNs, count);
}

/** Mean number of requests in each part, over time. */
export function inSystem(run: ServingRun, count: number): Record<Part, Float64Array> {
  const { requests } = run.result;
  const buckets = byPart(() => bucketsOf(run, count));
  for (const row of run.times.rows) {
    const [arrival, loadStart, loadEnd, scheduled, firstToken, decodeStart, finish] = [
      requests.arrivalNs[row],
      requests.loadStartNs[row],
      requests.loadEndNs[row],
      requests.scheduledNs[row],
      requests.firstTokenNs[row],
      requests.decodeStartNs[row],
      requests.finishNs[row],
    ];
    buckets.queue.add(arrival, loadStart);
    buckets.load.add(loadStart, loadEnd);
    buckets.queue.add(loadEnd, scheduled);
    buckets.prefill.add(scheduled, firstToken);
    buckets.transfer.add(firstToken, decodeStart);
    buckets.decode.add(decodeStart, finish);
  }
  return byPart((part) => buckets[part].means());
}

/** Requests in the system, by what happens to them. */
export function inSystemSpec(input: ServingChartInput): Spec {
  const { run } = input;
  const count = spansOf(input);
  const means = inSystem(run, count);
  const buckets = bucketsOf(run, count);
  const [size, sign] = timeUnit(buckets.endNs - buckets.startNs);
  const shown = PARTS.filter((part) => means[part].some((mean) => mean > 0));
  const points = shown.flatMap((part, order) =>
    Array.from(means[part], (requests, at) => ({
      part,
      order,
      requests,
      time: (at + 0.5) * buckets.widthNs / size,
    }))
  );
  return {
    data: { values: points },
    height: isNarrow(input) ? 220 : 260,
    mark: { type: "area", line: false },
    encoding: {
      x: timeAxis(input, sign),
      y: {
        field: "requests",
        type: "quantitative",
        stack: "zero",
        axis: axisStyle("requests in the system", { tickCount: 5 }),
      },
      order: { field: "order", type: "quantitative" },
      color: {
        field: "part",
        type: "nominal",
        scale: { domain: shown, range: shown.map((part) => partColor(input, part)) },
        legend: topLegend(input, shown.length),
      },
    },
  };
}

const TTFT_LINES = [["p50", 500], ["p99", 990]] as const;

/** TTFT of the requests that arrived in each span. */
export function ttftSpec(input: ServingChartInput): Spec {
  const { run } = input;
  const { times, result } = run;
  const count = spansOf(input) / 3;
  const buckets = new TimeBuckets(times.firstArrivalNs, times.lastArrivalNs, count);
  const spans: number[][] = Array.from({ length: count }, () => []);
  times.rows.forEach((row, at) =>
    spans[buckets.indexOf(result.requests.arrivalNs[row])].push(times.ttftNs[at])
  );
  const [size, sign] = timeUnit(buckets.endNs - buckets.startNs);
  const [unit, unitSign] = timeUnit(times.ascending.ttftNs.at(-1) ?? 0);
  const points = spans.flatMap((span, at) => {
    if (span.length === 0) return [];
    const ascending = Float64Array.from(span).sort();
    return TTFT_LINES.map(([line, perMille]) => ({
      line,
      time: (at + 0.5) * buckets.widthNs / size,
      ttft: quantile(ascending, perMille)! / unit,
    }));
  });
  return {
    data: { values: points },
    height: isNarrow(input) ? 200 : 240,
    mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 18 } },
    encoding: {
      x: timeAxis(input, sign),
      y: {
        field: "ttft",
        type: "quantitative",
        axis: axisStyle(`TTFT, ${unitSign}`, { tickCount: 5 }),
      },
      ...lineEncoding(input, "line", TTFT_LINES.map(([line]) => line)),
    },
  };
}

/** Whether steps were logged, and until when all of them were. */
export function loggedUntilNs({ result }: ServingRun): number | undefined {
  const { stepLog, replicas } = result;
  if (stepLog.length === 0) return undefined;
  const logged = stepLog.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
  const busy = replicas.reduce((sum, { busyNs }) => sum + busyNs, 0);
  return logged >= busy * (1 - 1e-9) ? result.endNs : stepLog[stepLog.length - 1].startNs;
}

/** What a step was worth, for a timeline of shares. */
type Weigh = (step: ServingRun["result"]["stepLog"][number], replica: number) => number;

/** A line of shares for each group of GPUs, from the log of steps. */
function stepShares(input: ServingChartInput, title: string, weigh: Weigh): Spec {
  const { run } = input;
  const { groups } = run.kinds;
  const { groupOf } = run.context.fleet;
  const untilNs = Math.min(run.times.lastFinishNs, loggedUntilNs(run) ?? 0);
  const index = new Map(
    groups.map(({ group }, at) => [run.context.fleet.groups.indexOf(group), at]),
  );
  const buckets = groups.map(() =>
    new TimeBuckets(run.times.firstArrivalNs, untilNs, spansOf(input))
  );
  for (const step of run.result.stepLog) {
    const at = index.get(groupOf[step.replica]);
    if (at === undefined) continue;
    buckets[at].add(step.startNs, step.endNs, weigh(step, step.replica));
  }
  const [size, sign] = timeUnit(untilNs - run.times.firstArrivalNs);
  const names = groups.map(({ name }) => visible(name));
  const points = groups.flatMap(({ replicas }, at) =>
    Array.from(buckets[at].means(), (sum, span) => ({
      group: names[at],
      time: (span + 0.5) * buckets[at].widthNs / size,
      percent: sum / replicas.length * 100,
    }))
  );
  return {
    data: { values: points },
    height: isNarrow(input) ? 180 : 220,
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: timeAxis(input, sign),
      y: {
        field: "percent",
        type: "quantitative",
        scale: { domain: [0, 100] },
        axis: axisStyle(title, { tickCount: 5 }),
      },
      ...lineEncoding(input, "group", names),
    },
  };
}

/** Share of the GPUs of each group in a step. */
export function busySpec(input: ServingChartInput): Spec {
  return stepShares(input, "in a step, % of GPUs", () => 1);
}

/** KV in use as steps began, as a share of all that fits; nothing is counted between steps. */
export function occupancySpec(input: ServingChartInput): Spec {
  const { replicas } = input.run.result;
  return stepShares(
    input,
    "KV in use, % of blocks",
    ({ heldBlocks }, replica) => heldBlocks / replicas[replica].capacityBlocks,
  );
}
