/**
 * Block ids of JSON rows that the fast scanner does not take: long integers and texts.
 *
 * @module
 */

import { type Column, Numbering } from "./columns.ts";
import { longInteger, showValue } from "./exact_json.ts";
import { pushInteger } from "./flat_scan.ts";
import { parseDecimal, word } from "./words64.ts";

/** High word of a text's number; no 64-bit integer of a file is mixed with them. */
const TEXT_WORD = 0xffffffff;

/** An id that is none. */
export interface WrongId {
  readonly index: number;
  readonly found: string;
}

/** Ids of one file: integers keep their value, texts are numbered by first appearance. */
export class HashIds {
  /** Whether an integer was met, by whichever path. */
  sawIntegers = false;
  readonly #texts = new Numbering();

  /** Integers and texts are told apart by their words only as long as a file has one of them. */
  get areMixed(): boolean {
    return this.sawIntegers && this.#texts.size > 0;
  }

  /** Appends ids as words; gives the first that is no id. */
  fill(values: readonly unknown[], words: Column<Uint32Array>): WrongId | undefined {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      const digits = longInteger(value);
      if (typeof value === "number" && Number.isSafeInteger(value)) {
        this.sawIntegers = true;
        pushInteger(words, value);
      } else if (digits !== undefined && parseDecimal(digits)) {
        this.sawIntegers = true;
        words.push(word.low);
        words.push(word.high);
      } else if (typeof value === "string" && digits === undefined) {
        words.push(this.#texts.of(value));
        words.push(TEXT_WORD);
      } else return { index, found: showValue(value) };
    }
    return undefined;
  }
}

/** What to say of an id that is none, or of ids of both kinds. */
export function idFinding(wrongId: WrongId | undefined) {
  if (wrongId === undefined) {
    return {
      name: "mixed-hashes",
      message: "some block hashes are numbers and some are texts",
      expected: "all of one kind",
    };
  }
  return {
    name: "bad-hash",
    message: "a block hash is no 64-bit integer and no text",
    found: wrongId.found,
    expected: "an integer from -2^63 to 2^64 - 1, or a text",
  };
}
