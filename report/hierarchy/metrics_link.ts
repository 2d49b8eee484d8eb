/**
 * Metrics of each cause of movement and of each link.
 *
 * @module
 */

import { ratio } from "../metric_values.ts";
import { movedBytes } from "./books.ts";
import type { RunMetricRow } from "./metric.ts";
import { COUNTED } from "./metric_rows.ts";

/** Rows of each cause: demand, write-back, prefetch. */
export const CAUSE_ROWS: readonly RunMetricRow[] = [
  {
    name: "causeBytes",
    label: "moved",
    unit: "bytes",
    formula: "sum of linkBytes of this cause",
    better: "lower",
    format: "bytes",
    meaning: "Bytes moved for this cause, with what had to make room.",
    doesNotShow: "Which of them somebody waited for.",
    value: ({ result }, place) => movedBytes(result, { cause: place?.cause ?? 0 }),
  },
  {
    name: "demotedBytes",
    label: "of which demotions",
    unit: "bytes",
    formula: COUNTED,
    better: "lower",
    format: "bytes",
    meaning: "Bytes of those that are blocks evicted to a slower tier to make room.",
    doesNotShow: "Waiting: nobody waits for a demotion but those behind it in a queue.",
    value: ({ result }, place) => result.demotedBytes[place?.cause ?? 0],
  },
  {
    name: "demotedRatio",
    label: "demotions",
    unit: "ratio",
    formula: "demotedBytes ÷ causeBytes",
    better: "lower",
    format: "percent",
    meaning: "Share of this cause's bytes that only made room.",
    doesNotShow: "Whether the demoted blocks were used again.",
    value: ({ result }, place) => {
      const cause = place?.cause ?? 0;
      return ratio(result.demotedBytes[cause], movedBytes(result, { cause }));
    },
  },
];

/** Rows of each link: a cause, a source and a target. */
export const LINK_ROWS: readonly RunMetricRow[] = [
  {
    name: "linkBytes",
    label: "bytes",
    unit: "bytes",
    formula: COUNTED,
    better: "lower",
    format: "bytes",
    meaning: "Bytes that one cause moved from one tier (or the GPU) to another.",
    doesNotShow: "When: a link may stand idle for hours and queue for a minute.",
    value: ({ result }, place) =>
      result.trafficBytes[place?.cause ?? 0][place?.source ?? 0][place?.target ?? 0],
  },
  {
    name: "linkShare",
    label: "share",
    unit: "ratio",
    formula: "linkBytes ÷ bytesMoved",
    better: "lower",
    format: "percent",
    meaning: "Share of all bytes moved that crossed this link for this cause.",
    doesNotShow: "Time: a small share of a slow link can be the bottleneck.",
    value: ({ result }, place) => {
      const { cause = 0, source = 0, target = 0 } = place ?? {};
      return ratio(result.trafficBytes[cause][source][target], movedBytes(result));
    },
  },
];
