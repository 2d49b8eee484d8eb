/**
 * Which links were full, and when, in a sentence.
 *
 * @module
 */

import { formatCounted, formatDuration, NO_BREAK, visible } from "../format.ts";
import type { ServingRun } from "./metric.ts";
import { servingNumber, servingValue } from "./metrics.ts";
import { FULL_SHARE, type KindUse, spansNs } from "./timeline.ts";

const unbroken = (text: string) => text.replaceAll(" ", NO_BREAK);
const duration = (ns: number) => unbroken(formatDuration(ns));

/** More kinds than this are counted. */
const NAMED = 3;
/** Without a timeline, a kind of link is named when one of them is as busy as this. */
const LINK_BUSY = 0.8;

/** Names the links that were full, for how long and when; nothing when none was. */
export function linkSentence(run: ServingRun): string {
  const { timeline, kinds } = run;
  const full = timeline === undefined ? busyKinds(run) : timeline.links
    .map((use, at) => ({ use, at, ns: spansNs(use.full) }))
    .filter(({ ns }) => ns > 0)
    .sort((a, b) => b.ns - a.ns)
    .map(({ use, at }) => fullText(run, use, at));
  if (full.length === 0) return "";
  const more = full.length - NAMED;
  const rest = more > 0 ? `; and ${formatCounted(more, "kind")} of ${kinds.links.length}` : "";
  return `Links: ${full.slice(0, NAMED).join("; ")}${rest}.`;
}

function fullText(run: ServingRun, { busiest, full }: KindUse, at: number): string {
  const { name, links } = run.kinds.links[at];
  const who = busiest === undefined
    ? `${visible(name)} (${formatCounted(links.length, "link")} together)`
    : visible(busiest.name);
  const [longest] = full.toSorted(([a, b], [c, d]) => (d - c) - (b - a) || a - c);
  const from = duration(longest[0] - run.times.startNs);
  const when = full.length === 1
    ? ` from ${from} on`
    : ` in ${full.length} spans, the longest ${duration(longest[1] - longest[0])} from ${from} on`;
  const waited = servingValue(run, "linkWaitNsMean", "link", at) ?? 0;
  const wait = waited === 0
    ? ""
    : ` (transfers over ${visible(name)} wait ${duration(waited)} on average)`;
  return `${who} carries ${FULL_SHARE * 100}${NO_BREAK}% of its bandwidth or more for ` +
    `${duration(spansNs(full))}${when}${wait}`;
}

function busyKinds(run: ServingRun): string[] {
  return run.kinds.links.flatMap(({ name }, at) => {
    const say = (metric: string) => unbroken(servingNumber(run, metric, "link", at));
    if ((servingValue(run, "linkBusyRatioMost", "link", at) ?? 0) < LINK_BUSY) return [];
    return [
      `${visible(name)} is busy ${say("linkBusyRatioMost")}${NO_BREAK}% of the time, and its ` +
      `transfers wait ${say("linkWaitNsMean")} on average`,
    ];
  });
}
