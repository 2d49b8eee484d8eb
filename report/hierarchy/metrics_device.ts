/**
 * Metrics of each tier's device, of its money and energy, and of what it is worth.
 *
 * @module
 */

import { ratio } from "../metric_values.ts";
import {
  elapsedHours,
  hours,
  loadNsPerBlock,
  tierAt,
  tierDollarsPerHour,
  tierGpuNsSaved,
  tierJoules,
} from "./books.ts";
import type { RunMetricRow } from "./metric.ts";
import { counter } from "./metric_rows.ts";

const DEVICES: readonly RunMetricRow[] = [
  counter("transfers", "count", {
    label: "transfers",
    better: "neither",
    meaning: "Reads and writes that this tier's device did. Timed movement; else 0.",
    doesNotShow: "Their size; see readBytes and writtenBytes.",
  }),
  counter("readBusyNs", "duration", {
    label: "reading",
    better: "neither",
    meaning: "Latency and channel time of the reads, summed. Timed movement; else 0.",
    doesNotShow: "Time on the clock: reads side by side count each.",
  }),
  counter("writeBusyNs", "duration", {
    label: "writing",
    better: "neither",
    meaning: "Latency and channel time of the writes, summed. Timed movement; else 0.",
    doesNotShow: "Time on the clock: writes side by side count each.",
  }),
  ...(["read", "write"] as const).map((way): RunMetricRow => ({
    name: `${way}BusyRatio`,
    label: `busy ${way === "read" ? "reading" : "writing"}`,
    unit: "ratio",
    formula: `${way}BusyNs ÷ (elapsedNs × concurrency); null without a clock`,
    better: "neither",
    format: "percent",
    meaning: `How much of what the device can do at a time it spent on ${way}s.`,
    doesNotShow: "Bursts: 30 % on average can be a queue at noon.",
    value: (run, place) => {
      const { found, asked } = tierAt(run, place?.tier);
      const busy = way === "read" ? found.readBusyNs : found.writeBusyNs;
      return ratio(busy, (run.result.elapsedNs ?? 0) * asked.concurrency);
    },
  })),
  counter("waitNs", "duration", {
    label: "queued",
    better: "lower",
    meaning: "Time that transfers stood in this tier's queues, summed. Timed movement; else 0.",
    doesNotShow: "Who waited: demotions wait too, and nobody waits for them.",
  }),
  {
    name: "waitNsMean",
    label: "wait",
    unit: "nanoseconds per transfer",
    formula: "waitNs ÷ transfers",
    better: "lower",
    format: "duration",
    meaning: "How long the average transfer of this tier stood in a queue.",
    doesNotShow: "The spread: bursts wait long, the rest not at all.",
    value: (run, place) => {
      const { waitNs, transfers } = tierAt(run, place?.tier).found;
      return ratio(waitNs, transfers);
    },
  },
  {
    name: "loadNsPerBlock",
    label: "to read a block",
    unit: "nanoseconds per block",
    formula: "read latency + bytes ÷ read bandwidth + dequantising; null when the tier is empty",
    better: "lower",
    format: "duration",
    meaning: "Reading one block where nobody waits, of the mean size held at the end.",
    doesNotShow: "Queues, and the write into the fastest tier.",
    value: (run, place) => loadNsPerBlock(run, place?.tier ?? 0),
  },
];

const WORTH: readonly RunMetricRow[] = [
  {
    name: "gpuNsSaved",
    label: "GPU time saved",
    unit: "nanoseconds",
    formula: "gpuNsSaved of the run × prefixHits ÷ prefixHits of all tiers",
    better: "higher",
    format: "duration",
    meaning: "Prefill that hits of this tier spared the GPU, every prefix hit worth the same.",
    doesNotShow: "What is lost without the tier: others would hold some of its blocks.",
    value: ({ result }, place) => tierGpuNsSaved(result, place?.tier ?? 0),
  },
  {
    name: "dollarsPerHour",
    label: "cost per hour",
    unit: "dollars per hour",
    formula: "capacityBytes × price per GiB and hour; null without a price",
    better: "lower",
    format: "dollars",
    meaning: "What holding this tier's capacity costs.",
    doesNotShow: "Use: an empty tier costs the same.",
    value: (run, place) => tierDollarsPerHour(tierAt(run, place?.tier).asked),
  },
  {
    name: "dollarsPerGpuHourSaved",
    label: "per GPU hour saved",
    unit: "dollars per GPU hour",
    formula: "dollarsPerHour × elapsed hours ÷ hours of gpuNsSaved; null without a clock",
    better: "lower",
    format: "dollars",
    meaning: "What this tier asks for a GPU hour that it saves; worth it below a GPU's price.",
    doesNotShow: "Waiting: a saved hour may be bought with slower first tokens.",
    value: (run, place) => {
      const price = tierDollarsPerHour(tierAt(run, place?.tier).asked);
      const time = elapsedHours(run.result);
      const saved = tierGpuNsSaved(run.result, place?.tier ?? 0);
      return price === null || time === null || saved === null
        ? null
        : ratio(price * time, hours(saved));
    },
  },
  {
    name: "joules",
    label: "energy",
    unit: "joules",
    formula: "readBytes × energy of a read byte + writtenBytes × energy of a written one",
    better: "lower",
    format: "joules",
    meaning: "Energy of the bytes read from and written to this tier; null when not given.",
    doesNotShow: "Idle power and refresh.",
    value: (run, place) => tierJoules(run, place?.tier ?? 0),
  },
];

/** Rows of each tier about its device and its worth. */
export const DEVICE_ROWS: readonly RunMetricRow[] = [...DEVICES, ...WORTH];
