/**
 * Stored results as values: rows with their settings, and a table of all cells for export.
 *
 * @module
 */
import type { Manifest } from "./manifest.ts";
import { type Cell, cellAt, valueText } from "./plan.ts";
import type { Metrics } from "./runner.ts";
import { sweepHash, SweepStore } from "./store.ts";

/** A cell with what it found. */
export interface CellResult extends Cell {
  readonly metrics: Metrics;
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
      metrics: JSON.parse(metrics) as Metrics,
      trace,
    }));
    return { manifest, cells, resultHash: await sweepHash([rows]) };
  } finally {
    store.close();
  }
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

/** All cells as columns: where they stand in the grid, then what they found. */
export function cellColumns(results: SweepResults): CellColumn[] {
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
    text("traceHash", ({ trace }) => trace),
  ];
}
