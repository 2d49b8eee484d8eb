/**
 * Times to live, as people write them: `60s`, `5m`, `1h`, `inf`.
 *
 * @module
 */
import { type QuantityKind, readQuantity } from "../scenario/units.ts";

const DURATION: QuantityKind = {
  units: { ms: 1e6, s: 1e9, m: 60e9, min: 60e9, h: 3600e9, d: 86_400e9 },
  noun: "a time to live",
  form: 'a time with a unit such as "60s", "5m" or "1h", or "inf"',
  whole: true,
  zero: true,
};

/**
 * Reads a time to live.
 *
 * @returns Whole nanoseconds, or `Infinity`.
 * @throws {RangeError} With a sentence that shows the form.
 *
 * @example
 * ```ts
 * import { parseTtl } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["60s", "5m", "1h", "inf"].map(parseTtl), [60e9, 300e9, 3600e9, Infinity]);
 * ```
 */
export function parseTtl(text: string): number {
  if (text.trim() === "inf") return Infinity;
  const reading = readQuantity(text, DURATION);
  if ("value" in reading) return reading.value;
  throw new RangeError(`"${text}" ${reading.wrong}: write ${reading.expected}`);
}
