/**
 * Rows of a table with a header line.
 *
 * Lines without quotes are split at commas, which is ten times as fast as `@std/csv`; a line with a
 * quote goes to `@std/csv`. Fields do not span lines.
 *
 * @module
 */

import { parse } from "@std/csv";
import type { Place } from "../errors/errors.ts";
import { nearest } from "../errors/nearest.ts";
import type { ReadContext } from "./context.ts";
import type { CountOptions, FieldReader } from "./fields.ts";
import { type Finding, refusal } from "./findings.ts";
import { normalName } from "./head.ts";
import { readLines } from "./lines.ts";
import type { TimeUnit } from "./options.ts";
import { type Instant, parseIsoTime, splitDecimal } from "./time.ts";
import type { Column } from "./columns.ts";
import { parseDecimal, word } from "./words64.ts";

const U32_MAX = 0xffffffff;
const DECIMAL = /^\d+(\.\d+)?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Names of a column, the main one first, and whether a table must have it. */
export interface CsvColumn {
  readonly names: readonly string[];
  readonly optional?: boolean;
}

/** One row at a time: its values by slot. */
export class CsvRow implements FieldReader {
  line = 0;
  bad = false;
  /** Fields of the present row. */
  fields: readonly string[] = [];
  /** Position of each slot's column, or -1. */
  #positions: readonly number[] = [];
  #header: readonly string[] = [];

  constructor(readonly context: ReadContext, readonly columns: readonly CsvColumn[]) {}

