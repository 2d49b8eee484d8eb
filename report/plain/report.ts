/**
 * A report as data: an answer, tables, limits. Text, Markdown and HTML are three ways to write it.
 *
 * @module
 */
import type { TraceSummary } from "../../engine/result.ts";
import { formatCount } from "../format.ts";

/** A table whose first column names the rows; the others hold numbers. */
export interface PlainTable {
  /** Stable name, for links. */
  readonly id: string;
  readonly title: string;
  /** What the numbers are, in a sentence or two. */
  readonly note?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Row that is the answer, painted and starred. */
  readonly best?: number;
  /** Share of a bar behind each row, 0 to 1; terminal only, pages have a chart. */
  readonly bars?: readonly number[];
}

/** A whole report. */
export interface PlainReport {
  readonly title: string;
  readonly path: string;
  /** What the trace is, in one line. */
  readonly facts: string;
  /** The answer first, a paragraph each. */
  readonly answer: readonly string[];
  readonly tables: readonly PlainTable[];
  /** What it does not show. */
  readonly limits: readonly string[];
  /** Fingerprints and assumptions, by name. */
  readonly repeat: readonly (readonly [name: string, value: string])[];
  readonly resultHash: string;
}

/** Facts of a trace that every report opens with. */
export function traceFacts(trace: TraceSummary): string {
  return `${trace.format}, ${formatCount(trace.requests)} requests, ${
    formatCount(trace.accesses)
  } look-ups of ${formatCount(trace.uniqueBlocks)} blocks of ${
    formatCount(trace.blockTokens)
  } tokens`;
}

/** What every result can be checked by. */
export function fingerprints(
  trace: TraceSummary,
  engine: { readonly hash: string; readonly abiVersion: number },
): [string, string][] {
  return [
    ["trace", trace.hash],
    ["engine", engine.hash],
    ["boundary version", String(engine.abiVersion)],
  ];
}
