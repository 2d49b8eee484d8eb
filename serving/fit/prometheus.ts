/**
 * The text exposition format of Prometheus: one scrape as samples and histograms.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { MeasuredText } from "./input.ts";

/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A histogram, summed over its label sets. */
export interface Histogram {
  /** Upper bounds, rising; the last is infinite. */
  readonly bounds: readonly number[];
  /** Values at or below each bound. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** What one scrape says. */
export interface Scrape {
  readonly file: string;
  readonly samples: readonly Sample[];
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;

/**
 * Reads a scrape. Comments are passed over.
 *
 * @throws {CalibrationError} With the line, if one is no sample.
 */
export function readScrape({ file, text }: MeasuredText): Scrape {
  const samples = text.split("\n").flatMap((line, index) => {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) return [];
    const match = LINE.exec(content);
    const labels = match === null ? undefined : labelsOf(match[2] ?? "");
    const value = match === null ? NaN : valueOf(match[3]);
    if (match !== null && labels !== undefined && !Number.isNaN(value)) {
      return [{ name: match[1], labels, value }];
    }
    if (match !== null && labels !== undefined && /^nan$/i.test(match[3])) return [];
    throw new CalibrationError({
      code: "calibrate/bad-sample",
      message: "Cannot read scrape: a line is no sample",
      place: { file, line: index + 1 },
      found: content.slice(0, 80),
      expected: 'name{label="value"} number, as /metrics gives it',
    });
  });
  return { file, samples };
}

function valueOf(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

function labelsOf(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.trimEnd().length) {
    const at = LABEL.lastIndex;
    const match = LABEL.exec(text);
    if (match === null) return undefined;
    if (LABEL.lastIndex === at) return undefined;
    labels[match[1]] = match[2].replaceAll(/\\(.)/g, (_, c) => c === "n" ? "\n" : c);
  }
  return labels;
}

/** The sum of a counter or gauge over its label sets, under the first of these names that is there. */
export function valueIn({ samples }: Scrape, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const own = samples.filter((sample) => sample.name === name);
    if (own.length > 0) return own.reduce((sum, { value }) => sum + value, 0);
  }
  return undefined;
}

/** A histogram under the first of these names that is there. */
export function histogramIn(scrape: Scrape, ...names: readonly string[]): Histogram | undefined {
  for (const name of names) {
    const byBound = new Map<number, number>();
    for (const { name: own, labels, value } of scrape.samples) {
      if (own !== `${name}_bucket`) continue;
      const bound = valueOf(labels.le ?? "");
      byBound.set(bound, (byBound.get(bound) ?? 0) + value);
    }
    if (byBound.size === 0) continue;
    const bounds = [...byBound.keys()].sort((a, b) => a - b);
    return {
      bounds,
      counts: bounds.map((bound) => byBound.get(bound)!),
      sum: valueIn(scrape, `${name}_sum`) ?? 0,
      count: valueIn(scrape, `${name}_count`) ?? byBound.get(Infinity) ?? 0,
    };
  }
  return undefined;
}

/** What a histogram gained between two scrapes. */
export function gained(before: Histogram, after: Histogram): Histogram {
  return {
    bounds: after.bounds,
    counts: after.counts.map((count, i) => count - (before.counts[i] ?? 0)),
    sum: after.sum - before.sum,
    count: after.count - before.count,
  };
}

/**
 * The value that a share of a histogram's values does not exceed, linear within its bucket.
 *
 * @param share Above 0, up to 1.
 */
export function quantile({ bounds, counts, count }: Histogram, share: number): number {
  const wanted = share * count;
  const at = counts.findIndex((each) => each >= wanted);
  const [low, high] = [bounds[at - 1] ?? 0, bounds[at]];
  if (high === undefined || high === Infinity) return low;
  const below = counts[at - 1] ?? 0;
  return low + (high - low) * (wanted - below) / (counts[at] - below);
}
