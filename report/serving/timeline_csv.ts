/**
 * What happened over time as CSV (RFC 4180): a line for each column of each role and link.
 *
 * @module
 */

import { stringify } from "@std/csv";
import type { ServingRun } from "./metric.ts";

const HEAD = [
  "scenario",
  "seed",
  "scope",
  "place",
  "metric",
  "fromNs",
  "toNs",
  "value",
  "resultHash",
];

/**
 * Writes the timeline of a simulation as CSV: a head line, then one line per column of time for
 * the busy ratio and the HBM occupancy of each role, and for the share of bandwidth that each kind
 * of link and the busiest of its links carried.
 *
 * Values are ratios between 0 and 1; times are nanoseconds since the trace began. Without a
 * timeline, the head line only.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingRun, servingTimelineCsv } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const csv = servingTimelineCsv(servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context));
 * assertStringIncludes(csv, ",role,unified,busyRatio,0,16777216,0.5,");
 * ```
 */
export function servingTimelineCsv(run: ServingRun): string {
  const { timeline, context, kinds } = run;
  if (timeline === undefined) return stringify([HEAD]);
  const { startNs, lastsNs, roles, links } = timeline;
  const lines = (scope: string, place: string, metric: string, share: Float64Array) =>
    Array.from(share, (value, at) => [
      context.name,
      context.spec.seed,
      scope,
      place,
      metric,
      startNs[at],
      startNs[at] + lastsNs[at],
      value,
      context.hashes.result,
    ]);
  return stringify([
    HEAD,
    ...roles.flatMap(({ role, busy, held }) => [
      ...lines("role", role, "busyRatio", busy),
      ...lines("role", role, "hbmOccupancy", held),
    ]),
    ...links.flatMap(({ mean, busiest }, at) => [
      ...lines("link", kinds.links[at].name, "useRatio", mean),
      ...(busiest === undefined
        ? []
        : lines("busiest link", busiest.name, "useRatio", busiest.share)),
    ]),
  ]);
}
