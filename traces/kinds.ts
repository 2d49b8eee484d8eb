/**
 * What the blocks of a prompt hold: system prompt, document, question, …
 *
 * A source says it per request, as names with numbers of blocks, root first.
 *
 * @module
 */

import { Numbering, u32Column } from "./columns.ts";

/** Kinds of one prompt, root first: a name and how many of its blocks are of that kind. */
export type KindShares = readonly (readonly [name: string, blocks: number])[];

/** Distinct kinds that a trace may have. */
export const KINDS_MAX = 255;
/** Kind of the blocks of a request that names none, in a trace in which others do. */
export const UNLABELLED = "unlabelled";
/** How kinds may be written, for findings. */
export const KINDS_EXPECTED =
  'a list of names with numbers of blocks, such as [["system", 12], ["question", 3]]';

const BLOCKS_MAX = 0xffffffff;
const NAME_LENGTH_MAX = 64;
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Whether a text can name a kind: 1 to 64 UTF-16 units without control characters. */
export function isKindName(name: unknown): name is string {
  return typeof name === "string" && name !== "" && name.length <= NAME_LENGTH_MAX &&
    name === name.trim() && name.isWellFormed() && !CONTROL.test(name);
}

/** Kinds as a JSON value gives them, or `undefined` if it makes no sense. */
export function kindShares(value: unknown): KindShares | undefined {
  if (!Array.isArray(value)) return undefined;
  const isGood = value.every((pair) =>
    Array.isArray(pair) && pair.length === 2 && isKindName(pair[0]) &&
    Number.isInteger(pair[1]) && pair[1] >= 0 && pair[1] <= BLOCKS_MAX
  );
  return isGood ? value : undefined;
}

/** Kinds as a cell such as `system:12;question:3` gives them, or `undefined`. */
export function kindSharesOfText(text: string): KindShares | undefined {
  const pairs = text.split(";").map((part) => {
    const at = part.lastIndexOf(":");
    const blocks = part.slice(at + 1).trim();
    return [part.slice(0, at).trim(), /^\d{1,10}$/.test(blocks) ? Number(blocks) : NaN];
  });
  return kindShares(pairs);
}

/** The kinds of all rows while a trace is read. */
export class KindTable {
  readonly #numbers = new Numbering();
  /** Names by number. */
  readonly names: string[] = [];
  readonly kind = u32Column();
  readonly blocks = u32Column();
  /** Where each row's kinds end. */
  readonly #ends = u32Column();

  /** Takes the kinds of the next row; neighbours of one kind become one. */
  add(shares: KindShares | undefined): void {
    const start = this.kind.length;
    for (const [name, blocks] of shares ?? []) {
      if (blocks === 0) continue;
      const number = this.#numbers.of(name);
      if (number === this.names.length) this.names.push(name);
      const last = this.kind.length - 1;
      if (last >= start && this.kind.data[last] === number) this.blocks.data[last] += blocks;
      else {
        this.kind.push(number);
        this.blocks.push(blocks);
      }
    }
    this.#ends.push(this.kind.length);
  }

  /** Range of a row in `kind` and `blocks`. */
  range(row: number): readonly [start: number, end: number] {
    return [row === 0 ? 0 : this.#ends.data[row - 1], this.#ends.data[row]];
  }
}
