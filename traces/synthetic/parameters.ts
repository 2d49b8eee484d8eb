/**
 * One declaration of a workload's parameter gives its parsing, default, help and schema.
 *
 * @module
 */

import { type Distribution, parseDistribution } from "./distribution.ts";
import { parseCount, parseDuration, parseNumber, parseRate } from "./quantities.ts";
import type { Random } from "./random.ts";
import type { BuilderRequest } from "../builder.ts";

/** One parameter. */
export interface Declaration<T> {
  /** As people would write it. */
  readonly default: string;
  /** What it is, with the source of the default. */
  readonly text: string;
  /** What may be written, in words. */
  readonly expected: string;
  /** Whether a bare number may be written, too. */
  readonly takesNumber: boolean;
  /** @throws {RangeError} With a sentence. */
  readonly parse: (text: string) => T;
}

/** A declaration of each field of `P`. */
export type Declarations<P> = { readonly [Key in keyof P]: Declaration<P[Key]> };

/** What a generator is given besides its parameters. */
export interface Making {
  /** Tokens of a block. */
  readonly blockTokens: number;
  /** The stream of random numbers of this name. */
  random(stream: string): Random;
  /** Takes a request; requests come in any order, those of a session together. Gives its row. */
  add(request: BuilderRequest): number;
}

/** A family of workloads. */
export interface Kind<P> {
  /** As in `synth:NAME`. */
  readonly name: string;
  /** One clause for lists. */
  readonly summary: string;
  readonly parameters: Declarations<P>;
  /** Seed when none is given. */
  readonly defaultSeed: number;
  make(parameters: P, making: Making, seed: number): void;
}

function bounded(parse: (text: string) => number, least: number, most: number) {
  return (text: string) => {
    const value = parse(text);
    if (value >= least && value <= most) return value;
    throw new RangeError(`"${text}" is out of range: write ${least} to ${most}`);
  };
}

/** A whole number. */
export function count(
  value: number,
  text: string,
  least = 1,
  most = 0xffffffff,
): Declaration<number> {
  return {
    default: String(value),
    text,
    expected: `a whole number, ${least} or more`,
    takesNumber: true,
    parse: bounded(parseCount, least, most),
  };
}

/** A number or a percentage. */
export function number(
  value: number,
  text: string,
  least = 0,
  most = 1e6,
): Declaration<number> {
  return {
    default: String(value),
    text,
    expected: `a number from ${least} to ${most}`,
    takesNumber: true,
    parse: bounded(parseNumber, least, most),
  };
}

/** A duration in nanoseconds. */
export function duration(value: string, text: string): Declaration<number> {
  return {
    default: value,
    text,
    expected: 'a duration such as "90 s"',
    takesNumber: false,
    parse: parseDuration,
  };
}

/** A rate per second. */
export function rate(value: string, text: string): Declaration<number> {
  return {
    default: value,
    text,
    expected: 'a rate such as "3 req/s"',
    takesNumber: false,
    parse: parseRate,
  };
}

/** A distribution of whole numbers, such as tokens. */
export function counts(value: string, text: string): Declaration<Distribution> {
  return {
    default: value,
    text,
    expected: 'a number or a distribution such as "uniform(min=256; max=2048)"',
    takesNumber: true,
    parse: (written) => parseDistribution(written, parseNumber),
  };
}

/** A distribution of durations in nanoseconds. */
export function durations(value: string, text: string): Declaration<Distribution> {
  return {
    default: value,
    text,
    expected: 'a duration or a distribution such as "lognormal(median=124 s; p90=2331 s)"',
    takesNumber: false,
    parse: (written) => parseDistribution(written, parseDuration),
  };
}

/** One of some words. */
export function choice<const Word extends string>(
  words: readonly Word[],
  value: NoInfer<Word>,
  text: string,
): Declaration<Word> {
  return {
    default: value,
    text,
    expected: `one of ${words.join(", ")}`,
    takesNumber: false,
    parse: (written) => {
      const word = words.find((word) => word === written.trim());
      if (word !== undefined) return word;
      throw new RangeError(`"${written}" is unknown: write one of ${words.join(", ")}`);
    },
  };
}

/** Whether requests say what their blocks hold. */
export function kinds(): Declaration<boolean> {
  const text = "whether blocks say what they hold (system, document, question, …), for " +
    "`kvtier curve --by kind`; it splits extents";
  const { parse, ...rest } = choice(["no", "yes"], "no", text);
  return { ...rest, parse: (written) => parse(written) === "yes" };
}

/**
 * How a field of a generator is called in files and on the command line, where the value has its
 * unit: `thinkNs` is `think`, `ratePerSecond` is `rate`.
 */
export function humanName(field: string): string {
  return field.replace(/(Ns|PerSecond)$/, "");
}
