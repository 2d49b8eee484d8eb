/**
 * Stored results as values: rows with their settings, and a table of all cells for export.
 *
 * @module
 */
import type { Evidence, Verdict } from "../serving/evidence/evidence.ts";
import type { Manifest } from "./manifest.ts";
import { type Cell, cellAt, valueText } from "./plan.ts";
import type { Metrics } from "./runner.ts";
import { sweepHash, SweepStore } from "./store.ts";

/** A cell with what it found. */
export interface CellResult extends Cell {
  readonly metrics: Metrics;
  /** What its metrics rest on; absent where cells are exact replays. */
  readonly evidence?: Evidence;
  /** Hash of its trace. */
  readonly trace: string;
}

/** What is in a store. */
export interface SweepResults {
  readonly manifest: Manifest;
  /** By index; fewer than `manifest.cells` in a shard, or when the sweep has not ended. */
  readonly cells: readonly CellResult[];
  readonly resultHash: string;
}

/**
 * Reads the results of a sweep, also of one that is still running.
 *
 * @param folder The folder that the sweep wrote into.
 * @throws {FileError} If there is no store, or it is damaged.
 */
export async function readSweep(folder: string): Promise<SweepResults> {
  const store = await SweepStore.open(folder);
  try {
    const rows = await store.rows();
    const { manifest } = store;
    const cells = rows.map(({ index, metrics, trace }) => ({
      ...cellAt(manifest, index),
      ...outcomeOf(metrics),
      trace,
    }));
    return { manifest, cells, resultHash: await sweepHash([rows]) };
  } finally {
    store.close();
  }
}

/** An outcome as it is stored. */
function outcomeOf(text: string): Pick<CellResult, "metrics" | "evidence"> {
  const { evidence, ...metrics } = JSON.parse(text) as Metrics & { readonly evidence?: Evidence };
  return { metrics: metrics as Metrics, ...(evidence === undefined ? {} : { evidence }) };
}

/** Names of all metrics, in the order of their first appearance. */
export function metricNames({ cells }: Pick<SweepResults, "cells">): string[] {
  return [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))];
}

/** A column of the table of cells. */
export interface CellColumn {
  readonly name: string;
  /** Texts are settings and hashes, numbers are metrics and the seed. */
  readonly type: "text" | "number";
  /** One per cell, by index; `null` where the cell has none. */
  readonly values: readonly (string | number | null)[];
}

/** Says how far a metric may be believed, from what the runs behind it rest on. */
export type Judge = (metric: string, evidence: readonly Evidence[]) => Verdict | undefined;

/** Of replays, which are exact. */
export const UNJUDGED: Judge = () => undefined;

/** What cells are judged by: means, tails and money rest on different grounds. */
const JUDGED = [
  ["confidence", "e2eNsMean"],
  ["confidenceP99", "e2eNsP99"],
  ["confidenceDollars", "dollarsPerMillionOutputTokens"],
] as const;

/**
 * All cells as columns: where they stand in the grid, then what they found, and how far that may be
 * believed.
 */
export function cellColumns(results: SweepResults, judge: Judge = UNJUDGED): CellColumn[] {
  const { manifest, cells } = results;
  const text = (name: string, of: (cell: CellResult) => string): CellColumn => ({
    name,
    type: "text",
    values: cells.map(of),
  });
  const number = (name: string, of: (cell: CellResult) => number | null): CellColumn => ({
    name,
    type: "number",
    values: cells.map(of),
  });
  return [
    number("cell", ({ index }) => index),
    text("scenario", ({ scenario }) => manifest.scenarios[scenario]),
    text("trace", ({ input }) => manifest.inputs[input]),
    ...manifest.axes.map(({ key }, at) => text(key, ({ settings }) => valueText(settings[at]))),
    number("seed", ({ seed }) => seed),
    ...metricNames(results).map((name) => number(name, ({ metrics }) => metrics[name] ?? null)),
    ...cells.some(({ evidence }) => evidence !== undefined) ? judged(text, judge) : [],
    text("traceHash", ({ trace }) => trace),
  ];
}

function judged(
  text: (name: string, of: (cell: CellResult) => string) => CellColumn,
  judge: Judge,
): CellColumn[] {
  const verdict = ({ evidence }: CellResult, metric: string) =>
    judge(metric, evidence === undefined ? [] : [evidence]);
  return [
    ...JUDGED.map(([name, metric]) => text(name, (cell) => verdict(cell, metric)?.level ?? "")),
    text("confidenceWhy", (cell) => verdict(cell, JUDGED[0][1])?.why ?? ""),
  ];
}
