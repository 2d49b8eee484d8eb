/**
 * Quantities with units, as people write them: `80 GiB`, `3.35 TB/s`, `15 us`, `5%`.
 *
 * @module
 */
import { didYouMean } from "../errors/nearest.ts";

/** Bytes of each unit: IEC units are powers of 1,024, SI units powers of 1,000. */
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const BYTES_PER_SECOND: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Object.entries(BYTES).map(([unit, bytes]) => [`${unit}/s`, bytes])),
  "Mb/s": 1e6 / 8,
  "Gb/s": 1e9 / 8,
  "Tb/s": 1e12 / 8,
};

const NANOSECONDS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

const HOURS: Readonly<Record<string, number>> = { h: 1, day: 24, month: 730 };

/** Dollars per GiB and hour of each unit of price. A month has 730 hours. */
const PRICES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(HOURS).flatMap(([time, hours]) =>
    ["GB", "TB", "GiB", "TiB"].map((size) => [
      `/${size}/${time}`,
      2 ** 30 / BYTES[size] / hours,
    ])
  ),
);

/** One kind of quantity: its units, what it may be, and how to say so. */
export interface QuantityKind {
  /** Base units in one of each unit. */
  readonly units: Readonly<Record<string, number>>;
  /** What a text of this kind is: `"5" is not a size`. */
  readonly noun: string;
  /** What to write, after "write" or "expected". */
  readonly form: string;
  /** A whole number of base units. */
  readonly whole: boolean;
  /** Zero makes sense. */
  readonly zero: boolean;
  /** What stands before the number. */
  readonly sign?: string;
  /** Says what is too large, where a double is not exact enough. */
  readonly range?: string;
}

/** Every kind of quantity that a scenario may hold. */
export const QUANTITIES = {
  bytes: {
    units: BYTES,
    noun: "a size",
    form: 'a number with a unit such as "64 GiB" or "80 GB"',
    whole: true,
    zero: false,
    range: "write a size above 0 and below 8 PiB",
  },
  bandwidth: {
    units: BYTES_PER_SECOND,
    noun: "a bandwidth",
    form: 'a number with a unit such as "3.35 TB/s" or "64 GB/s"',
    whole: true,
    zero: false,
  },
  duration: {
    units: NANOSECONDS,
    noun: "a time",
    form: 'a number with a unit such as "15 us" or "0.4 ms"',
    whole: true,
    zero: true,
  },
  moment: {
    units: { ...NANOSECONDS, min: 6e10, h: 3.6e12 },
    noun: "a time",
    form: 'a number with a unit such as "90 s" or "10 min"',
    ...{ whole: true, zero: true },
  },
  tokenTime: {
    units: withSuffix(NANOSECONDS, "/token"),
    noun: "a time for each token",
    form: 'a number with a unit such as "35 us/token"',
    whole: false,
    zero: true,
  },
  tokenSquaredTime: {
    units: withSuffix(NANOSECONDS, "/token^2"),
    noun: "a time for each token squared",
    form: 'a number with a unit such as "1.3 ns/token^2"',
    whole: false,
    zero: true,
  },
  energy: {
    units: { "pJ/B": 1, "nJ/B": 1e3, "pJ/bit": 8 },
    noun: "an energy",
    form: 'a number with a unit such as "31 pJ/B" or "3.9 pJ/bit"',
    whole: false,
    zero: true,
  },
  price: {
    units: PRICES,
    noun: "a price",
    form: 'dollars with a unit such as "$0.004/GiB/h" or "$0.023/GB/month"',
    whole: false,
    zero: true,
    sign: "$",
  },
  arithmetic: {
    units: { "GFLOP/s": 1e9, "TFLOP/s": 1e12, "PFLOP/s": 1e15 },
    noun: "a rate of arithmetic",
    form: 'a number with a unit such as "312 TFLOP/s"',
    whole: true,
    zero: false,
  },
  power: {
    units: { W: 1, kW: 1e3 },
    noun: "a power",
    form: 'a number with a unit such as "700 W"',
    whole: false,
    zero: false,
  },
  hourlyPrice: {
    units: { "/h": 1, "/month": 1 / 730 },
    noun: "a price for time",
    form: 'dollars with a unit such as "$2.50/h"',
    whole: false,
    zero: true,
    sign: "$",
  },
} as const satisfies Readonly<Record<string, QuantityKind>>;

function withSuffix(
  units: Readonly<Record<string, number>>,
  suffix: string,
): Record<string, number> {
  return Object.fromEntries(Object.entries(units).map(([unit, n]) => [`${unit}${suffix}`, n]));
}

/** A capacity before the trace and the block size are known. */
export type Capacity =
  | { readonly kind: "blocks"; readonly blocks: number }
  /** Share of the trace's unique blocks, above 0. */
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "bytes"; readonly bytes: number };

const NUMBER = /^([0-9][0-9_,]*(?:\.[0-9]+)?|\.[0-9]+)\s*(\S*)$/;

/** No quantity is longer; patterns need not be fast on texts beyond this. */
const LENGTH_MAX = 64;

