/**
 * The block size of a file that does not name it.
 *
 * @module
 */

import type { TraceTable } from "./table.ts";

/** Tokens of a block when neither file nor caller says; the usual block of serving engines. */
export const DEFAULT_BLOCK_TOKENS = 16;

/** Rows looked at; more add nothing. */
const ROWS_SAMPLED = 10_000;

/**
 * The block size that explains most of the hash counts: the format's own, or a power of two.
 *
 * The format's own size wins ties, so that a damaged row does not change the size.
 */
export function inferBlockTokens(table: TraceTable): number {
  const { traits, context } = table;
  if (traits.inferBlockTokens !== true || traits.mode !== "hashes") return table.blockTokens;
  const rows = Math.min(table.rows, ROWS_SAMPLED);
  let best = traits.blockTokens;
  let bestCount = rowsExplained(table, rows, best);
  for (let size = 1; size <= 32_768 && bestCount < rows; size *= 2) {
    const count = rowsExplained(table, rows, size);
    if (count > bestCount) {
      best = size;
      bestCount = count;
    }
  }
  if (best !== traits.blockTokens) {
    context.notes.push(
      `block size ${best} inferred: it explains the hash counts of ${bestCount} of ${rows} requests`,
    );
  }
  return best;
}

function rowsExplained(table: TraceTable, rows: number, size: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (Math.ceil(table.inputTokens.data[row] / size) === table.lengths.data[row]) count++;
  }
  return count;
}
