/**
 * Tables of measured numbers: a header line, commas, one number a field.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import type { MeasuredText } from "./input.ts";

/** A table whose fields are read as they are asked for. */
export interface MeasuredTable {
  readonly rows: number;
  /** Line of a row in the file, from 2. */
  readonly lineOf: (row: number) => number;
  readonly has: (column: string) => boolean;
  /**
   * A column as numbers.
   *
   * @throws {CalibrationError} If there is no such column, or a field is no number.
   */
  readonly numbers: (column: string) => Float64Array;
  readonly texts: (column: string) => string[];
}

/**
 * Reads a table.
 *
 * @throws {CalibrationError} If it has no rows, or a row with too few or many fields.
 */
export function readTable({ file, text }: MeasuredText): MeasuredTable {
  const lines = text.split(/\r?\n/);
  const header = lines[0].split(",").map((name) => name.trim());
  const kept = lines.map((line, index) => [line, index + 1] as const)
    .slice(1).filter(([line]) => line.trim() !== "");
  if (kept.length === 0) {
    throw new CalibrationError({
      code: "calibrate/empty-table",
      message: "Cannot read table: it has no rows",
      place: { file, line: 1 },
      expected: "a header line and a row for each measurement",
    });
  }
  const fields = kept.map(([line, number]) => {
    const row = line.split(",");
    if (row.length === header.length) return row;
    throw new CalibrationError({
      code: "calibrate/ragged-table",
      message: "Cannot read table: a row is not as long as the header",
      place: { file, line: number },
      found: `${row.length} fields`,
      expected: `${header.length}`,
    });
  });
  const position = (column: string): number => {
    const at = header.indexOf(column);
    if (at >= 0) return at;
    const hint = didYouMean(column, header);
    throw new CalibrationError({
      code: "calibrate/missing-column",
      message: `Cannot read table: there is no column "${column}"`,
      place: { file, line: 1 },
      expected: `"${column}" in the header`,
      mend: hint === undefined ? [] : [hint],
    });
  };
  return {
    rows: kept.length,
    lineOf: (row) => kept[row][1],
    has: (column) => header.includes(column),
    texts: (column) => {
      const at = position(column);
      return fields.map((row) => row[at].trim());
    },
    numbers: (column) => {
      const at = position(column);
      return Float64Array.from(fields, (row, index) => {
        const value = row[at].trim() === "" ? NaN : Number(row[at]);
        if (Number.isFinite(value)) return value;
        throw new CalibrationError({
          code: "calibrate/not-a-number",
          message: `Cannot read table: "${column}" is not a number`,
          place: { file, line: kept[index][1], key: column },
          found: `"${row[at]}"`,
          expected: "a finite number",
          mend: ["leave the row out, or measure it again"],
        });
      });
    },
  };
}
