/**
 * Numbers and words for people, the same on every host: no locale is asked.
 *
 * @module
 */

import { plural } from "../errors/plural.ts";

/** What stands for a value that does not exist, such as a ratio of nothing. */
export const NO_VALUE = "–";

/**
 * Writes a whole number with a comma between thousands.
 *
 * @example
 * ```ts
 * import { formatCount } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatCount(1234567), "1,234,567");
 * ```
 */
export function formatCount(count: number): string {
  const digits = Math.abs(count).toFixed(0);
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ",");
  return count < 0 && digits !== "0" ? `-${grouped}` : grouped;
}

/**
 * Writes a whole number and what it counts, which ends in `s` but for one.
 *
 * @example
 * ```ts
 * import { formatCounted } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatCounted(1, "block"), "1 block");
 * assertEquals(formatCounted(1200, "block"), "1,200 blocks");
 * ```
 */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${plural(count, noun)}`;
}

/** Keeps two words on one line; `wrap` and Markdown turn it back into a plain space. */
export const NO_BREAK = "\u00a0";

/** Writes a ratio in percent (or points): `0.3664` → `36.6`; without decimals from 1,000 on. */
export function formatPercent(ratio: number): string {
  if (Math.abs(ratio) >= 10) return formatCount(ratio * 100);
  const text = (ratio * 100).toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}

/** Writes a difference of two ratios in points, with its sign: `0.012` → `+1.2`. */
export function formatSignedPoints(difference: number): string {
  const text = formatPercent(difference);
  return text.startsWith("-") || text === "0.0" ? text : `+${text}`;
}

/** Writes how many times larger something is: `9.6`, and without decimals from 100 on. */
export function formatTimes(factor: number): string {
  return factor < 100 ? factor.toFixed(1) : formatCount(factor);
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/**
 * Writes bytes in the largest binary unit that leaves at least one, with three digits.
 *
 * @example
 * ```ts
 * import { formatBytes } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatBytes(80 * 1024 ** 3), "80.0 GiB");
 * assertEquals(formatBytes(512), "512 B");
 * ```
 */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const decimals = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(decimals)} ${BYTE_UNITS[unit]}`;
}

/** Writes bytes as {@linkcode formatBytes} does, in six columns at most: `1.39Ti`. */
export function formatBytesShort(bytes: number): string {
  return formatBytes(bytes).replace(/ ([KMGTPE]i)B$/, "$1").replace(" B", "");
}

const TIME_UNITS: readonly (readonly [unit: string, ns: number, below: number])[] = [
  ["µs", 1e3, 1e6],
  ["ms", 1e6, 1e9],
  ["s", 1e9, 100e9],
  ["min", 60e9, 6_000e9],
  ["h", 3_600e9, Infinity],
];

/**
 * Writes nanoseconds in the unit that fits, with three digits.
 *
 * @example
 * ```ts
 * import { formatDuration } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatDuration(3_420_000), "3.42 ms");
 * assertEquals(formatDuration(7_200e9), "2.00 h");
 * ```
 */
export function formatDuration(ns: number): string {
  if (ns < 0) return `-${formatDuration(-ns)}`;
  if (ns < 1000) return `${Number.isInteger(ns) ? ns : threeDigits(ns)} ns`;
  // What would be rounded up to the next unit belongs there.
  const [unit, size] = TIME_UNITS.find(([, , below]) => ns < below * 0.9995)!;
  return `${threeDigits(ns / size)} ${unit}`;
}

/** Writes dollars: `$0.31`, `$1,240`, and `$0.0042` where cents are too coarse. */
export function formatDollars(dollars: number): string {
  if (dollars < 0) return `-${formatDollars(-dollars)}`;
  if (dollars >= 99.995 || dollars === 0) return `$${formatCount(dollars)}`;
  if (dollars >= 0.01) return `$${dollars.toFixed(2)}`;
  return dollars < 0.000_001 ? "< $0.000001" : `$${Number(dollars.toPrecision(2)).toFixed(7)}`
    .replace(/0+$/, "");
}

const JOULE_UNITS = ["mJ", "J", "kJ", "MJ", "GJ"];

/** Writes joules with a unit that fits: `4.10 kJ`. */
export function formatJoules(joules: number): string {
  let unit = 0;
  let value = joules * 1000;
  while (value >= 999.5 && unit < JOULE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return value === 0 ? "0 J" : `${threeDigits(value)} ${JOULE_UNITS[unit]}`;
}

/** Writes a number of any size with three digits, without a unit: `0.042`, `1.82`, `3,420`. */
export function formatDecimal(value: number): string {
  if (value < 0) return `-${formatDecimal(-value)}`;
  if (value === 0) return "0";
  if (value >= 0.9995) return threeDigits(value);
  // Below a millionth nothing is left to say, and no exponent is written.
  return value < 1e-6 ? "< 0.000001" : Number(value.toPrecision(2)).toFixed(7).replace(/0+$/, "");
}

/** Three digits, or all before the point: `3.42`, `34.2`, `342`, `3,420`. */
function threeDigits(value: number): string {
  if (value >= 99.95) return formatCount(value);
  return value.toFixed(value >= 9.995 ? 1 : 2);
}

/**
 * Makes control characters visible, so that a file name cannot move the cursor or hide text.
 *
 * Newlines and tabs are made visible too. Also covers the marks that turn the direction of text.
 */
export function visible(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (c) => {
      return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
    },
  );
}

/** Joins words as a sentence does: `a`, `a and b`, `a, b and c`. */
export function sentenceList(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
