/**
 * A scanner for lines of flat JSON, straight from bytes to numbers.
 *
 * It takes the regular shape of trace lines: an object of numbers, plain ASCII texts, literals and
 * arrays of integers. It may only say yes: whatever it does not fully understand, right or wrong,
 * is left to the slow path, which also makes all the errors.
 *
 * @module
 */

import { type Column, u32Column } from "./columns.ts";
import { parseDigits, splitInteger, word } from "./words64.ts";

/** What stands under a name in one line. */
export enum ValueKind {
  Absent,
  Number,
  Text,
  /** Integers, in the words column. */
  Array,
  Null,
  /** Anything else; only the slow path gives it. */
  Other,
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const NO = -1;
/** Keys of one line that are remembered in their order. */
const KEYS_REMEMBERED = 32;

interface Name {
  readonly bytes: Uint8Array;
  readonly slot: number;
}

/** Scans lines for a fixed set of names; each name group is a slot. */
export class FlatScanner {
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
  readonly texts: string[];
  /** Integers of the array slot: low and high words, after what was there before the scan. */
  words: Column<Uint32Array> = u32Column();
  readonly #names: Name[] = [];
  /** Name index that stood at each position of the last line; lines mostly repeat it. */
  readonly #guesses = new Int32Array(KEYS_REMEMBERED).fill(NO);
  #number = 0;

  /**
   * @param slots Names of each slot, the main one first.
   * @param arraySlot The slot whose integers are kept, or -1.
   */
  constructor(slots: readonly (readonly string[])[], readonly arraySlot: number) {
    this.kinds = new Uint8Array(slots.length);
    this.numbers = new Float64Array(slots.length);
    this.texts = slots.map(() => "");
    const encoder = new TextEncoder();
    slots.forEach((names, slot) => {
      for (const name of names) this.#names.push({ bytes: encoder.encode(name), slot });
    });
  }

  /** Scans one line; `false` leaves the slots undefined and the line to the slow path. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.kinds.fill(ValueKind.Absent);
    let at = skipSpace(bytes, start);
    if (bytes[at] !== OPEN_OBJECT) return false;
    at = skipSpace(bytes, at + 1);
    for (let position = 0; position < KEYS_REMEMBERED; position++) {
      if (bytes[at] !== QUOTE) return false;
      const name = this.#nameAt(bytes, at + 1, position);
      at = name === NO ? endOfText(bytes, at + 1) : at + 1 + this.#names[name].bytes.length;
      if (at === NO) return false;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== COLON) return false;
      at = this.#value(bytes, skipSpace(bytes, at + 1), name === NO ? NO : this.#names[name].slot);
      if (at === NO) return false;
      at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_OBJECT) return skipSpace(bytes, at + 1) >= end;
      if (bytes[at] !== COMMA) return false;
      at = skipSpace(bytes, at + 1);
    }
    return false;
  }

  /** The name that begins here and ends with a quote, or -1 for a name that nobody asked for. */
  #nameAt(bytes: Uint8Array, at: number, position: number): number {
    const guess = this.#guesses[position];
    if (guess !== NO && isNameAt(bytes, at, this.#names[guess].bytes)) return guess;
    for (let index = 0; index < this.#names.length; index++) {
      if (!isNameAt(bytes, at, this.#names[index].bytes)) continue;
      this.#guesses[position] = index;
      return index;
    }
    return NO;
  }

  /** Reads a value into its slot and gives the position after it, or -1. */
  #value(bytes: Uint8Array, at: number, slot: number): number {
    const byte = bytes[at];
    // A name that comes twice has a meaning only in the slow path.
    if (slot !== NO && this.kinds[slot] !== ValueKind.Absent) return NO;
    if (byte === OPEN_ARRAY) return this.#array(bytes, at + 1, slot);
    if (byte === QUOTE) return this.#text(bytes, at + 1, slot);
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const end = this.#scanNumber(bytes, at);
      if (slot !== NO) {
        this.kinds[slot] = ValueKind.Number;
        this.numbers[slot] = this.#number;
      }
      return end;
    }
    const length = literalLength(bytes, at);
    if (length === 0) return NO;
    if (slot !== NO) {
      this.kinds[slot] = length === 4 && byte === 110 ? ValueKind.Null : ValueKind.Other;
    }
    return slot !== NO && this.kinds[slot] === ValueKind.Other ? NO : at + length;
  }

  #text(bytes: Uint8Array, at: number, slot: number): number {
    const end = endOfText(bytes, at);
    if (end === NO) return NO;
    if (slot !== NO) {
      let text = "";
      for (let index = at; index < end; index++) text += String.fromCharCode(bytes[index]);
      this.kinds[slot] = ValueKind.Text;
      this.texts[slot] = text;
    }
    return end + 1;
  }