  /** Finds the columns; refuses a table that lacks one. */
  setHeader(header: readonly string[], line: number): void {
    this.#header = header;
    const names = header.map(normalName);
    this.#positions = this.columns.map((column) => {
      for (const name of column.names) {
        const position = names.indexOf(normalName(name));
        if (position >= 0) return position;
      }
      return -1;
    });
    const missing = this.columns.findIndex((column, slot) =>
      column.optional !== true && this.#positions[slot] < 0
    );
    if (missing < 0) return;
    const wanted = this.columns[missing].names;
    const near = nearest(wanted[0], header);
    throw refusal(this.context.file, {
      name: "missing-column",
      message: `column ${wanted[0]} is missing`,
      place: { line, key: wanted[0] },
      found: `columns ${header.slice(0, 20).join(", ")}`,
      expected: `a column named "${wanted.slice(0, 6).join('" or "')}"`,
      mend: near.length === 0 ? [] : [`did you mean "${near.join('" or "')}"?`],
    });
  }

  /** Takes the fields of a row; `false` when their number is wrong, which is reported. */
  load(fields: readonly string[], line: number): boolean {
    this.line = line;
    this.bad = false;
    this.fields = fields;
    if (fields.length === this.#header.length) return true;
    this.bad = true;
    this.context.findings.add({
      name: "field-count",
      severity: "error",
      message: "a row has the wrong number of fields",
      place: { line },
      found: `${fields.length} fields`,
      expected: `${this.#header.length}, as the header has`,
    });
    return false;
  }

  #text(slot: number): string {
    const position = this.#positions[slot];
    return position < 0 ? "" : this.fields[position].trim();
  }

  has(slot: number): boolean {
    return this.#text(slot) !== "";
  }

  number(slot: number): number {
    const text = this.#text(slot);
    return NUMBER.test(text) ? Number(text) : NaN;
  }

  keyOf(slot: number): string | undefined {
    return this.#header[this.#positions[slot]];
  }

  count(slot: number, options: CountOptions = {}): number {
    const { optional = false, most = U32_MAX, least = 0 } = options;
    const text = this.#text(slot);
    if (text === "" && optional) return NaN;
    const value = Number(text);
    const isGood = NUMBER.test(text) && Number.isInteger(value) && value >= least && value <= most;
    if (isGood) return value;
    this.#report(slot, "bad-count", "is no count", `a whole number from ${least} to ${most}`);
    return NaN;
  }

  amount(slot: number): number {
    const text = this.#text(slot);
    if (text === "") return NaN;
    const value = Number(text);
    if (NUMBER.test(text) && value >= 0 && Number.isFinite(value)) return value;
    this.#report(slot, "bad-number", "is no amount", "a number from 0 on");
    return NaN;
  }

  time(slot: number, unit: TimeUnit, into: Instant, optional = false): void {
    into.seconds = NaN;
    into.nanos = 0;
    const text = this.#text(slot);
    if (text === "" && optional) return;
    if (DECIMAL.test(text)) return splitDecimal(text, unit, into);
    if (parseIsoTime(text, into)) return;
    const expected = `a number from 0 on (in ${unit}), or a date and time in ISO form`;
    this.#report(slot, "bad-time", "is no time", expected);
  }

  name(slot: number): string | undefined {
    const text = this.#text(slot);
    return text === "" ? undefined : text;
  }

  /** The cell as `parse` reads it; `undefined` if it is empty, or was reported as unreadable. */
  read<T>(
    slot: number,
    parse: (text: string) => T | undefined,
    finding: { readonly name: string; readonly what: string; readonly expected: string },
  ): T | undefined {
    const text = this.#text(slot);
    if (text === "") return undefined;
    const value = parse(text);
    if (value === undefined) this.#report(slot, finding.name, finding.what, finding.expected);
    return value;
  }

  /**
   * Appends the block ids of a cell such as `1 2 3`, `1;2;3` or `[1, 2, 3]` to a column of words.
   *
   * @returns How many there were; the row is bad if one is no 64-bit integer.
   */
  ids(slot: number, words: Column<Uint32Array>): number {
    const parts = this.#text(slot).replace(/^\[|\]$/g, "").split(/[\s;,|]+/);
    const ids = parts.filter((part) => part !== "");
    for (const id of ids) {
      if (!/^-?\d{1,20}$/.test(id) || !parseDecimal(id)) {
        this.#report(slot, "bad-block-id", "holds what is no block id", "64-bit integers");
        return 0;
      }
      words.push(word.low);
      words.push(word.high);
    }
    return ids.length;
  }

  #report(slot: number, name: Finding["name"], what: string, expected: string): void {
    this.bad = true;
    const { findings } = this.context;
    if (!findings.wants(name)) return findings.count(name, "error");
    const key = this.keyOf(slot) ?? this.columns[slot].names[0];
    const text = this.#text(slot);
    findings.add({
      name,
      severity: "error",
      message: `${key} ${what}`,
      place: this.place(key),
      found: text === "" ? "nothing" : JSON.stringify(text.slice(0, 60)),
      expected,
    });
  }

  place(key?: string): Place {
    return { line: this.line, key };
  }
}

/** Calls `onRow` for each row after the header; it returns `false` to stop. */
export async function readCsvRows(row: CsvRow, onRow: () => boolean): Promise<void> {
  const { context } = row;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let hasHeader = false;
  await readLines(context, (bytes, start, end, line) => {
    const fields = fieldsOf(decoder, bytes.subarray(start, end), context, line);
    if (fields === undefined) return true;
    if (!hasHeader) {
      hasHeader = true;
      row.setHeader(fields.map((name) => name.trim()), line);
      return true;
    }
    return row.load(fields, line) ? onRow() : true;
  });
}

function fieldsOf(
  decoder: TextDecoder,
  bytes: Uint8Array,
  context: ReadContext,
  line: number,
): string[] | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    context.findings.add({
      name: "not-utf8",
      severity: "error",
      message: "the line is not UTF-8",
      place: { line },
      expected: "UTF-8 text",
      mend: ["convert the file to UTF-8"],
    });
    return undefined;
  }
  if (!text.includes('"')) return text.split(",");
  try {
    return parse(text)[0];
  } catch (error) {
    context.findings.add({
      name: "bad-csv",
      severity: "error",
      message: "quotes do not fit together",
      place: { line },
      found: JSON.stringify(text.slice(0, 60)),
      expected: "fields in pairs of quotes, with inner quotes doubled",
      mend: [error instanceof Error ? error.message.replace(/\.$/, "") : String(error)],
    });
    return undefined;
  }
}
