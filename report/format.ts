/**
 * Numbers and words for people, the same on every host: no locale is asked.
 *
 * @module
 */

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
