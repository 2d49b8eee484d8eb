/**
 * 64-bit integers as two 32-bit words, without `bigint`.
 *
 * @module
 */

/** Result of the functions here; reused, so read it before the next call. */
export const word = { low: 0, high: 0 };

const TWO_32 = 4_294_967_296;

/** Splits a safe integer; negative ones become their two's complement. */
export function splitInteger(value: number): void {
  const magnitude = Math.abs(value);
  word.low = magnitude % TWO_32;
  word.high = Math.floor(magnitude / TWO_32);
  if (value < 0) negate();
}

/**
 * Reads decimal digits of an integer from -2^63 to 2^64 - 1 into {@linkcode word}.
 *
 * @returns Whether the value is in that range.
 */
export function parseDigits(
  digitAt: (index: number) => number,
  count: number,
  isNegative: boolean,
): boolean {
  let low = 0;
  let high = 0;
  for (let index = 0; index < count;) {
    let scale = 1;
    let part = 0;
    // Six digits at a time keep `low * scale` below 2^53.
    for (let taken = 0; taken < 6 && index < count; taken++, index++) {
      scale *= 10;
      part = part * 10 + digitAt(index);
    }
    const sum = low * scale + part;
    low = sum % TWO_32;
    high = high * scale + Math.floor(sum / TWO_32);
    if (high >= TWO_32) return false;
  }
  word.low = low;
  word.high = high;
  if (!isNegative) return true;
  const inRange = high < 0x8000_0000 || (high === 0x8000_0000 && low === 0);
  negate();
  return inRange;
}

/** Reads an integer written in decimal, as {@linkcode parseDigits} does. */
export function parseDecimal(text: string): boolean {
  const isNegative = text.startsWith("-");
  const start = isNegative ? 1 : 0;
  return parseDigits(
    (index) => text.charCodeAt(start + index) - 48,
    text.length - start,
    isNegative,
  );
}

function negate(): void {
  const low = (~word.low + 1) >>> 0;
  word.high = (~word.high + (low === 0 ? 1 : 0)) >>> 0;
  word.low = low;
}
