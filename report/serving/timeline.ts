/**
 * What happened over time, as shares: how busy and full GPUs were, how much of their bandwidth
 * links carried, and when one was full.
 *
 * ```
 * share(link, column) = bytes that it carried in the column ÷ (bandwidth × time of the column)
 * full                = share ≥ 0.9
 * ```
 *
 * The first column begins with the first arrival, or is the first behind the warm-up; the last one
 * ends when nothing is served or under way any more.
 *
 * @module
 */

import type { ServingResult, Timeline } from "../../engine/serving_result.ts";
import type { ServingContext } from "./context.ts";
import type { LinkKind } from "./kinds.ts";
import type { Times } from "./times.ts";

/** A link that carries so much of its bandwidth is full. */
export const FULL_SHARE = 0.9;

/** From one time to another. */
export type Span = readonly [fromNs: number, toNs: number];

/** The replicas of one role over time. */
export interface RoleUse {
  readonly role: string;
  readonly replicas: number;
  /** Share of them in a step, and of their blocks in use, in each column. */
  readonly busy: Float64Array;
  readonly held: Float64Array;
}

/** The links of one kind over time. */
export interface KindUse {
  /** Share of bandwidth, mean over its links, in each column. */
  readonly mean: Float64Array;
  /**
   * The link that was full for longest, or else carried the largest share; absent where there are
   * so many links that only their sum is known.
   */
  readonly busiest?: { readonly name: string; readonly share: Float64Array };
  /** Largest share in a column, of any link whose share is known. */
  readonly peak: number;
  /** When the busiest link (or all of them together) was full. */
  readonly full: readonly Span[];
}

/** A run over time; indices are those of its columns. */
export interface RunTimeline {
  readonly columnNs: number;
  /** When each column begins, and how long it lasts: less than `columnNs` at both ends. */
  readonly startNs: Float64Array;
  readonly lastsNs: Float64Array;
  readonly roles: readonly RoleUse[];
  /** In the order of the kinds. */
  readonly links: readonly KindUse[];
}

/** Shares over time; `undefined` without a timeline, or when no time passed. */
export function runTimeline(
  result: ServingResult,
  { spec }: Pick<ServingContext, "spec">,
  kinds: readonly LinkKind[],
  times: Times,
): RunTimeline | undefined {
  const { timeline, replicas } = result;
  if (timeline === undefined) return undefined;
  const { columnNs } = timeline;
  const untilNs = Math.min(result.endNs, Math.max(times.lastFinishNs, lastFlowNs(timeline)));
  // A column that the warm-up ends in is not known by parts.
  const fromNs = result.leftOut === 0
    ? times.startNs
    : Math.ceil(times.startNs / columnNs) * columnNs;
  const first = Math.floor(fromNs / columnNs);
  const count = Math.ceil(untilNs / columnNs) - first;
  if (!(untilNs > fromNs)) return undefined;
  const startNs = Float64Array.from(
    { length: count },
    (_, at) => Math.max(fromNs, (first + at) * columnNs),
  );
  const lastsNs = startNs.map((ns, at) => Math.min(untilNs, (first + at + 1) * columnNs) - ns);
  const share = (sums: Float64Array, perNs: number) =>
    lastsNs.map((ns, at) => sums[first + at] / (perNs * ns));
  const roles = timeline.roles.map(({ role, replicas: count, busyNs, heldBlockNs }): RoleUse => {
    const blocks = replicas.reduce(
      (sum, { capacityBlocks }, at) => sum + (spec.replicas[at].role === role ? capacityBlocks : 0),
      0,
    );
    return { role, replicas: count, busy: share(busyNs, count), held: share(heldBlockNs, blocks) };
  });
  const bytesPerNs = (link: number) => spec.links[link].bytesPerSecond / 1e9;
  const rowOf = new Map(
    timeline.links.flatMap((row) => row.links.map((link) => [link, row] as const)),
  );
  const links = kinds.map(({ links, indices }): KindUse => {
    const rows = [...new Set(indices.map((link) => rowOf.get(link)!))];
    const shares = rows.map((row) =>
      share(row.carriedBytes, row.links.reduce((sum, link) => sum + bytesPerNs(link), 0))
    );
    const names = rows.length === links.length ? links.map(({ name }) => name) : [];
    return kindUse(shares, names, { startNs, lastsNs });
  });
  return { columnNs, startNs, lastsNs, roles, links };
}

/** End of the last column in which anything was under way. */
function lastFlowNs({ columnNs, links }: Timeline): number {
  const last = links.reduce(
    (last, { carriedBytes }) => Math.max(last, carriedBytes.findLastIndex((bytes) => bytes > 0)),
    -1,
  );
  return (last + 1) * columnNs;
}

type Columns = Pick<RunTimeline, "startNs" | "lastsNs">;

function kindUse(
  shares: readonly Float64Array[],
  names: readonly string[],
  columns: Columns,
): KindUse {
  const mean = columns.startNs.map((_, at) =>
    shares.reduce((sum, share) => sum + share[at], 0) / shares.length
  );
  const peak = shares.reduce((peak, share) => Math.max(peak, maximum(share)), 0);
  if (names.length === 0) return { mean, peak, full: fullSpans(mean, columns) };
  const ranked = shares.map((share, at) => ({
    name: names[at],
    share,
    full: fullSpans(share, columns),
    carried: share.reduce((sum, part, at) => sum + part * columns.lastsNs[at], 0),
  })).sort((a, b) => spansNs(b.full) - spansNs(a.full) || b.carried - a.carried);
  const [{ name, share, full }] = ranked;
  return { mean, busiest: { name, share }, peak, full };
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** When a share is that of a full link. */
function fullSpans(share: Float64Array, { startNs, lastsNs }: Columns): Span[] {
  const spans: Span[] = [];
  share.forEach((part, at) => {
    if (part < FULL_SHARE) return;
    const endNs = startNs[at] + lastsNs[at];
    const last = spans.at(-1);
    if (last?.[1] === startNs[at]) spans[spans.length - 1] = [last[0], endNs];
    else spans.push([startNs[at], endNs]);
  });
  return spans;
}

/** Time of several spans. */
export function spansNs(spans: readonly Span[]): number {
  return spans.reduce((sum, [fromNs, toNs]) => sum + toNs - fromNs, 0);
}

/** Groups of columns become one each, so that there are so many at most: means over time. */
export function coarser(
  { startNs, lastsNs }: Columns,
  shares: readonly Float64Array[],
  most: number,
): Columns & { readonly shares: readonly Float64Array[] } {
  const each = Math.max(1, Math.ceil(startNs.length / most));
  const count = Math.ceil(startNs.length / each);
  const over = (values: (at: number) => number) =>
    Float64Array.from({ length: count }, (_, group) => {
      let sum = 0;
      const end = Math.min(startNs.length, (group + 1) * each);
      for (let at = group * each; at < end; at++) sum += values(at);
      return sum;
    });
  const lasts = over((at) => lastsNs[at]);
  return {
    startNs: Float64Array.from({ length: count }, (_, group) => startNs[group * each]),
    lastsNs: lasts,
    shares: shares.map((share) =>
      over((at) => share[at] * lastsNs[at]).map((sum, group) => sum / lasts[group])
    ),
  };
}
