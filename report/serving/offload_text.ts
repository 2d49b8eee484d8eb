/**
 * Load or recompute, for a terminal and as CSV.
 *
 * @module
 */
import type { BreakEven } from "../../serving/break_even.ts";
import { stringify } from "@std/csv";
import { formatCount, formatDuration } from "../format.ts";
import { type Column, drawTable, fitColumns, paint, wrap } from "../text_table.ts";
import { calibrationVerdict, type Verdict, weakest } from "./confidence.ts";
import type { CalibrationSource } from "./context.ts";

/** What is shown of an offload question. */
export interface OffloadText {
  readonly scenario: string;
  readonly bytesPerToken: number;
  readonly cost: { readonly nsPerToken: number; readonly nsPerTokenSquared: number };
  /** Where the cost of computing comes from. */
  readonly costSource: string;
  /** How far the lengths and bandwidths may be believed. */
  readonly confidence: Verdict;
  readonly tiers: readonly BreakEven[];
}

/** What the numbers of an offload question rest on. */
export interface OffloadGrounds {
  /** What the cost of computing was fitted on; absent when it is written or usual. */
  readonly calibration?: CalibrationSource;
  /** Whether a calibration gave speeds of what is loaded from. */
  readonly areSpeedsMeasured: boolean;
}

/** How far an offload answer may be believed: as its cost of computing and its speeds. */
export function offloadConfidence(
  { calibration, areSpeedsMeasured }: OffloadGrounds,
): Verdict {
  const computing: Verdict = calibration === undefined
    ? { level: "low", why: "the cost of computing is not measured" }
    : calibrationVerdict(calibration);
  const speeds: Verdict = areSpeedsMeasured
    ? { level: "high", why: "speeds of loading are measured" }
    : { level: "medium", why: "speeds of loading follow from data sheets" };
  return weakest([computing, speeds]);
}

/** Writes from which prefix length on each tier is worth loading from. */
export function offloadText(
  offload: OffloadText,
  { width = 100, color = false }: { readonly width?: number; readonly color?: boolean } = {},
): string {
  const { tiers, cost, costSource, bytesPerToken } = offload;
  const lines = wrap(offloadAnswer(offload), width);
  lines[0] = paint(lines[0], "strong", color);
  const { level, why } = offload.confidence;
  lines.push(...wrap(`Confidence of absolute numbers: ${level}, as ${why}.`, width));
  const lengths = tiers[0]?.lengths.map(({ tokens }) => tokens) ?? [];
  const columns: Column[] = [
    left("tier", tiers.map(({ tier }) => tier)),
    right(
      "load from",
      tiers.map(({ fromTokens }) =>
        fromTokens === undefined ? "never" : `${formatCount(fromTokens)} tokens`
      ),
    ),
    right("latency", tiers.map(({ latencyNs }) => formatDuration(latencyNs))),
    right("a token", tiers.map(({ loadNsPerToken }) => formatDuration(loadNsPerToken))),
    ...lengths.map((tokens, at) =>
      right(
        `needs at ${formatCount(tokens)}`,
        tiers.map(({ lengths }) => bandwidth(lengths[at].neededBytesPerSecond)),
        lengths.length - at,
      )
    ),
  ];
  return [
    ...lines,
    "",
    ...drawTable(fitColumns(columns, width), { color }),
    "",
    ...tiers.flatMap(({ tier, reason }) => wrap(`${tier}: ${reason}.`, width, "  ")),
    "",
    ...wrap(
      `A token has ${formatCount(bytesPerToken)} bytes of KV. Computing: ` +
        `${formatDuration(cost.nsPerToken)} a token and ` +
        `${cost.nsPerTokenSquared.toPrecision(3)} ns a token squared (${costSource}). ` +
        "Links are taken to be idle, and nothing overlaps.",
      width,
    ),
    "",
  ].join("\n");
}

/** The answer in a sentence. */
export function offloadAnswer({ tiers }: OffloadText): string {
  const said = tiers.map(({ tier, fromTokens }) => {
    if (fromTokens === undefined) return `never from ${tier}`;
    return fromTokens === 1
      ? `always from ${tier}`
      : `from ${tier} at ${formatCount(fromTokens)} tokens or more`;
  });
  return `Load a cached prefix ${said.join("; ")}; compute it anew otherwise.`;
}

/** A line for each tier and length. */
export function offloadCsv({ tiers, confidence }: OffloadText): string {
  const head = [
    ...["tier", "fromTokens", "latencyNs", "loadNsPerToken", "tokens", "loadNs", "computeNs"],
    ...["neededBytesPerSecond", "better", "confidence"],
  ];
  const rows = tiers.flatMap(({ tier, fromTokens, latencyNs, loadNsPerToken, lengths }) =>
    lengths.map((at) => [
      ...[tier, fromTokens, latencyNs, loadNsPerToken, at.tokens, at.loadNs, at.computeNs],
      ...[at.neededBytesPerSecond, at.better, confidence.level],
    ])
  );
  return stringify([head, ...rows].map((row) => row.map((field) => field ?? "")));
}

function left(head: string, cells: readonly string[]): Column {
  return { head: [head], align: "left", expendable: 0, cells };
}

function right(head: string, cells: readonly string[], expendable = 0): Column {
  return { head: [head], align: "right", expendable, cells };
}

function bandwidth(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined) return "—";
  return `${Number((bytesPerSecond / 1e9).toPrecision(3))} GB/s`;
}