function split(text: string): { value: number; unit: string } | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const match = NUMBER.exec(text.trim().replaceAll(/\s*\/\s*/g, "/"));
  if (match === null) return undefined;
  const unit = match[2].replace(/^[µμ]s/, "us").replace("²", "^2");
  return { value: Number(match[1].replaceAll(/[_,]/g, "")), unit };
}

/** A quantity in base units, or what is wrong with its text and what to write instead. */
export type Reading = { readonly value: number } | {
  readonly wrong: string;
  readonly expected: string;
  readonly hint?: string;
};

/** Reads a quantity without throwing, for those who know its place. */
export function readQuantity(text: string, kind: QuantityKind): Reading {
  const { units, noun, form, sign = "" } = kind;
  const signed = text.trim().startsWith(sign);
  const quantity = split(signed ? text.trim().slice(sign.length) : text);
  if (quantity === undefined || !signed) return { wrong: `is not ${noun}`, expected: form };
  const factor = Object.hasOwn(units, quantity.unit) ? units[quantity.unit] : undefined;
  if (factor === undefined) {
    const wrong = quantity.unit === "" ? "has no unit" : `is not ${noun}`;
    const hint = quantity.unit === "" ? undefined : didYouMean(quantity.unit, Object.keys(units));
    return { wrong, expected: form, ...(hint === undefined ? {} : { hint }) };
  }
  const exact = quantity.value * factor;
  const value = kind.whole ? Math.round(exact) : exact;
  const lost = value === 0 && (!kind.zero || quantity.value > 0);
  if (lost || !(value <= Number.MAX_SAFE_INTEGER)) {
    const expected = "range" in kind && kind.range !== undefined ? kind.range : `write ${form}`;
    return { wrong: "is out of range", expected: expected.replace(/^write /, "") };
  }
  return { value };
}

function parseQuantity(text: string, kind: QuantityKind): number {
  const reading = readQuantity(text, kind);
  if ("value" in reading) return reading.value;
  const hint = reading.hint === undefined ? "" : `; ${reading.hint}`;
  throw new RangeError(`"${text}" ${reading.wrong}: write ${reading.expected}${hint}`);
}

/**
 * Reads a size in bytes; a unit is required.
 *
 * @returns Whole bytes.
 * @throws {RangeError} With a sentence that names the units.
 *
 * @example
 * ```ts
 * import { parseBytes } from "kvtier";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseBytes("64 GiB"), 68_719_476_736);
 * assertEquals(parseBytes("1.5MB"), 1_500_000);
 * assertThrows(() => parseBytes("64"), RangeError, "unit");
 * ```
 */
export function parseBytes(text: string): number {
  return parseQuantity(text, QUANTITIES.bytes);
}

/**
 * Reads a bandwidth; `Gb/s` counts bits, `GB/s` and `GiB/s` bytes.
 *
 * @returns Whole bytes per second.
 * @throws {RangeError} With a sentence that names the units.
 *
 * @example
 * ```ts
 * import { parseBandwidth } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseBandwidth("3.35 TB/s"), 3.35e12);
 * assertEquals(parseBandwidth("100 Gb/s"), 12.5e9);
 * ```
 */
export function parseBandwidth(text: string): number {
  return parseQuantity(text, QUANTITIES.bandwidth);
}

/**
 * Reads a time in `ns`, `us` (or `µs`), `ms` or `s`.
 *
 * @returns Whole nanoseconds.
 * @throws {RangeError} With a sentence that names the units.
 *
 * @example
 * ```ts
 * import { parseDuration } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseDuration("15 us"), 15_000);
 * assertEquals(parseDuration("0.4 ms"), 400_000);
 * ```
 */
export function parseDuration(text: string): number {
  return parseQuantity(text, QUANTITIES.duration);
}

/**
 * Reads a capacity: blocks (`1000`, `1,000 blocks`), a share of the unique blocks (`5%`), or bytes.
 *
 * @throws {RangeError} With a sentence that shows the three forms.
 *
 * @example
 * ```ts
 * import { parseCapacity } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseCapacity("5%"), { kind: "share", share: 0.05 });
 * assertEquals(parseCapacity("1000"), { kind: "blocks", blocks: 1000 });
 * assertEquals(parseCapacity("64GiB"), { kind: "bytes", bytes: 2 ** 36 });
 * ```
 */
export function parseCapacity(text: string): Capacity {
  const quantity = split(text);
  const forms = 'write blocks ("1000"), a share of the unique blocks ("5%") or bytes ("64GiB")';
  if (quantity === undefined) throw new RangeError(`"${text}" is not a capacity: ${forms}`);
  const { value, unit } = quantity;
  if (unit === "%") {
    if (!(value > 0)) throw new RangeError(`"${text}" holds nothing: ${forms}`);
    return { kind: "share", share: value / 100 };
  }
  if (unit === "" || unit === "blocks" || unit === "block") {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`"${text}" is not a whole number of blocks, 1 or more: ${forms}`);
    }
    return { kind: "blocks", blocks: value };
  }
  if (!Object.hasOwn(BYTES, unit)) {
    throw new RangeError(`"${text}" has an unknown unit "${unit}": ${forms}`);
  }
  return { kind: "bytes", bytes: parseBytes(text) };
}
