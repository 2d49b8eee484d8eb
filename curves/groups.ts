/**
 * LRU curves of parts of a trace, all served by one cache.
 *
 * @module
 */
import { NEVER, type ReuseRuns } from "../engine/reuse_runs.ts";
import type { Trace } from "../traces/trace.ts";
import type { CurveGroup } from "./curve.ts";
import { lruCurve } from "./lru_curve.ts";
import { type GroupKey, type Parts, partsOf } from "./parts.ts";

/** Windows of time unless told. */
export const WINDOWS = 6;

/**
 * The LRU curve of each part of a trace. The parts share one cache, which serves the whole trace:
 * at any capacity their hits add up to those of the whole.
 *
 * @param by What the trace is split by.
 * @param windows Equal spans of arrival time, or of requests where the trace has no times.
 * @throws {UsageError} If the trace does not have what it is to be split by.
 *
 * @example
 * ```ts
 * import { curveGroups, hitsAt, reuseRuns, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * builder.add({ tenant: "a", runs: [[0, 2]] }).add({ tenant: "b", runs: [[7, 4]] });
 * builder.add({ tenant: "a", runs: [[0, 2]] });
 * const trace = await builder.build();
 * const groups = curveGroups(trace, reuseRuns(trace, "tail-first"), "tenant");
 * const found = groups.map(({ name, curve }) => [name, hitsAt(curve.points, 6)]);
 * assertEquals(found, [["tenant 0", 2], ["tenant 1", 0]]);
 * ```
 */
export function curveGroups(
  trace: Trace,
  runs: ReuseRuns,
  by: GroupKey,
  windows: number = WINDOWS,
): CurveGroup[] {
  const parts = partsOf(trace, by, windows);
  const partOf = rowParts(runs, parts);
  return parts.names.flatMap((name, part) => {
    const counts = countsOf(runs, partOf, part);
    if (counts.requests === 0) return [];
    const curve = lruCurve(runs, (row) => partOf[row] === part);
    return [{ by, name, ...counts, curve }];
  });
}

/** The whole trace as one group, with a curve that was made of it. */
export function wholeGroup(trace: Trace, curve: CurveGroup["curve"]): CurveGroup {
  return {
    by: "all",
    name: "all",
    requests: trace.requestCount,
    accesses: trace.accesses,
    compulsoryMisses: trace.uniqueBlocks,
    curve,
  };
}

/** The part of each row of the reuse table. */
function rowParts(runs: ReuseRuns, { of, column }: Parts): Uint16Array {
  const rows = of === "requests" ? runs.request : runs.extent;
  return Uint16Array.from({ length: runs.count }, (_, row) => column[rows[row]]);
}

function countsOf(runs: ReuseRuns, partOf: Uint16Array, part: number) {
  let requests = 0;
  let accesses = 0;
  let compulsoryMisses = 0;
  let last = NEVER;
  for (let row = 0; row < runs.count; row++) {
    if (partOf[row] !== part) continue;
    if (runs.request[row] !== last) requests++;
    last = runs.request[row];
    accesses += runs.blockCount[row];
    if (runs.distance[row] === NEVER) compulsoryMisses += runs.blockCount[row];
  }
  return { requests, accesses, compulsoryMisses };
}
