/**
 * Metrics of each kind of link and of each kind of store.
 *
 * @module
 */

import type { LinkResult, StoreResult } from "../../engine/serving_result.ts";
import { ratio } from "../metric_values.ts";
import type { ServingRow, ServingRun } from "./metric.ts";
import { COUNTED } from "./metrics_latency.ts";
import { spansNs } from "./timeline.ts";

/** Bytes that links could carry in a time. */
function couldCarry({ context, kinds }: ServingRun, ns: number, at = 0): number {
  const { links } = context.spec;
  return kinds.links[at].indices.reduce((sum, link) => sum + links[link].bytesPerSecond, 0) *
    ns / 1e9;
}

const linksAt = ({ kinds }: ServingRun, at = 0): readonly LinkResult[] => kinds.links[at].links;
const storesAt = ({ kinds }: ServingRun, at = 0): readonly StoreResult[] => kinds.stores[at].stores;

/** From the first arrival, or the end of the warm-up, to the last event: links may still be writing after the last token. */
function spanNs({ result, times }: ServingRun): number {
  return result.endNs - times.startNs;
}

type Counter<Item> = { [Key in keyof Item]: Item[Key] extends number ? Key : never }[keyof Item];

function total<Item>(items: readonly Item[], of: Counter<Item>): number {
  return items.reduce((sum, item) => sum + Number(item[of]), 0);
}

/** Rows of each kind of link. */
export const LINK_ROWS: readonly ServingRow[] = [
  {
    name: "links",
    label: "links",
    unit: "links",
    formula: "links of one kind: whose names differ in their numbers only, unless told",
    better: "neither",
    format: "count",
    meaning: "Links of this kind, each direction by itself.",
    doesNotShow: "Which of them are used together.",
    grounds: [],
    value: (run, at) => linksAt(run, at).length,
  },
  {
    name: "linkBusyRatio",
    label: "busy",
    unit: "ratio",
    formula: "sum of time with bytes under way ÷ (links × (last event − first arrival))",
    better: "lower",
    format: "percent",
    meaning: "Share of the time in which these links carried bytes.",
    doesNotShow: "Bursts: a link that idles for hours may still make a thousand requests wait.",
    value: (run, at) => {
      const links = linksAt(run, at);
      return ratio(total(links, "busyNs"), links.length * spanNs(run));
    },
  },
  {
    name: "linkBusyRatioMost",
    label: "busiest",
    unit: "ratio",
    formula: "most over links of time with bytes under way ÷ (last event − first arrival)",
    better: "lower",
    format: "percent",
    meaning: "The same of the busiest one.",
    doesNotShow: "Which one it is.",
    value: (run, at) => {
      const most = linksAt(run, at).reduce((most, { busyNs }) => Math.max(most, busyNs), 0);
      return ratio(most, spanNs(run));
    },
  },
  {
    name: "linkUseRatio",
    label: "use",
    unit: "ratio",
    formula: "sum of bytes × jitter ÷ sum of bandwidth × (last event − first arrival)",
    better: "neither",
    format: "percent",
    meaning:
      "Share of what these links can carry that they carried; lost transfers count up to then.",
    doesNotShow: "That there was more to send: a link may be full for a second and idle for hours.",
    value: (run, at) =>
      ratio(total(linksAt(run, at), "carriedBytes"), couldCarry(run, spanNs(run), at)),
  },
  {
    name: "linkUseRatioPeak",
    label: "use at most",
    unit: "ratio",
    formula: "most over links and columns of the timeline of bytes × jitter ÷ (bandwidth × time " +
      "of the column); of all together where there are too many links; null without a timeline",
    better: "neither",
    format: "percent",
    meaning: "Largest share of its bandwidth that one of these links carried, over a while.",
    doesNotShow: "Bursts that are shorter than a column of the timeline.",
    value: ({ timeline }, at = 0) => timeline?.links[at].peak ?? null,
  },
  {
    name: "linkFullNs",
    label: "full",
    unit: "nanoseconds",
    formula:
      "most over links of the time of columns of the timeline in which a link carried 90 % " +
      "of its bandwidth or more; of all together where there are too many links; null without a " +
      "timeline",
    better: "lower",
    format: "duration",
    meaning: "How long the link that was full for longest had no bandwidth to spare.",
    doesNotShow: "Who waited for it, and which link it is: the answer above names it.",
    value: ({ timeline }, at = 0) =>
      timeline === undefined ? null : spansNs(timeline.links[at].full),
  },
  {
    name: "linkBytes",
    label: "bytes",
    unit: "bytes",
    formula: COUNTED,
    better: "lower",
    format: "bytes",
    meaning: "Bytes that crossed these links.",
    doesNotShow: "Distinct bytes: what crosses two links counts on both.",
    value: (run, at) => total(linksAt(run, at), "bytes"),
  },
  {
    name: "linkTransfers",
    label: "transfers",
    unit: "transfers",
    formula: COUNTED,
    better: "neither",
    format: "count",
    meaning: "Transfers that crossed these links.",
    doesNotShow: "Their size.",
    value: (run, at) => total(linksAt(run, at), "transfers"),
  },
  {
    name: "linkWaitNsMean",
    label: "wait",
    unit: "nanoseconds per transfer",
    formula: "sum of waiting ÷ transfers; null without any",
    better: "lower",
    format: "duration",
    meaning: "Time that a transfer took beyond its own latency and bytes, on average.",
    doesNotShow: "Who waited: nobody may have waited for the transfer.",
    value: (run, at) =>
      ratio(total(linksAt(run, at), "waitNs"), total(linksAt(run, at), "transfers")),
  },
];

