/**
 * What a metric is; the table of them is in `metrics.ts`.
 *
 * @module
 */

import type { RunResult } from "../engine/result.ts";

/** What a metric needs beside the run itself. Absent facts make some metrics `null`. */
export interface MetricContext {
  /** Bytes of one full block. */
  readonly blockBytes?: number;
  /** Distinct blocks of the trace. */
  readonly uniqueBlocks?: number;
}

/** How a value is written for people; see `formatMetric`. */
export type MetricFormat =
  /** A whole number: `105,710`. */
  | "count"
  /** A ratio between 0 and 1, shown in percent: `36.6`. */
  | "percent"
  /** A difference of two ratios, shown in points (hundredths): `15.5`. */
  | "points"
  /** A share of a gap in percent; `< -100` for the loss of more than the whole gap. */
  | "share"
  /** Bytes in binary units: `22.3 GiB`. */
  | "bytes"
  /** Nanoseconds in the unit that fits: `3.42 ms`. */
  | "duration"
  /** A number of any size, such as a rate or a factor: `1.82`. */
  | "decimal"
  /** Dollars: `$0.31`. */
  | "dollars"
  /** Joules in the unit that fits: `4.10 kJ`. */
  | "joules";

/** What is said about a metric, whatever it is computed from. */
export interface MetricHead {
  /** camelCase, the unit last; the key in JSON and CSV. */
  readonly name: string;
  /** Short, for the head of a column. */
  readonly label: string;
  /** Unit of the raw value. */
  readonly unit: string;
  /** How it is computed from counters, in words and signs. */
  readonly formula: string;
  readonly better: "higher" | "lower" | "neither";
  readonly format: MetricFormat;
  /** One sentence for an engineer. */
  readonly meaning: string;
  /** What must not be concluded from it. */
  readonly doesNotShow: string;
}

/** One number that a run has. */
export interface Metric extends MetricHead {
  /** The raw value, or `null` where it is not defined. */
  readonly value: (result: RunResult, context?: MetricContext) => number | null;
  /** Whether a value says enough to stand in a table; JSON and CSV carry it all the same. */
  readonly isShown?: (result: RunResult) => boolean;
}
