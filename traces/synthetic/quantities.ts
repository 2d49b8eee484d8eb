/**
 * Quantities of workloads as people write them: `90 s`, `3 req/s`, `4,096 tokens`, `25 %`.
 *
 * @module
 */

/** Nanoseconds of each unit of time. */
const NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

const NUMBER = /^([0-9][0-9_,]*(?:\.[0-9]+)?|\.[0-9]+)\s*(.*)$/;

function split(text: string): { value: number; unit: string } {
  const match = NUMBER.exec(text.trim());
  if (match === null) throw new RangeError(`"${text}" is not a number`);
  return { value: Number(match[1].replaceAll(/[_,]/g, "")), unit: match[2].trim() };
}

/** Reads a duration; a unit is required. Gives whole nanoseconds. */
export function parseDuration(text: string): number {
  const { value, unit } = split(text);
  const factor = Object.hasOwn(NS, unit) ? NS[unit] : undefined;
  if (factor === undefined) {
    const why = unit === "" ? "has no unit" : `has an unknown unit "${unit}"`;
    throw new RangeError(`"${text}" ${why}: write a duration such as "90 s", "250 ms" or "2 h"`);
  }
  const ns = Math.round(value * factor);
  if (Number.isSafeInteger(ns)) return ns;
  throw new RangeError(`"${text}" is out of range: write a duration below 104 d`);
}

/** Reads a frequency such as `3 req/s`; what comes before the slash is for people. Per second. */
export function parseRate(text: string): number {
  const { value, unit } = split(text);
  const match = /^[A-Za-z]*\s*\/\s*([a-z]+)$/.exec(unit);
  const factor = match !== null && Object.hasOwn(NS, match[1]) ? NS[match[1]] : undefined;
  if (factor === undefined) {
    const why = unit === "" ? "has no unit" : `has an unknown unit "${unit}"`;
    throw new RangeError(`"${text}" ${why}: write a rate such as "3 req/s" or "40 sessions/h"`);
  }
  const perSecond = value * 1e9 / factor;
  if (perSecond > 0 && perSecond <= 1e9) return perSecond;
  throw new RangeError(`"${text}" is out of range: write a rate above 0`);
}

/** Reads a whole number, with the unit of what is counted or without. */
export function parseCount(text: string): number {
  const { value, unit } = split(text);
  if (Number.isSafeInteger(value) && /^[a-z]*$/.test(unit)) return value;
  throw new RangeError(`"${text}" is not a whole number`);
}

/** Reads a number without a unit, or a percentage as a share of one. */
export function parseNumber(text: string): number {
  const { value, unit } = split(text);
  if (unit === "") return value;
  if (unit === "%") return value / 100;
  throw new RangeError(`"${text}" is not a number or a percentage`);
}
