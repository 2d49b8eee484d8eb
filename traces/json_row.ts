/**
 * One row of JSON as slots with checked values.
 *
 * @module
 */

import type { Place } from "../errors/errors.ts";
import type { ReadContext } from "./context.ts";
import { longInteger, showValue } from "./exact_json.ts";
import { FlatScanner, ValueKind } from "./flat_scan.ts";
import { HashIds, idFinding, type WrongId } from "./hash_ids.ts";
import { columnOfValue, missingKey, parseLine } from "./json_line.ts";
import type { Finding } from "./findings.ts";
import type { CountOptions, FieldReader } from "./fields.ts";
import { type Instant, parseIsoTime, splitDecimal, splitTime } from "./time.ts";
import type { TimeUnit } from "./options.ts";

const U32_MAX = 0xffffffff;

/** One row at a time: its values by slot, read with checks that report what is wrong. */
export class JsonRow implements FieldReader {
  readonly scanner: FlatScanner;
  /** Line, or number of the row in a document, from 1. */
  line = 0;
  /** Whether a check of the present row failed. */
  bad = false;
  /** Where the hashes of the present row begin in the scanner's words. */
  #mark = 0;
  readonly #ids = new HashIds();
  #bytes: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  /** Values of the present row when the slow path read it. */
  #object: Record<string, unknown> | undefined;

  constructor(
    readonly context: ReadContext,
    readonly slots: readonly (readonly string[])[],
    readonly arraySlot: number,
  ) {
    this.scanner = new FlatScanner(slots, arraySlot);
  }

