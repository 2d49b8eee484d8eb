/**
 * Fits of a step's constants on scrapes of vLLM's metrics, taken one after another.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { StepModel, StepWork } from "../../engine/step_model.ts";
import { stepNs } from "../../engine/step_model.ts";
import { type Fit, fit } from "./fit.ts";
import {
  gained,
  type Histogram,
  histogramIn,
  quantile,
  type Scrape,
  valueIn,
} from "./prometheus.ts";
import { rangeOf } from "./steps.ts";

/** What went on between two scrapes. */
export interface MetricsWindow {
  readonly label: string;
  /** Requests that decoded at once, mean of both ends. */
  readonly running: number;
  /** Mean time between tokens of a request. */
  readonly interTokenNs: number;
  /** Mean work of a step, as far as metrics tell. */
  readonly work: StepWork;
}

/** A latency that the scrapes hold, whole. */
export interface MetricsLatency {
  readonly name: string;
  readonly count: number;
  readonly meanNs: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
}

const TTFT = ["vllm:time_to_first_token_seconds"];
const ITL = ["vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"];
const PREEMPTIONS = ["vllm:num_preemptions_total", "vllm:num_preemptions"];
const E2E = ["vllm:e2e_request_latency_seconds"];

/** Latencies gained from the first scrape to the last, or held by the only one. */
export function latenciesIn(scrapes: readonly Scrape[]): MetricsLatency[] {
  const rows = [["TTFT", TTFT], ["ITL", ITL], ["E2E", E2E]] as const;
  return rows.flatMap(([name, names]) => {
    const last = histogramIn(scrapes.at(-1)!, ...names);
    const first = scrapes.length > 1 ? histogramIn(scrapes[0], ...names) : undefined;
    if (last === undefined) return [];
    const whole = first === undefined ? last : gained(first, last);
    if (!(whole.count > 0)) return [];
    const ns = (seconds: number) => seconds * 1e9;
    return [{
      name,
      count: whole.count,
      meanNs: ns(whole.sum / whole.count),
      p50Ns: ns(quantile(whole, 0.5)),
      p99Ns: ns(quantile(whole, 0.99)),
    }];
  });
}

/**
 * What went on between scrapes, which are in order of time.
 *
 * A step gives every running request a token, so that steps = generated tokens ÷ running. Contexts
 * come from the used share of the KV cache and its size.
 *
 * @throws {CalibrationError} If a metric is missing.
 */
export function windowsOf(scrapes: readonly Scrape[]): MetricsWindow[] {
  const windows: MetricsWindow[] = [];
  for (let at = 1; at < scrapes.length; at++) {
    const [before, after] = [scrapes[at - 1], scrapes[at]];
    const gaps = gained(needHistogram(before, ITL), needHistogram(after, ITL));
    const both = (of: (scrape: Scrape) => number) => (of(before) + of(after)) / 2;
    const running = both((scrape) => need(scrape, "vllm:num_requests_running"));
    // What a preempted request computes again is in no counter.
    const preempted = (scrape: Scrape) => valueIn(scrape, ...PREEMPTIONS) ?? 0;
    if (preempted(after) > preempted(before)) continue;
    if (!(gaps.count > 0) || !(gaps.sum > 0) || !(running > 0)) continue;
    const prompt = (scrape: Scrape) =>
      (valueIn(scrape, "vllm:prompt_tokens_total") ?? 0) -
      (valueIn(scrape, "vllm:prefix_cache_hits_total") ?? 0);
    const steps = gaps.count / running;
    const promptTokens = Math.max(0, prompt(after) - prompt(before)) / steps;
    windows.push({
      label: `${before.file} to ${after.file}`,
      running,
      interTokenNs: gaps.sum / gaps.count * 1e9,
      work: {
        tokens: running + promptTokens,
        sequences: running,
        pairs: 0,
        contextTokens: both(contextTokens),
        windowPairs: 0,
        windowContextTokens: 0,
      },
    });
  }
  return windows;
}

