/**
 * Logarithm, exponential and sine from additions, multiplications and divisions only.
 *
 * The language leaves the last bit of `Math.log` and its kin to the host, and one bit is enough to
 * move an arrival by a nanosecond and give a trace another hash. These are the same everywhere;
 * their relative error is below 1e-15.
 *
 * @module
 */

const LN2 = 0.6931471805599453;
/** `LN2` in two parts; products of the first with small whole numbers are exact. */
const LN2_HIGH = 0.693147180369123816490;
const LN2_LOW = 1.90821492927058770002e-10;

const view = new DataView(new ArrayBuffer(8));

/** Natural logarithm of a normal number above 0. */
export function ln(x: number): number {
  view.setFloat64(0, x);
  const word = view.getUint32(0);
  let exponent = (word >>> 20) - 1023;
  view.setUint32(0, (word & 0xfffff) | 0x3ff00000);
  let mantissa = view.getFloat64(0);
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let n = 25; n >= 3; n -= 2) sum = (sum + 1 / n) * square;
  return exponent * LN2_HIGH + (2 * s + (2 * s * sum + exponent * LN2_LOW));
}

/** e to the power of `x`, for `x` up to 709; 0 below -708. */
export function exp(x: number): number {
  if (x < -708) return 0;
  const k = Math.min(1023, Math.floor(x / LN2 + 0.5));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + sum * r / n;
  view.setUint32(0, (k + 1023) << 20);
  view.setUint32(4, 0);
  return sum * view.getFloat64(0);
}

/** Sine of a whole turn times `turns`. */
export function sineOfTurns(turns: number): number {
  let phase = turns - Math.floor(turns);
  // Into the quarter around zero, where the series is short.
  if (phase > 0.75) phase -= 1;
  else if (phase > 0.25) phase = 0.5 - phase;
  const x = phase * 6.283185307179586;
  let sum = 0;
  for (let n = 21; n >= 3; n -= 2) sum = (1 + sum) * (-x * x) / (n * (n - 1));
  return x * (1 + sum);
}
