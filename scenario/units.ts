/**
 * Quantities with units, as people write them: `80 GiB`, `5%`, `1,000 blocks`.
 *
 * @module
 */

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

/** A capacity before the trace and the block size are known. */
export type Capacity =
  | { readonly kind: "blocks"; readonly blocks: number }
  /** Share of the trace's unique blocks, above 0. */
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "bytes"; readonly bytes: number };

const NUMBER = /^([0-9][0-9_,]*(?:\.[0-9]+)?|\.[0-9]+)\s*([A-Za-z%]*)$/;

function split(text: string): { value: number; unit: string } | undefined {
  const match = NUMBER.exec(text.trim());
  if (match === null) return undefined;
  return { value: Number(match[1].replaceAll(/[_,]/g, "")), unit: match[2] };
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
  const quantity = split(text);
  const factor = quantity === undefined ? undefined : BYTES[quantity.unit];
  if (quantity === undefined || factor === undefined) {
    const why = quantity?.unit === "" ? "has no unit" : "is not a size";
    throw new RangeError(
      `"${text}" ${why}: write a number with a unit such as "64 GiB" or "80 GB"`,
    );
  }
  const bytes = Math.round(quantity.value * factor);
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new RangeError(`"${text}" is out of range: write a size above 0 and below 8 PiB`);
  }
  return bytes;
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
  if (!(unit in BYTES)) throw new RangeError(`"${text}" has an unknown unit "${unit}": ${forms}`);
  return { kind: "bytes", bytes: parseBytes(text) };
}
