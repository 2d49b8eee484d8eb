/**
 * The charts over time of what requests tell: how many are in the system, and their TTFT.
 *
 * @module
 */

import { isNarrow, type Spec } from "../chart_input.ts";
import { TimeBuckets } from "../../serving/evidence/buckets.ts";
import {
  horizonNs,
  lineEncoding,
  partColor,
  type ServingChartInput,
  spansOf,
  timeAxis,
  timelineAxis,
  timeUnit,
  topLegend,
} from "./chart_input.ts";
import type { ServingRun } from "./metric.ts";
import { quantile } from "./quantile.ts";
import { byPart, type Part, PARTS } from "./times.ts";

/** Spans from the first arrival to the last token. */
function bucketsOf({ times }: ServingRun, count: number): TimeBuckets {
  return new TimeBuckets(times.startNs, times.lastFinishNs, count);
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
  const [size] = timeUnit(horizonNs(run));
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
      x: timeAxis(input),
      y: {
        field: "requests",
        type: "quantitative",
        stack: "zero",
        axis: timelineAxis("requests in the system"),
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
  const buckets = new TimeBuckets(times.startNs, times.lastArrivalNs, count);
  const spans: number[][] = Array.from({ length: count }, () => []);
  times.rows.forEach((row, at) =>
    spans[buckets.indexOf(result.requests.arrivalNs[row])].push(times.ttftNs[at])
  );
  const [size] = timeUnit(horizonNs(run));
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
      x: timeAxis(input),
      y: {
        field: "ttft",
        type: "quantitative",
        axis: timelineAxis(`TTFT, ${unitSign}`),
      },
      ...lineEncoding(input, "line", TTFT_LINES.map(([line]) => line)),
    },
  };
}
