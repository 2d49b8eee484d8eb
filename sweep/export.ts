/**
 * Results as CSV, JSON and Parquet: raw numbers, for other programs.
 *
 * @module
 */
import type { Verdict } from "../serving/evidence/evidence.ts";
import {
  type CellColumn,
  cellColumns,
  type Judge,
  type SweepResults,
  UNJUDGED,
} from "./results.ts";
import type { Summary, SummaryRow } from "./summary.ts";

type Field = string | number | boolean | null | undefined;

/** Writes all cells as CSV (RFC 4180): one line per cell, settings first, then every metric. */
export function cellsCsv(results: SweepResults, judge: Judge = UNJUDGED): string {
  const columns = cellColumns(results, judge);
  const rows = results.cells.map((_, at) => columns.map(({ values }) => values[at]));
  return csv([columns.map(({ name }) => name), ...rows]);
}

/** Writes all cells as JSON (`docs/schema/sweep.v1.json`), with what they depend on. */
export function cellsJson(results: SweepResults, judge: Judge = UNJUDGED): string {
  const columns = cellColumns(results, judge);
  const cells = results.cells.map((_, at) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[at]]))
  );
  return document("cells", results, { cells });
}

/** Writes summaries as CSV: one line per combination and metric. */
export function sweepCsv(summaries: readonly Summary[], judge: Judge = UNJUDGED): string {
  const keys = [...new Set(summaries.flatMap(({ keys }) => keys))];
  const rows = summaries.flatMap((summary) =>
    summary.rows.map((row) => {
      const values = keys.map((key) => row.values[summary.keys.indexOf(key)]);
      return [
        summary.metric,
        summary.pooled,
        ...values,
        ...Object.values(numbers(row, judge(summary.metric, row.evidence))),
      ];
    })
  );
  return csv([["metric", "pooled", ...keys, ...NUMBERS], ...rows]);
}

/** Writes summaries as JSON (`docs/schema/sweep.v1.json`). */
export function sweepJson(
  results: SweepResults,
  summaries: readonly Summary[],
  judge: Judge = UNJUDGED,
): string {
  const written = summaries.map(({ metric, kind, by, pooled, keys, rows }) => ({
    metric,
    ...kind,
    by: by ?? null,
    pooled,
    rows: rows.map((row) => ({
      ...Object.fromEntries(keys.map((key, at) => [key, row.values[at]])),
      ...numbers(row, judge(metric, row.evidence)),
    })),
  }));
  return document("summary", results, { summaries: written });
}

const NUMBERS = [
  "runs",
  "mean",
  "standardDeviation",
  "low",
  "high",
  "spreadOver",
  "noSpread",
  "standing",
  "difference",
  "differenceLow",
  "differenceHigh",
  "confidence",
  "confidenceWhy",
] as const;

function numbers(
  { runs, spread, standing, againstBest }: SummaryRow,
  verdict: Verdict | undefined,
): Record<typeof NUMBERS[number], Field> {
  const given = spread !== undefined && "over" in spread ? spread : undefined;
  return {
    runs,
    mean: spread?.mean ?? null,
    standardDeviation: given?.standardDeviation ?? null,
    low: given?.low ?? null,
    high: given?.high ?? null,
    spreadOver: given?.over ?? null,
    noSpread: spread === undefined ? "undefined" : "refused" in spread ? spread.refused : null,
    standing: standing ?? null,
    difference: againstBest?.mean ?? null,
    differenceLow: againstBest?.low ?? null,
    differenceHigh: againstBest?.high ?? null,
    confidence: verdict?.level ?? null,
    confidenceWhy: verdict?.why ?? null,
  };
}

function document(what: string, { manifest, cells, resultHash }: SweepResults, rest: object) {
  const head = {
    command: "sweep",
    content: what,
    schema: 1,
    version: manifest.version,
    grid: manifest.gridName,
    kind: manifest.kind,
    cellsDone: cells.length,
    cellsTotal: manifest.cells,
    shard: manifest.shard,
    hashes: {
      grid: manifest.gridHash,
      scenario: manifest.specHash,
      engine: manifest.engineHash,
      result: resultHash,
    },
  };
  return `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`;
}

function csv(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: Field): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Writes all cells as a Parquet file. The writer is loaded when it is asked for.
 *
 * @returns The bytes of the file: texts as strings, numbers as 64-bit floats.
 */
export async function cellsParquet(
  results: SweepResults,
  judge: Judge = UNJUDGED,
): Promise<Uint8Array<ArrayBuffer>> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = cellColumns(results, judge).map(({ name, type, values }: CellColumn) => ({
    name,
    data: [...values],
    type: type === "text" ? "STRING" as const : "DOUBLE" as const,
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
