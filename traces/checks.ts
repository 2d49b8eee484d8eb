/**
 * Checks of the blocks of a whole trace, after folding.
 *
 * @module
 */

import type { Folded } from "../engine/fold.ts";
import type { TraceTable } from "./table.ts";

/** What the checks look at. */
export interface BlockChecks {
  readonly table: TraceTable;
  /** Row of the table per request, or `undefined` when they are the same. */
  readonly order: Uint32Array | undefined;
  readonly blockTokens: number;
  readonly folded: Folded;
}

/** Reports requests whose hash count does not fit their length, or that name a block twice. */
export function checkBlocks(checks: BlockChecks): void {
  const { table, blockTokens, folded: { firstExtent, firstBlock, blockCount } } = checks;
  if (table.traits.rounding !== "any") {
    const lengths = table.lengths.view();
    const inputs = table.inputTokens.view();
    for (let row = 0; row < lengths.length; row++) {
      if (lengths[row] !== Math.ceil(inputs[row] / blockTokens)) checkCount(checks, row);
    }
  }
  for (let request = 0; request + 1 < firstExtent.length; request++) {
    const end = firstExtent[request + 1];
    // Most requests touch blocks in rising order, which cannot repeat any.
    let reached = 0;
    for (let extent = firstExtent[request]; extent < end; extent++) {
      if (firstBlock[extent] < reached) {
        checkRepeats(checks, request);
        break;
      }
      reached = firstBlock[extent] + blockCount[extent];
    }
  }
}

function checkRepeats(checks: BlockChecks, request: number): void {
  const { table, order, folded } = checks;
  const { firstExtent } = folded;
  const position = repeatedAt(folded, firstExtent[request], firstExtent[request + 1]);
  if (position < 0) return;
  const line = table.lines.data[order === undefined ? request : order[request]];
  reportRepeat(checks, line, position);
}

function checkCount({ table, blockTokens }: BlockChecks, row: number): void {
  const { context: { findings }, traits } = table;
  const line = table.lines.data[row];
  const blocks = table.lengths.data[row];
  const inputTokens = table.inputTokens.data[row];
  const exact = inputTokens / blockTokens;
  if (traits.rounding === "either" && blocks === Math.floor(exact)) return;
  if (!findings.wants("hash-count")) return findings.count("hash-count", "warning");
  findings.add({
    name: "hash-count",
    severity: "warning",
    message: "the number of hashes does not fit the prompt length",
    place: table.place(line, traits.blocksKey),
    found: `${blocks} hashes for ${inputTokens} tokens`,
    expected: `${Math.ceil(exact)}, which is ${inputTokens} / ${blockTokens} rounded up`,
    mend: ["check the row, or give the block size with --block-tokens"],
  });
}

/** Position of the first block of an extent that overlaps an earlier one of the request, or -1. */
function repeatedAt(folded: Folded, start: number, end: number): number {
  const { firstBlock, blockCount } = folded;
  const byBlock = Array.from({ length: end - start }, (_, index) => start + index)
    .sort((a, b) => firstBlock[a] - firstBlock[b] || a - b);
  let repeated = Infinity;
  let widest = byBlock[0];
  for (const extent of byBlock.slice(1)) {
    const overlaps = firstBlock[extent] < firstBlock[widest] + blockCount[widest];
    if (overlaps) repeated = Math.min(repeated, Math.max(extent, widest));
    const isWider = firstBlock[extent] + blockCount[extent] >
      firstBlock[widest] + blockCount[widest];
    if (isWider) widest = extent;
  }
  if (repeated === Infinity) return -1;
  let position = 0;
  for (let extent = start; extent < repeated; extent++) position += blockCount[extent];
  return position;
}

function reportRepeat({ table }: BlockChecks, line: number, position: number): void {
  table.context.findings.add({
    name: "repeated-block",
    severity: "error",
    message: "a request names the same block twice",
    place: table.place(line, `${table.traits.blocksKey}[${position}]`),
    found: "a block that stands earlier in the same request",
    expected: "each block once, since a block stands for its whole prefix",
    mend: ["check that the ids are hashes of prefixes and not of single blocks"],
  });
}
