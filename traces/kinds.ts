/**
 * What the blocks of a prompt hold: system prompt, document, question, …
 *
 * A source says it per request, as names with numbers of blocks, root first. Folding knows nothing
 * of it: extents are split afterwards, so that blocks have the same numbers with and without kinds.
 *
 * @module
 */

import type { Folded } from "../engine/fold.ts";
import { Numbering, u32Column } from "./columns.ts";
import type { TraceTable } from "./table.ts";

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

/** The block side of a trace, with kinds if its source has any. */
export interface Labelled extends Pick<Folded, "firstExtent" | "firstBlock" | "blockCount"> {
  readonly kind?: Uint8Array;
  /** Names by number, in order of first appearance. */
  readonly kindNames?: readonly string[];
}

/**
 * Splits extents where the kind changes.
 *
 * @param order Rows by arrival, or `undefined` when they are so already.
 * @returns The extents as they were if no row has kinds. Counts that do not fit are reported.
 */
export function labelExtents(
  table: TraceTable,
  order: Uint32Array | undefined,
  folded: Folded,
): Labelled {
  const { kinds } = table;
  if (kinds.names.length === 0) {
    const { firstExtent, firstBlock, blockCount } = folded;
    return { firstExtent, firstBlock, blockCount };
  }
  const firstExtent = new Uint32Array(folded.firstExtent.length);
  const writer = new LabelWriter();
  for (let request = 0; request + 1 < firstExtent.length; request++) {
    const row = order === undefined ? request : order[request];
    const blocks = blocksOf(folded, request);
    let [at, end] = kinds.range(row);
    let named = 0;
    for (let share = at; share < end; share++) named += kinds.blocks.data[share];
    // Nothing but a whole list says what a block is.
    if (named !== blocks && named > 0) reportSum(table, row, named, blocks);
    if (named !== blocks) at = end;
    let left = 0;
    let name = UNLABELLED;
    for (let e = folded.firstExtent[request]; e < folded.firstExtent[request + 1]; e++) {
      let first = folded.firstBlock[e];
      const stop = first + folded.blockCount[e];
      while (first < stop) {
        if (left === 0) {
          left = at < end ? kinds.blocks.data[at] : Infinity;
          if (at < end) name = kinds.names[kinds.kind.data[at++]];
        }
        const count = Math.min(left, stop - first);
        writer.add(first, count, name);
        first += count;
        left -= count;
      }
    }
    firstExtent[request + 1] = writer.length;
  }
  if (writer.kindNames.length > KINDS_MAX) reportTooMany(table, writer.kindNames.length);
  return { firstExtent, ...writer.columns() };
}

class LabelWriter {
  readonly #first = u32Column();
  readonly #count = u32Column();
  readonly #kind = u32Column();
  readonly #numbers = new Numbering();
  readonly kindNames: string[] = [];

  get length(): number {
    return this.#first.length;
  }

  add(first: number, count: number, name: string): void {
    const number = this.#numbers.of(name);
    if (number === this.kindNames.length) this.kindNames.push(name);
    this.#first.push(first);
    this.#count.push(count);
    this.#kind.push(number);
  }

  columns() {
    return {
      firstBlock: this.#first.take(),
      blockCount: this.#count.take(),
      kind: Uint8Array.from(this.#kind.view()),
      kindNames: this.kindNames,
    };
  }
}

function blocksOf({ firstExtent, blockCount }: Folded, request: number): number {
  let blocks = 0;
  for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) blocks += blockCount[e];
  return blocks;
}

function reportSum(table: TraceTable, row: number, named: number, blocks: number): void {
  const { findings } = table.context;
  if (!findings.wants("kind-count")) return findings.count("kind-count", "error");
  findings.add({
    name: "kind-count",
    severity: "error",
    message: "the kinds of a request do not add up to its blocks",
    place: table.place(table.lines.data[row], table.traits.kindsKey ?? "kinds"),
    found: `kinds of ${named} blocks`,
    expected: `${blocks} blocks, or no kinds`,
  });
}

function reportTooMany(table: TraceTable, found: number): void {
  table.context.findings.add({
    name: "too-many-kinds",
    severity: "error",
    message: "there are too many kinds of blocks",
    place: { key: table.traits.kindsKey ?? "kinds" },
    found: `${found} distinct kinds`,
    expected: `at most ${KINDS_MAX}`,
    mend: ["name what blocks hold (system, document, question), not which one it is"],
  });
}