  /** Takes a line; `false` when it is no JSON object, which is reported. */
  load(bytes: Uint8Array, start: number, end: number, line: number): boolean {
    this.line = line;
    this.bad = false;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#object = undefined;
    const { words } = this.scanner;
    this.#mark = words.length;
    if (this.scanner.scan(bytes, start, end)) {
      if (words.length > this.#mark) {
        this.#ids.sawIntegers = true;
        if (this.#ids.areMixed) this.#checkHashes(undefined);
      }
      return !this.bad;
    }
    words.length = this.#mark;
    const value = this.#parse();
    return value !== undefined && this.#take(value);
  }

  /** Takes a row of a document. */
  loadValue(value: unknown, row: number): boolean {
    this.line = row;
    this.bad = false;
    this.#bytes = undefined;
    this.#mark = this.scanner.words.length;
    return this.#take(value);
  }

  /** Hashes of the present row. */
  get hashCount(): number {
    return (this.scanner.words.length - this.#mark) / 2;
  }

  /** Takes back the hashes of the present row. */
  dropHashes(): void {
    this.scanner.words.length = this.#mark;
  }

  /** The present row as an object, whichever path read it. */
  get object(): Record<string, unknown> {
    this.#object ??= (this.#parse() ?? {}) as Record<string, unknown>;
    return this.#object;
  }

  /** Whether the slot has a value; `null` counts as none. */
  has(slot: number): boolean {
    const kind = this.scanner.kinds[slot];
    return kind !== ValueKind.Absent && kind !== ValueKind.Null;
  }

  number(slot: number): number {
    if (this.scanner.kinds[slot] === ValueKind.Number) return this.scanner.numbers[slot];
    return Number(this.#longDigits(slot) ?? NaN);
  }

  keyOf(slot: number): string | undefined {
    return this.slots[slot].find((name) => Object.hasOwn(this.object, name));
  }

  /** A whole number from 0 to `most` (2^32 - 1 if not given), or `NaN` if absent and optional. */
  count(slot: number, options: CountOptions = {}): number {
    const { optional = false, most = U32_MAX, least = 0 } = options;
    if (!this.has(slot)) {
      if (!optional) this.reportMissing(slot, `a whole number from ${least} to ${most}`);
      return NaN;
    }
    const value = this.scanner.numbers[slot];
    const isGood = this.scanner.kinds[slot] === ValueKind.Number && Number.isInteger(value) &&
      value >= least && value <= most;
    if (isGood) return value;
    this.report(slot, {
      name: "bad-count",
      message: `${this.slots[slot][0]} is no count`,
      expected: `a whole number from ${least} to ${most}`,
    });
    return NaN;
  }

  /** A number from 0 on, or `NaN` if absent. */
  amount(slot: number): number {
    if (!this.has(slot)) return NaN;
    const value = this.scanner.numbers[slot];
    if (this.scanner.kinds[slot] === ValueKind.Number && value >= 0) return value;
    this.report(slot, {
      name: "bad-number",
      message: `${this.slots[slot][0]} is no amount`,
      expected: "a number from 0 on",
    });
    return NaN;
  }

  /** A time as a number in `unit` or an ISO date and time; absent times give `NaN` seconds. */
  time(slot: number, unit: TimeUnit, into: Instant, optional = false): void {
    into.seconds = NaN;
    into.nanos = 0;
    const kind = this.scanner.kinds[slot];
    if (!this.has(slot)) {
      if (!optional) this.reportMissing(slot, "a time");
      return;
    }
    const value = this.scanner.numbers[slot];
    if (kind === ValueKind.Number && value >= 0 && Number.isFinite(value)) {
      return splitTime(value, unit, into);
    }
    const digits = this.#longDigits(slot);
    const text = this.scanner.texts[slot];
    if (digits !== undefined && !digits.startsWith("-") && digits.length <= 20) {
      return splitDecimal(digits, unit, into);
    }
    if (kind === ValueKind.Text && digits === undefined && parseIsoTime(text, into)) return;
    this.report(slot, {
      name: "bad-time",
      message: `${this.slots[slot][0]} is no time`,
      expected: `a number from 0 on (in ${unit}), or a date and time such as 2024-05-10T00:00:00Z`,
    });
  }

  /** A text or whole number that names something, or `undefined` if absent. */
  name(slot: number): string | number | undefined {
    const kind = this.scanner.kinds[slot];
    if (kind === ValueKind.Text) return this.scanner.texts[slot];
    if (kind === ValueKind.Number) return this.scanner.numbers[slot];
    if (kind === ValueKind.Absent || kind === ValueKind.Null) return undefined;
    this.report(slot, {
      name: "bad-name",
      message: `${this.slots[slot][0]} is no name`,
      expected: "a text or a number",
    });
    return undefined;
  }

  /** Checks that the array slot held hashes; they lie in the scanner's words. */
  hashes(): void {
    const { arraySlot } = this;
    const kind = this.scanner.kinds[arraySlot];
    if (kind === ValueKind.Array) return;
    if (!this.has(arraySlot)) return this.reportMissing(arraySlot, "an array of block hashes");
    if (this.bad) return;
    this.report(arraySlot, {
      name: "bad-hashes",
      message: `${this.slots[arraySlot][0]} is no array`,
      expected: "an array of block hashes",
    });
  }

  /** Reports a name that is not there, and names that come near it. */
  reportMissing(slot: number, expected: string): void {
    this.bad = true;
    const name = "missing-key";
    const { findings } = this.context;
    if (!findings.wants(name)) return findings.count(name, "error");
    const names = this.slots[slot].join('" or "');
    findings.add({
      ...missingKey(this.object, this.slots, slot),
      name,
      severity: "error",
      place: this.place(this.slots[slot][0]),
      expected: `${expected} under "${names}"`,
    });
  }

  /** Reports a value; what was found is added. */
  report(slot: number, finding: Pick<Finding, "name" | "message" | "expected" | "mend">): void {
    this.bad = true;
    const { findings } = this.context;
    if (!findings.wants(finding.name)) return findings.count(finding.name, "error");
    const key = this.keyOf(slot) ?? this.slots[slot][0];
    findings.add({
      ...finding,
      severity: "error",
      place: this.place(key),
      found: showValue(this.object[key]),
      sourceLine: this.#text(),
    });
  }

  /** The place of the present row, and the column at which the value of a key stands. */
  place(key?: string): Place {
    if (this.context.placeKind === "row") return { row: this.line, key };
    const column = key === undefined ? undefined : columnOfValue(this.#text(), key);
    return { line: this.line, column, key };
  }

  #text(): string | undefined {
    if (this.#bytes === undefined) return undefined;
    return new TextDecoder().decode(this.#bytes.subarray(this.#start, this.#end));
  }

  /** Reports an id that is none, or ids of both kinds. */
  #checkHashes(wrongId: WrongId | undefined): void {
    if (wrongId === undefined && !this.#ids.areMixed) return;
    this.bad = true;
    const key = this.keyOf(this.arraySlot)!;
    const at = wrongId === undefined ? key : `${key}[${wrongId.index}]`;
    const place = { ...this.place(key), key: at };
    this.context.findings.add({ ...idFinding(wrongId), severity: "error", place });
  }

  /** The slow path: the line as a value, or a report of what is wrong with it. */
  #parse(): unknown {
    if (this.#bytes === undefined) return undefined;
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    const value = parseLine(this.context, bytes, this.line);
    if (value === undefined) this.bad = true;
    return value;
  }

  #take(value: unknown): boolean {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.bad = true;
      this.context.findings.add({
        name: "not-an-object",
        severity: "error",
        message: "a row is no JSON object",
        place: this.place(),
        found: showValue(value),
        expected: "one JSON object per request",
      });
      return false;
    }
    this.#object = value as Record<string, unknown>;
    this.scanner.kinds.fill(ValueKind.Absent);
    this.slots.forEach((names, slot) => {
      const name = names.find((candidate) => Object.hasOwn(value, candidate));
      if (name !== undefined) this.#fill(slot, (value as Record<string, unknown>)[name]);
    });
    return !this.bad;
  }

  #fill(slot: number, value: unknown): void {
    const { scanner } = this;
    if (value === null) scanner.kinds[slot] = ValueKind.Null;
    else if (typeof value === "number") {
      scanner.kinds[slot] = ValueKind.Number;
      scanner.numbers[slot] = value;
    } else if (typeof value === "string") {
      const digits = longInteger(value);
      scanner.kinds[slot] = ValueKind.Text;
      scanner.texts[slot] = digits ?? value;
    } else if (Array.isArray(value) && slot === this.arraySlot) {
      scanner.kinds[slot] = ValueKind.Array;
      this.#checkHashes(this.#ids.fill(value, scanner.words));
    } else scanner.kinds[slot] = Array.isArray(value) ? ValueKind.Array : ValueKind.Other;
  }

  #longDigits(slot: number): string | undefined {
    if (this.scanner.kinds[slot] !== ValueKind.Text || this.#object === undefined) return undefined;
    return longInteger(this.object[this.keyOf(slot)!]);
  }
}
