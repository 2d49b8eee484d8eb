/**
 * Values of WEKA sessions, checked as they are read.
 *
 * @module
 */

import type { Place } from "../errors/errors.ts";
import type { ReadContext } from "./context.ts";
import { showValue } from "./exact_json.ts";

const U32_MAX = 0xffffffff;

/** A JSON object. */
export type Fields = Record<string, unknown>;

/** Reads values of one session and reports those that make no sense. */
export class WekaFields {
  /** Line of the session, from 1. */
  line = 0;

  constructor(readonly context: ReadContext) {}

  /** A whole number, or `NaN` after a report. */
  count(fields: Fields, key: string, place: string, most = U32_MAX): number {
    const value = fields[key];
    const least = key === "block_size" ? 1 : 0;
    if (Number.isInteger(value) && value as number >= least && value as number <= most) {
      return value as number;
    }
    this.report(place === key ? key : `${place}.${key}`, {
      name: value === undefined ? "missing-key" : "bad-count",
      message: value === undefined ? `${key} is missing` : `${key} is no count`,
      found: value === undefined ? `keys ${Object.keys(fields).join(", ")}` : showValue(value),
      expected: `a whole number from ${least} to ${most}`,
    });
    return NaN;
  }

  /** Seconds from 0 on, or `NaN` after a report, or if absent and optional. */
  amount(fields: Fields, key: string, place: string, optional = false): number {
    const value = fields[key];
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
    if (optional && (value === undefined || value === null)) return NaN;
    this.report(`${place}.${key}`, {
      name: value === undefined ? "missing-key" : "bad-number",
      message: value === undefined ? `${key} is missing` : `${key} is no time`,
      found: showValue(value),
      expected: "seconds from 0 on",
    });
    return NaN;
  }

  report(
    key: string,
    finding: { name: string; message: string; found: string; expected: string; mend?: string[] },
  ): void {
    this.context.findings.add({ severity: "error", ...finding, place: this.place(key) });
  }

  /** The session's line, and a path of keys within it. */
  place(key: string): Place {
    return this.context.placeKind === "line" ? { line: this.line, key } : { row: this.line, key };
  }
}

/** Whether a value can be the id of a block. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
