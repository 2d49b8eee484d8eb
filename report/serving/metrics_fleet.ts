/**
 * Metrics of a serving simulation about its GPUs.
 *
 * @module
 */

import { ratio } from "../metric_values.ts";
import type { GroupKind } from "./kinds.ts";
import type { ServingRow, ServingRun } from "./metric.ts";
import { COUNTED } from "./metrics_latency.ts";
import { elapsedNs } from "./metrics_load.ts";

/** Sum over the replicas of kinds. */
function sum(
  kinds: readonly GroupKind[],
  of: (kind: GroupKind, replica: GroupKind["replicas"][number]) => number,
): number {
  return kinds.reduce(
    (all, kind) => all + kind.replicas.reduce((some, replica) => some + of(kind, replica), 0),
    0,
  );
}

/** Share of the time in which steps ran on the GPUs of kinds. */
export function busyRatio(run: ServingRun, kinds: readonly GroupKind[]): number | null {
  const gpus = kinds.reduce((all, kind) => all + kind.gpus, 0);
  const busy = sum(kinds, ({ group }, { busyNs }) => busyNs * group.gpusPerReplica);
  return ratio(busy, gpus * elapsedNs(run));
}

function activeRatio(kinds: readonly GroupKind[]): number | null {
  const active = sum(kinds, ({ group }, { steps }) => steps > 0 ? group.gpusPerReplica : 0);
  return ratio(active, kinds.reduce((all, { gpus }) => all + gpus, 0));
}

function meanOccupancy(run: ServingRun, kinds: readonly GroupKind[]): number | null {
  // The engine's mean is over all of its time; idle ends are no part of the run.
  const lastedNs = run.result.endNs - run.result.countedFromNs;
  const heldNs = sum(kinds, (_, { meanHeldBlocks }) => meanHeldBlocks * lastedNs);
  const room = sum(kinds, (_, { capacityBlocks }) => capacityBlocks);
  return ratio(heldNs, room * elapsedNs(run));
}

function peakOccupancy(kinds: readonly GroupKind[]): number | null {
  const peaks = kinds.flatMap(({ replicas }) =>
    replicas.map(({ peakBlocks, capacityBlocks }) => peakBlocks / capacityBlocks)
  );
  return peaks.length === 0 ? null : peaks.reduce((most, one) => Math.max(most, one), 0);
}

/** Most ÷ mean, or `null` where there is none. */
function skew(values: readonly number[]): number | null {
  const all = values.reduce((sum, value) => sum + value, 0);
  const most = values.reduce((most, value) => Math.max(most, value), 0);
  return ratio(most * values.length, all);
}

function worst(run: ServingRun, of: (kind: GroupKind) => number | null): number | null {
  const found = run.kinds.groups.map(of).filter((value) => value !== null);
  return found.length === 0 ? null : Math.max(...found);
}

const busySkew = (kind: GroupKind) => skew(kind.replicas.map(({ busyNs }) => busyNs));
const requestSkew = (kind: GroupKind) => skew(kind.requests);

/** The same numbers for one group of GPUs, or for all. */
type Of = (run: ServingRun, at?: number) => readonly GroupKind[];