function contextTokens(scrape: Scrape): number {
  const share = valueIn(scrape, "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc") ?? 0;
  const config = scrape.samples.find(({ name }) => name === "vllm:cache_config_info")?.labels;
  const tokens = Number(config?.num_gpu_blocks ?? 0) * Number(config?.block_size ?? 0);
  return Number.isFinite(tokens) ? share * tokens : 0;
}

function need(scrape: Scrape, ...names: readonly string[]): number {
  const value = valueIn(scrape, ...names);
  if (value === undefined) throw missing(scrape, names);
  return value;
}

function needHistogram(scrape: Scrape, names: readonly string[]): Histogram {
  const histogram = histogramIn(scrape, ...names);
  if (histogram === undefined) throw missing(scrape, names);
  return histogram;
}

function missing({ file }: Scrape, names: readonly string[]): CalibrationError {
  return new CalibrationError({
    code: "calibrate/missing-metric",
    message: `Cannot calibrate: the scrape has no ${names[0]}`,
    place: { file },
    expected: names.join(" or "),
    mend: ["scrape /metrics of a vLLM server of version 1"],
  });
}

/** Scrapes that make enough windows for one constant. */
const SCRAPES_MIN = 4;

/**
 * Refuses too few scrapes: what they count is compared from one to the next.
 *
 * @throws {CalibrationError} If there are fewer than four.
 */
export function checkScrapes(texts: readonly { readonly file: string }[]): void {
  if (texts.length >= SCRAPES_MIN) return;
  throw new CalibrationError({
    code: "calibrate/too-few-scrapes",
    message: "Cannot calibrate: there are too few scrapes",
    place: { file: texts[0].file },
    found: `${texts.length}`,
    expected: `${SCRAPES_MIN} or more of one server, in order of time`,
    mend: ["scrape /metrics every ten seconds or so while the load rises and falls"],
  });
}

/** Least ratio of most to fewest running requests that puts the known part to the test. */
const SPREAD_MIN = 1.5;
/** Largest relative uncertainty of a constant that is passed on. */
const UNCERTAINTY_MAX = 0.5;

/**
 * Fits the step constant on the time between tokens; what the products and contexts of a step take
 * is known from elsewhere.
 *
 * @param stepOf Constants of a step with this one.
 * @throws {CalibrationError} With too few windows, if running requests hardly vary, so that the
 * known part is not put to the test, or if the constant stays undetermined.
 */
export function fitMetrics(
  windows: readonly MetricsWindow[],
  stepOf: (stepNs: number) => StepModel,
): Fit {
  const running = windows.map((window) => window.running);
  const [fewest, most] = [Math.min(...running), Math.max(...running)];
  if (windows.length >= 4 && !(most >= SPREAD_MIN * fewest)) {
    throw new CalibrationError({
      code: "calibrate/not-identifiable",
      message: "Cannot calibrate: running requests hardly vary between scrapes",
      found: `${fewest.toFixed(1)} to ${most.toFixed(1)} running`,
      expected: `the most at least ${SPREAD_MIN} times the fewest`,
      mend: ["scrape through a rise and a fall of the load: a level load fixes one sum only"],
    });
  }
  const result = fit<MetricsWindow>({
    name: "times between tokens",
    constants: [rangeOf("stepNs")],
    points: windows,
    label: ({ label }) => label,
    x: ({ running }) => running,
    observed: ({ interTokenNs }) => interTokenNs,
    predict: ([step], windows) => {
      const constants = stepOf(step);
      return windows.map(({ work }) => stepNs(constants, work));
    },
    evaluations: 800,
  });
  const [step] = result.constants;
  if (step.uncertainty <= UNCERTAINTY_MAX) return result;
  throw new CalibrationError({
    code: "calibrate/not-identifiable",
    message: "Cannot calibrate: the scrapes do not determine the step constant",
    found: `${(step.value / 1e6).toFixed(2)} ms, give or take ${
      (100 * step.uncertainty).toFixed(0)
    } %`,
    expected: `${100 * UNCERTAINTY_MAX} % at most`,
    mend: ["scrape more often, or through a wider range of load"],
  });
}