/** Rows of each kind of store. */
export const STORE_ROWS: readonly ServingRow[] = [
  {
    name: "stores",
    label: "stores",
    unit: "stores",
    formula: "stores of one tier whose names differ in their numbers only",
    better: "neither",
    format: "count",
    meaning: "Stores of this kind.",
    doesNotShow: "Who reads them.",
    grounds: [],
    value: (run, at) => storesAt(run, at).length,
  },
  {
    name: "storeTokenRatio",
    label: "loaded",
    unit: "ratio",
    formula: "blocks read × tokens of a block ÷ prompt tokens of finished requests",
    better: "higher",
    format: "percent",
    meaning: "Share of prompt tokens whose KV was loaded from these stores.",
    doesNotShow: "Whether computing them would have been faster.",
    grounds: ["arrivals", "reuse"],
    value: (run, at) =>
      ratio(
        total(storesAt(run, at), "hits") * run.context.trace.blockTokens,
        run.result.promptTokens,
      ),
  },
  ...([
    ["hits", "read", "Blocks read from these stores.", "higher"],
    ["writes", "written", "Blocks written to them.", "neither"],
    ["evictions", "evicted", "Blocks that left them to make room.", "lower"],
    ["residentBlocks", "held", "Blocks that they held at the end.", "neither"],
  ] as const).map(([of, label, meaning, better]): ServingRow => ({
    name: of === "residentBlocks" ? "storeBlocks" : `store${of[0].toUpperCase()}${of.slice(1)}`,
    label,
    unit: "blocks",
    formula: COUNTED,
    better,
    format: "count",
    meaning,
    doesNotShow: "When.",
    value: (run, at) => total(storesAt(run, at), of),
  })),
  {
    name: "storeOccupancyPeak",
    label: "full at most",
    unit: "ratio",
    formula: "sum over stores of most blocks held ÷ sum of their blocks",
    better: "neither",
    format: "percent",
    meaning: "How full these stores were at most; one that never fills is larger than needed.",
    doesNotShow: "Use: a store fills with what is never read too.",
    value: (run, at = 0) =>
      ratio(total(storesAt(run, at), "peakBlocks"), run.kinds.stores[at].capacityBlocks),
  },
];