function gpuRows(of: Of, whose: string): ServingRow[] {
  return [
    {
      name: "gpus",
      label: "GPUs",
      unit: "GPUs",
      formula: "replicas × GPUs per replica",
      better: "neither",
      format: "count",
      meaning: `GPUs ${whose}.`,
      doesNotShow: "How many did anything; see activeGpuRatio.",
      grounds: [],
      value: (run, at) => of(run, at).reduce((all, { gpus }) => all + gpus, 0),
    },
    {
      name: "activeGpuRatio",
      label: "active",
      unit: "ratio",
      formula: "GPUs of replicas with a step or more ÷ GPUs",
      better: "higher",
      format: "percent",
      meaning: `Share of the GPUs ${whose} that did anything at all.`,
      doesNotShow: "How much; see busyRatio.",
      value: (run, at) => activeRatio(of(run, at)),
    },
    {
      name: "busyRatio",
      label: "busy",
      unit: "ratio",
      formula: "GPU time in steps ÷ (GPUs × (last finish − first arrival))",
      better: "neither",
      format: "percent",
      meaning: `Share of the time in which steps ran on the GPUs ${whose}.`,
      doesNotShow: "Headroom: a step of one sequence keeps a GPU as busy as one of a hundred.",
      value: (run, at) => busyRatio(run, of(run, at)),
    },
    {
      name: "hbmOccupancyMean",
      label: "KV in use",
      unit: "ratio",
      formula: "blocks of running requests, integrated over time ÷ (blocks × time)",
      better: "neither",
      format: "percent",
      meaning: `Share of KV memory ${whose} that running requests held, over time.`,
      doesNotShow: "Blocks kept for reuse: they fill the rest.",
      value: (run, at) => meanOccupancy(run, of(run, at)),
    },
    {
      name: "hbmOccupancyPeak",
      label: "KV at most",
      unit: "ratio",
      formula: "most over replicas of most blocks in use or kept ÷ blocks; never above 1",
      better: "neither",
      format: "percent",
      meaning: "How full the fullest replica ever was, with what it kept for reuse.",
      doesNotShow: "Need: a prefix cache fills all there is, sooner or later.",
      value: (run, at) => peakOccupancy(of(run, at)),
    },
  ];
}

const SKEWS: readonly ServingRow[] = [
  {
    name: "busySkew",
    label: "busy, max ÷ mean",
    unit: "times",
    formula: "most ÷ mean of busy time over the replicas of a group; of the run: its worst group",
    better: "lower",
    format: "decimal",
    meaning: "How much busier the busiest replica is than the average; 1 is even.",
    doesNotShow: "When: two replicas may take turns in being overloaded.",
    value: (run) => worst(run, busySkew),
  },
  {
    name: "requestSkew",
    label: "requests, max ÷ mean",
    unit: "times",
    formula: "most ÷ mean of requests over the replicas of a group; of the run: its worst group",
    better: "lower",
    format: "decimal",
    meaning: "How many more requests the most popular replica served than the average.",
    doesNotShow: "Their size.",
    value: (run) => worst(run, requestSkew),
  },
];

const groupAt: Of = ({ kinds }, at = 0) => [kinds.groups[at]];

/** Of the whole run: its GPUs. */
export const FLEET_ROWS: readonly ServingRow[] = [
  ...gpuRows(({ kinds }) => kinds.groups, "of the fleet"),
  ...SKEWS,
];

/** Of each group of GPUs. */
export const GROUP_ROWS: readonly ServingRow[] = [
  ...gpuRows(groupAt, "of the group"),
  {
    ...SKEWS[0],
    value: (run, at = 0) => busySkew(run.kinds.groups[at]),
  },
  {
    ...SKEWS[1],
    value: (run, at = 0) => requestSkew(run.kinds.groups[at]),
  },
  ...([
    ["steps", "steps", "steps", "Steps of its engines."],
    ["promptTokens", "computed", "tokens", "Prompt tokens that it computed, again ones included."],
    ["outputTokens", "generated", "tokens", "Tokens that it generated."],
    ["evictions", "evicted", "blocks", "Blocks that left its HBM to make room."],
  ] as const).map(([name, label, unit, meaning]): ServingRow => ({
    name,
    label,
    unit,
    formula: COUNTED,
    better: "neither",
    format: "count",
    meaning,
    doesNotShow: "How it is spread over the replicas.",
    value: (run, at) => sum(groupAt(run, at), (_, replica) => replica[name]),
  })),
  {
    name: "mostWaiting",
    label: "longest queue",
    unit: "requests",
    formula: "most over replicas of most requests that waited at once",
    better: "lower",
    format: "count",
    meaning: "The longest queue that any of its replicas had.",
    doesNotShow: "For how long.",
    value: (run, at) =>
      groupAt(run, at)[0].replicas.reduce((most, one) => Math.max(most, one.mostWaiting), 0),
  },
  {
    name: "mostRunning",
    label: "largest batch",
    unit: "requests",
    formula: "most over replicas of most sequences that ran at once",
    better: "neither",
    format: "count",
    meaning: "The most sequences that any of its replicas had running.",
    doesNotShow: "For how long.",
    value: (run, at) =>
      groupAt(run, at)[0].replicas.reduce((most, one) => Math.max(most, one.mostRunning), 0),
  },
];