  /** A number of at most 15 digits, which a division reads exactly; others go to the slow path. */
  #scanNumber(bytes: Uint8Array, start: number): number {
    let at = start;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    const first = at;
    let value = 0;
    while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] - ZERO);
    const whole = at - first;
    if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return NO;
    let digits = whole;
    if (bytes[at] === DOT) {
      const point = ++at;
      while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] - ZERO);
      if (at === point) return NO;
      digits += at - point;
      if (digits > 15) return NO;
      value /= 10 ** (at - point);
    }
    const byte = bytes[at];
    if (digits > 15 || byte === 101 || byte === 69) return NO;
    this.#number = isNegative ? -value : value;
    return at;
  }

  /** An array of integers; those of the array slot are kept. */
  #array(bytes: Uint8Array, start: number, slot: number): number {
    const { words } = this;
    const mark = words.length;
    let at = skipSpace(bytes, start);
    if (bytes[at] === CLOSE_ARRAY) at++;
    else {
      at = this.#integers(bytes, at);
      if (at === NO) {
        words.length = mark;
        return NO;
      }
    }
    if (slot === NO || slot !== this.arraySlot) words.length = mark;
    if (slot !== NO) this.kinds[slot] = ValueKind.Array;
    return at;
  }

  #integers(bytes: Uint8Array, start: number): number {
    const { words } = this;
    let at = start;
    for (;;) {
      if (words.length + 2 > words.data.length) words.reserve(2);
      const first = at;
      let value = 0;
      let digit = bytes[at] - ZERO;
      while (digit >= 0 && digit <= 9 && at - first < 9) {
        value = (value * 10 + digit) | 0;
        digit = bytes[++at] - ZERO;
      }
      const isShort = at > first && !(digit >= 0 && digit <= 9) &&
        (at === first + 1 || bytes[first] !== ZERO);
      if (isShort) {
        words.data[words.length] = value;
        words.data[words.length + 1] = 0;
      } else {
        at = this.#longInteger(bytes, first);
        if (at === NO) return NO;
      }
      words.length += 2;
      let byte = bytes[at];
      if (byte !== COMMA && byte !== CLOSE_ARRAY) byte = bytes[at = skipSpace(bytes, at)];
      if (byte === CLOSE_ARRAY) return at + 1;
      if (byte !== COMMA) return NO;
      at++;
      if (bytes[at] === 32) at++;
      if (bytes[at] <= 32) at = skipSpace(bytes, at);
    }
  }

  /** An integer that is negative or has more than nine digits, up to 64 bits. */
  #longInteger(bytes: Uint8Array, start: number): number {
    const isNegative = bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let at = first;
    while (isDigit(bytes[at])) at++;
    const count = at - first;
    if (count === 0 || (count > 1 && bytes[first] === ZERO) || count > 20) return NO;
    const byte = bytes[at];
    if (byte === DOT || byte === 101 || byte === 69) return NO;
    if (!parseDigits((index) => bytes[first + index] - ZERO, count, isNegative)) return NO;
    this.words.data[this.words.length] = word.low;
    this.words.data[this.words.length + 1] = word.high;
    return at;
  }
}

/** Appends a safe integer to a words column, as the scanner does. */
export function pushInteger(words: Column<Uint32Array>, value: number): void {
  splitInteger(value);
  words.push(word.low);
  words.push(word.high);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 32 || bytes[at] === 9) at++;
  return at;
}

function isNameAt(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++) {
    if (bytes[at + index] !== name[index]) return false;
  }
  return bytes[at + name.length] === QUOTE;
}

/** Position of the quote that ends a text of plain ASCII, or -1. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    // Also ends at the newline after the line, and at the end of the array.
    if (!(byte >= 32 && byte < 127) || byte === BACKSLASH) return NO;
    at++;
  }
}

const LITERALS = ["true", "false", "null"].map((text) => new TextEncoder().encode(text));

function literalLength(bytes: Uint8Array, at: number): number {
  for (const literal of LITERALS) {
    let index = 0;
    while (index < literal.length && bytes[at + index] === literal[index]) index++;
    if (index === literal.length) return index;
  }
  return 0;
}
