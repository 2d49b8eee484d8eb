/**
 * What formats ask of a row, be it JSON or CSV.
 *
 * @module
 */

import type { TimeUnit } from "./options.ts";
import type { Instant } from "./time.ts";

/** Bounds of a count. */
export interface CountOptions {
  readonly optional?: boolean;
  readonly most?: number;
  readonly least?: number;
}

/** Values of one row by slot. Reading a value that makes no sense reports it and sets `bad`. */
export interface FieldReader {
  readonly line: number;
  readonly bad: boolean;
  has(slot: number): boolean;
  /** The value as a number, unchecked; `NaN` for anything else. */
  number(slot: number): number;
  /** The name of the slot's column in this file, if it is there. */
  keyOf(slot: number): string | undefined;
  count(slot: number, options?: CountOptions): number;
  amount(slot: number): number;
  time(slot: number, unit: TimeUnit, into: Instant, optional?: boolean): void;
  name(slot: number): string | number | undefined;
}
