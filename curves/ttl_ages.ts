/**
 * The reuse table with a clock: how long ago each run was last touched.
 *
 * @module
 */
import { NEVER, type ReuseRuns } from "../engine/reuse_runs.ts";
import { TraceError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";

/** The rows of a reuse table in time. All columns but `arrivalNs` have a row per run. */
export interface ReuseAges {
  readonly runs: ReuseRuns;
  readonly requestCount: number;
  /** Arrival of each request, in nanoseconds since the first. */
  readonly arrivalNs: Float64Array;
  /** From the last touch of the run to this one; `Infinity` for a first touch. */
  readonly ageNs: Float64Array;
  /** Largest age among this run and those before it in its request. */
  readonly peakAgeNs: Float64Array;
  /** Rows of reuses, the youngest first. */
  readonly byAge: Uint32Array;
  /** Blocks of the run that no earlier run of the same request holds. */
  readonly distinct: Uint32Array;
}

/**
 * Ages of all reuses.
 *
 * @param runs The reuse table of this very trace, of either touch order.
 * @throws {TraceError} If the trace has no arrival times.
 */
export function reuseAges(trace: Trace, runs: ReuseRuns): ReuseAges {
  const arrivalNs = arrivals(trace);
  const ageNs = new Float64Array(runs.count);
  const peakAgeNs = new Float64Array(runs.count);
  for (let row = 0; row < runs.count; row++) {
    const request = runs.request[row];
    const before = runs.previousRequest[row];
    const follows = row > 0 && runs.request[row - 1] === request;
    ageNs[row] = before === NEVER ? Infinity : arrivalNs[request] - arrivalNs[before];
    peakAgeNs[row] = follows ? Math.max(ageNs[row], peakAgeNs[row - 1]) : ageNs[row];
  }
  return {
    runs,
    requestCount: trace.requestCount,
    arrivalNs,
    ageNs,
    peakAgeNs,
    byAge: rowsByAge(ageNs),
    distinct: distinctBlocks(runs),
  };
}

function arrivals(trace: Trace): Float64Array {
  const { arrivalNs } = trace.requests;
  if (arrivalNs !== undefined) return arrivalNs;
  throw new TraceError({
    code: "trace/no-arrivals",
    message: "Cannot tell times to live: the trace has no arrival times",
    place: { file: trace.path },
    found: `${trace.requestCount} requests in order, without a clock`,
    expected: "a column of arrival times",
    mend: [
      "if the file has one, name it: --columns time=NAME, with --time-unit s|ms|us|ns",
      "`kvtier size` and `kvtier compare` need no times",
    ],
  });
}

/** Rows with an age, the youngest first. */
export function rowsByAge(ages: Float64Array): Uint32Array {
  return Uint32Array.from(ages.keys()).filter((row) => ages[row] !== Infinity)
    .sort((a, b) => ages[a] - ages[b]);
}

/** Hits of an LRU cache of so many blocks among the blocks of one run. */
export function blocksWithin(runs: ReuseRuns, row: number, capacityBlocks: number): number {
  const distance = runs.distance[row];
  const length = runs.blockCount[row];
  if (distance === NEVER || distance >= capacityBlocks) return 0;
  return runs.touch === "root-first" ? length : Math.min(length, capacityBlocks - distance);
}

/** A block that a request names twice lives once. */
function distinctBlocks(runs: ReuseRuns): Uint32Array {
  const distinct = runs.blockCount.slice();
  for (let first = 0; first < runs.count;) {
    let end = first + 1;
    let ordered = true;
    for (; end < runs.count && runs.request[end] === runs.request[first]; end++) {
      ordered &&= runs.firstBlock[end] >= runs.firstBlock[end - 1] + runs.blockCount[end - 1];
    }
    if (!ordered) dropTwins(runs, distinct, first, end);
    first = end;
  }
  return distinct;
}

function dropTwins(runs: ReuseRuns, distinct: Uint32Array, first: number, end: number): void {
  const rows = Array.from({ length: end - first }, (_, index) => first + index)
    .sort((a, b) => runs.firstBlock[a] - runs.firstBlock[b] || a - b);
  let reach = 0;
  for (const row of rows) {
    const start = runs.firstBlock[row];
    const stop = start + runs.blockCount[row];
    distinct[row] = Math.max(0, stop - Math.max(start, reach));
    reach = Math.max(reach, stop);
  }
}
