/**
 * Counters of GPUs and links for traces of events: shares in percent, over time.
 *
 * @module
 */

import { visible } from "../format.ts";
import { drawnLinks } from "./chart_timeline.ts";
import { micros, type TraceEvent } from "./chrome_event.ts";
import type { ServingRun } from "./metric.ts";
import { coarser } from "./timeline.ts";

/** One counter: a name, and the lines that are drawn above each other. */
interface Counter {
  readonly name: string;
  readonly lines: readonly (readonly [name: string, share: Float64Array])[];
}

/** Steps and KV of each role, and each kind of link that carries anything; so many at most. */
export function sharesOverTime(run: ServingRun, most: number): TraceEvent[] {
  const { timeline, context } = run;
  if (timeline === undefined) return [];
  const counters = countersOf(run);
  return counters.flatMap(({ name, lines }) => {
    const shares = lines.map(([, share]) => share);
    const room = Math.max(1, Math.floor(most / counters.length));
    const columns = coarser(timeline, shares, room);
    return Array.from(columns.startNs, (ns, at): TraceEvent => ({
      name,
      ph: "C",
      pid: context.fleet.groups.length + 1,
      tid: 0,
      ts: micros(ns),
      args: Object.fromEntries(
        lines.map(([line], of) => [line, Number((columns.shares[of][at] * 100).toFixed(3))]),
      ),
    }));
  });
}

function countersOf(run: ServingRun): Counter[] {
  const { kinds } = run;
  return [
    ...run.timeline!.roles.map(({ role, busy, held }): Counter => ({
      name: `${role}: in a step, KV in use`,
      lines: [["in a step", busy], ["KV in use", held]],
    })),
    ...drawnLinks(run).map(({ at, mean, busiest }): Counter => ({
      name: visible(kinds.links[at].name),
      lines: busiest === undefined || kinds.links[at].links.length === 1
        ? [["mean", mean]]
        : [["mean", mean], [`busiest: ${visible(busiest.name)}`, busiest.share]],
    })),
  ];
}
