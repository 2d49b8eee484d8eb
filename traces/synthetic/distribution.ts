/**
 * Distributions of lengths and times as a workload names them, such as
 * `lognormal(median=124 s; p90=2331 s)`.
 *
 * @module
 */

import { exp, ln } from "./exact_math.ts";
import type { Random } from "./random.ts";

/** A distribution of whole numbers: tokens, turns, nanoseconds. */
export interface Distribution {
  /** As it was written. */
  readonly text: string;
  /** A draw, rounded and clamped. */
  draw(random: Random): number;
}

/** The forms, for messages and help. */
export const DISTRIBUTION_FORMS = 'a value, "uniform(min; max)", "exponential(mean)", ' +
  '"geometric(mean)", "lognormal(median; p90 or mean)" or "percentiles(0=…; 50=…; 100=…)", ' +
  "each optionally with min= and max=";

/** Which settings each form takes besides `min` and `max`. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  uniform: [],
  exponential: ["mean"],
  geometric: ["mean"],
  lognormal: ["median", "p90", "mean"],
  percentiles: [],
};

/** The normal quantile of 0.9. */
const Z90 = 1.2815515655446004;

/**
 * Reads a distribution.
 *
 * @param parse Reads one value with its unit.
 * @throws {RangeError} With a sentence that names the forms.
 */
export function parseDistribution(text: string, parse: (text: string) => number): Distribution {
  const match = /^\s*([a-z]+)\s*\(([^()]*)\)\s*$/.exec(text);
  if (match === null) {
    if (text.includes("(")) throw new RangeError(`"${text}" is no distribution: write ${forms()}`);
    const value = parse(text);
    return { text, draw: () => value };
  }
  const [, form, inside] = match;
  const settings = readSettings(text, form, inside, parse);
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = Object.fromEntries(settings);
  if (min > max) throw new RangeError(`"${text}" has a min above its max`);
  const sample = sampler(text, form, settings);
  const draw = (random: Random) => Math.min(max, Math.max(min, Math.round(sample(random))));
  return { text, draw };
}

function forms(): string {
  return DISTRIBUTION_FORMS;
}

function readSettings(
  text: string,
  form: string,
  inside: string,
  parse: (text: string) => number,
): Map<string, number> {
  if (!Object.hasOwn(SETTINGS, form)) {
    throw new RangeError(`"${text}" has an unknown form "${form}": write ${forms()}`);
  }
  const settings = new Map<string, number>();
  for (const part of inside.split(";").filter((part) => part.trim() !== "")) {
    const [key, value] = part.split("=").map((word) => word.trim());
    const isPercentile = form === "percentiles" && /^\d+(\.\d+)?$/.test(key) && Number(key) <= 100;
    const isKnown = isPercentile || key === "min" || key === "max" || SETTINGS[form].includes(key);
    if (!isKnown || value === undefined || settings.has(key)) {
      throw new RangeError(`"${text}" is not understood at "${part.trim()}": write ${forms()}`);
    }
    settings.set(key, parse(value));
  }
  return settings;
}

type Sampler = (random: Random) => number;

function sampler(text: string, form: string, settings: Map<string, number>): Sampler {
  const need = (key: string) => {
    const value = settings.get(key);
    if (value === undefined || (value <= 0 && key !== "min")) {
      throw new RangeError(`"${text}" needs ${key}= above 0: write ${forms()}`);
    }
    return value;
  };
  if (form === "uniform") {
    const min = need("min");
    const max = need("max");
    return (random) => random.between(min, max);
  }
  if (form === "exponential") {
    const mean = need("mean");
    return (random) => mean * random.exponential();
  }
  if (form === "geometric") return geometric(text, need("mean"));
  if (form === "lognormal") {
    const median = need("median");
    const sigma = settings.has("p90")
      ? ln(need("p90") / median) / Z90
      : Math.sqrt(2 * ln(need("mean") / median));
    if (!(sigma >= 0)) throw new RangeError(`"${text}" has a median above its mean or p90`);
    return (random) => median * exp(sigma * random.normal());
  }
  return percentiles(text, settings);
}

/** Of 1, 2, 3, …: turns after which each time the same share goes on. */
function geometric(text: string, mean: number): Sampler {
  if (mean < 1) throw new RangeError(`"${text}" has a mean below 1`);
  if (mean === 1) return () => 1;
  const logContinue = ln(1 - 1 / mean);
  return (random) => 1 + Math.floor(ln(1 - random.unit()) / logContinue);
}

/** Between the points given, on a logarithmic scale where both are above 0. */
function percentiles(text: string, settings: Map<string, number>): Sampler {
  const points = [...settings].filter(([key]) => key !== "min" && key !== "max")
    .map(([key, value]) => ({ at: Number(key) / 100, value }))
    .sort((a, b) => a.at - b.at);
  if (points[0]?.at !== 0 || points.at(-1)?.at !== 1) {
    throw new RangeError(`"${text}" needs the percentiles 0 and 100`);
  }
  if (points.some(({ value }, index) => index > 0 && value < points[index - 1].value)) {
    throw new RangeError(`"${text}" has percentiles that go down`);
  }
  return (random) => {
    const target = random.unit();
    const above = Math.max(1, points.findIndex(({ at }) => at > target));
    const [low, high] = [points[above - 1], points[above]];
    const share = (target - low.at) / (high.at - low.at);
    if (low.value <= 0) return low.value + share * (high.value - low.value);
    return low.value * exp(share * ln(high.value / low.value));
  };
}
