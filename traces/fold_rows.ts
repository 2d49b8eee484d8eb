/**
 * Folds the rows of a table into extents, in each of the ways in which blocks are given.
 *
 * @module
 */

import { type Folded, Folder } from "../engine/fold.ts";
import { u32Column } from "./columns.ts";
import { ExtentWriter, IntervalMap } from "./ranges.ts";
import { reorder, type TraceTable } from "./table.ts";

/** Block numbers are 32-bit, so a trace has at most so many distinct blocks. */
const BLOCKS_MAX = 0xffffffff;

/**
 * Folds the blocks of all rows, in order of arrival.
 *
 * @param order Rows by arrival, or `undefined` when they are so already.
 * @returns The block side of the trace, or `undefined` when there are too many blocks.
 */
export function foldRows(
  table: TraceTable,
  order: Uint32Array | undefined,
  blockTokens: number,
): Folded | undefined {
  if (table.traits.mode === "runs") return foldRuns(table, order);
  if (table.traits.mode === "lengths") return foldLengths(table, order, blockTokens);
  if (!table.keepsHashes) return table.finishFolder().finish();
  const folder = new Folder();
  const { lengths, words } = reorderHashes(table, order!);
  folder.add(lengths, words);
  return folder.finish();
}

function reorderHashes(table: TraceTable, order: Uint32Array) {
  const starts = new Float64Array(table.rows + 1);
  for (let row = 0; row < table.rows; row++) {
    starts[row + 1] = starts[row] + table.lengths.data[row] * 2;
  }
  const lengths = reorder(table.lengths, order);
  let size = 0;
  for (const length of lengths) size += length * 2;
  const words = new Uint32Array(size);
  let at = 0;
  for (const row of order) {
    words.set(table.words.data.subarray(starts[row], starts[row + 1]), at);
    at += starts[row + 1] - starts[row];
  }
  return { lengths, words };
}

/**
 * Folds runs in file order, so that the blocks of one session stay together, and then puts the
 * extents into the order of arrival.
 */
function foldRuns(table: TraceTable, order: Uint32Array | undefined): Folded | undefined {
  const kept = new Uint8Array(table.rows).fill(order === undefined ? 1 : 0);
  if (order !== undefined) { for (const row of order) kept[row] = 1; }
  const scopes = new Map<number, IntervalMap>();
  const extents = new ExtentWriter();
  const starts = new Float64Array(table.rows + 1);
  const sink = (firstBlock: number, count: number) => extents.add(firstBlock, count);
  let next = 0;
  let run = 0;
  let accesses = 0;
  for (let row = 0; row < table.rows; row++) {
    extents.startRequest();
    const end = run + table.lengths.data[row];
    if (kept[row] === 1) {
      const scope = table.scopes.data[row];
      let map = scopes.get(scope);
      if (map === undefined) scopes.set(scope, map = new IntervalMap());
      for (; run < end; run++) {
        const count = table.runCount.data[run];
        accesses += count;
        next = map.touch(table.runFirst.data[run], count, next, sink);
      }
    }
    run = end;
    starts[row + 1] = extents.length;
  }
  if (next > BLOCKS_MAX) return reportTooManyBlocks(table, next);
  return { ...reorderExtents(extents, starts, order), uniqueBlocks: next, accesses };
}

function reorderExtents(
  extents: ExtentWriter,
  starts: Float64Array,
  order: Uint32Array | undefined,
): Pick<Folded, "firstExtent" | "firstBlock" | "blockCount"> {
  if (order === undefined) {
    const firstExtent = Uint32Array.from(starts);
    return {
      firstExtent,
      firstBlock: extents.firstBlock.take(),
      blockCount: extents.blockCount.take(),
    };
  }
  const firstExtent = u32Column(order.length + 1);
  const firstBlock = new Uint32Array(extents.length);
  const blockCount = new Uint32Array(extents.length);
  firstExtent.push(0);
  let at = 0;
  for (const row of order) {
    for (let extent = starts[row]; extent < starts[row + 1]; extent++, at++) {
      firstBlock[at] = extents.firstBlock.data[extent];
      blockCount[at] = extents.blockCount.data[extent];
    }
    firstExtent.push(at);
  }
  return { firstExtent: firstExtent.take(), firstBlock, blockCount };
}

/** Blocks of its own for each request, as many as its prompt fills. */
function foldLengths(
  table: TraceTable,
  order: Uint32Array | undefined,
  blockTokens: number,
): Folded | undefined {
  const inputs = reorder(table.inputTokens, order);
  const firstExtent = new Uint32Array(inputs.length + 1);
  const firstBlock = u32Column(inputs.length + 1);
  const blockCount = u32Column(inputs.length + 1);
  let next = 0;
  for (let row = 0; row < inputs.length; row++) {
    const blocks = Math.ceil(inputs[row] / blockTokens);
    if (blocks > 0) {
      firstBlock.push(next);
      blockCount.push(blocks);
    }
    next += blocks;
    firstExtent[row + 1] = firstBlock.length;
  }
  if (next > BLOCKS_MAX) return reportTooManyBlocks(table, next);
  return {
    firstExtent,
    firstBlock: firstBlock.take(),
    blockCount: blockCount.take(),
    uniqueBlocks: next,
    accesses: next,
  };
}

function reportTooManyBlocks(table: TraceTable, found: number): undefined {
  table.context.findings.add({
    name: "too-many-blocks",
    severity: "error",
    message: "there are too many distinct blocks",
    found: `${found} distinct blocks`,
    expected: `at most ${BLOCKS_MAX}`,
    mend: ["read fewer requests with --limit, or use larger blocks with --block-tokens"],
  });
  return undefined;
}
