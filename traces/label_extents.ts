/**
 * Puts kinds on extents.
 *
 * Folding knows nothing of them: extents are split afterwards, so that blocks have the same numbers
 * with and without kinds.
 *
 * @module
 */

import type { Folded } from "../engine/fold.ts";
import { Numbering, u32Column } from "./columns.ts";
import { KINDS_MAX, UNLABELLED } from "./kinds.ts";
import type { TraceTable } from "./table.ts";

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
