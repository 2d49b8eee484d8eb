/**
 * Checks that columns of a file make a trace.
 *
 * @module
 */

import type { TraceParts } from "./canonical.ts";
import { isKindName, KINDS_MAX } from "./kinds.ts";

/** What does not hold, and in which column and row (from 1). */
export interface ColumnFault {
  readonly message: string;
  readonly key: string;
  readonly row?: number;
  readonly found?: string;
  readonly expected?: string;
}

/** Looks for offsets out of range, counts that do not add up and times that go back. */
export function checkColumns(
  trace: Omit<TraceParts, "path" | "format" | "notes">,
): ColumnFault | undefined {
  return checkLengths(trace) ?? checkOffsets(trace) ?? checkExtents(trace) ??
    checkArrival(trace) ?? checkKinds(trace);
}

type Parts = Omit<TraceParts, "path" | "format" | "notes">;

function checkLengths({ requests, extents, requestCount, blockTokens }: Parts) {
  for (const [key, column] of Object.entries(requests)) {
    const expected = key === "firstExtent" ? requestCount + 1 : requestCount;
    if (column.length === expected) continue;
    return lengthFault(key, column.length, expected);
  }
  for (const [key, column] of Object.entries(extents)) {
    const expected = extents.firstBlock.length;
    if (column.length !== expected) return lengthFault(key, column.length, expected);
  }
  if (blockTokens >= 1 && requestCount >= 1) return undefined;
  return { message: "there is no block or no request", key: "requestCount" };
}

function lengthFault(key: string, found: number, expected: number): ColumnFault {
  return {
    message: `column ${key} has the wrong length`,
    key,
    found: `${found} values`,
    expected: `${expected} values`,
  };
}

function checkOffsets({ requests: { firstExtent }, extents, requestCount }: Parts) {
  const end = extents.firstBlock.length;
  for (let row = 0; row <= requestCount; row++) {
    const before = row === 0 ? 0 : firstExtent[row - 1];
    const isGood = firstExtent[row] >= before && firstExtent[row] <= end;
    if (isGood && (row > 0 || firstExtent[0] === 0)) continue;
    return {
      message: "an offset into the extents is out of range",
      key: "firstExtent",
      row: row + 1,
      found: String(firstExtent[row]),
      expected: `from ${before} to ${end}`,
    };
  }
  if (firstExtent[requestCount] === end) return undefined;
  return lengthFault("firstExtent", firstExtent[requestCount], end);
}

function checkExtents({ extents, uniqueBlocks, accesses }: Parts): ColumnFault | undefined {
  const { firstBlock, blockCount } = extents;
  let sum = 0;
  for (let row = 0; row < firstBlock.length; row++) {
    sum += blockCount[row];
    if (blockCount[row] > 0 && firstBlock[row] + blockCount[row] <= uniqueBlocks) continue;
    return {
      message: "an extent reaches beyond the blocks",
      key: "firstBlock",
      row: row + 1,
      found: `${blockCount[row]} blocks from ${firstBlock[row]}`,
      expected: `at least one, and all below ${uniqueBlocks}`,
    };
  }
  if (sum === accesses) return undefined;
  return {
    message: "the blocks do not add up",
    key: "blockCount",
    found: `${sum} references`,
    expected: `${accesses} references`,
  };
}

function checkArrival({ requests: { arrivalNs } }: Parts): ColumnFault | undefined {
  if (arrivalNs === undefined) return undefined;
  for (let row = 0; row < arrivalNs.length; row++) {
    const before = row === 0 ? 0 : arrivalNs[row - 1];
    if (Number.isSafeInteger(arrivalNs[row]) && arrivalNs[row] >= before) continue;
    return {
      message: "arrival goes back or is no whole number",
      key: "arrivalNs",
      row: row + 1,
      found: `${arrivalNs[row]} after ${before}`,
      expected: "whole nanoseconds that do not decrease",
    };
  }
  return undefined;
}

/** Kinds without names are numbers; names without kinds mean nothing. */
function checkKinds({ extents: { kind }, kindNames }: Parts): ColumnFault | undefined {
  if (kindNames === undefined) return undefined;
  const areGood = kindNames.every(isKindName) && new Set(kindNames).size === kindNames.length &&
    kindNames.length <= KINDS_MAX;
  if (!areGood || kind === undefined) {
    return {
      message: "names of kinds make no sense",
      key: "kindNames",
      found: kind === undefined ? "names, and no kinds" : kindNames.join(", ").slice(0, 60),
      expected: `at most ${KINDS_MAX} different names of the column kind`,
    };
  }
  const row = kind.findIndex((number) => number >= kindNames.length);
  if (row < 0) return undefined;
  return {
    message: "a kind has no name",
    key: "kind",
    row: row + 1,
    found: String(kind[row]),
    expected: `below ${kindNames.length}`,
  };
}
