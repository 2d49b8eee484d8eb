/**
 * Points in time, as whole seconds and the nanoseconds after them, so that no format loses digits.
 *
 * @module
 */

import type { TimeUnit } from "./options.ts";

/** A point in time; `seconds` is whole, `nanos` is from 0 to 1e9. */
export interface Instant {
  seconds: number;
  nanos: number;
}

/** Units of a numeric timestamp in one second. */
export const PER_SECOND: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** Splits a numeric timestamp into seconds and nanoseconds, to the nearest nanosecond. */
export function splitTime(value: number, unit: TimeUnit, into: Instant): void {
  const perSecond = PER_SECOND[unit];
  const seconds = Math.floor(value / perSecond);
  into.seconds = seconds;
  into.nanos = Math.round((value - seconds * perSecond) * (1e9 / perSecond));
}

/** Splits a timestamp written as a decimal number, whatever its digits: `"1763975741548745123"`. */
export function splitDecimal(text: string, unit: TimeUnit, into: Instant): void {
  const point = text.indexOf(".");
  const whole = point < 0 ? text : text.slice(0, point);
  const fraction = point < 0 ? "" : text.slice(point + 1);
  const places = String(PER_SECOND[unit]).length - 1;
  const digits = (whole + fraction).padStart(places + fraction.length + 1, "0");
  const second = digits.length - fraction.length - places;
  into.seconds = Number(digits.slice(0, second));
  into.nanos = Number(digits.slice(second, second + 9).padEnd(9, "0"));
}

/** Nanoseconds of a duration in some unit, to the nearest one. */
export function toNs(value: number, unit: TimeUnit): number {
  return Math.round(value * (1e9 / PER_SECOND[unit]));
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)? ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads an ISO date and time with any number of fractional digits; without an offset it is UTC.
 *
 * @returns Whether the text is such a time.
 */
export function parseIsoTime(text: string, into: Instant): boolean {
  const match = ISO.exec(text.trim());
  if (match === null) return false;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  const dayIsReal = days !== undefined && Number(hour) <= 23 && Number(minute) <= 59 &&
    Number(second) <= 60;
  if (!dayIsReal) return false;
  const clock = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  into.seconds = days * 86_400 + clock - zoneSeconds(zone);
  into.nanos = Number(fraction.padEnd(9, "0"));
  return true;
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z" || zone === "UTC") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return zone[0] === "-" ? -seconds : seconds;
}

/** Days since 1970-01-01 of a Gregorian date, or `undefined` for a day that does not exist. */
function daysFromCivil(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  // Years begin in March, so that the leap day is the last one.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) +
    dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return leap ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
