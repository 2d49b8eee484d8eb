/**
 * What a format reader is given.
 *
 * @module
 */

import type { Findings } from "./findings.ts";
import type { TraceOptions } from "./options.ts";
import type { Trace } from "./trace.ts";

/** Bytes in pieces, decompressed. */
export type ByteChunks = AsyncIterable<Uint8Array>;

/** One reading of one file. */
export interface ReadContext {
  /** File name as the user wrote it. */
  readonly file: string;
  readonly options: TraceOptions;
  readonly findings: Findings;
  /** What was skipped, repaired or inferred, for people. */
  readonly notes: string[];
  /** The content, decompressed. */
  readonly chunks: ByteChunks;
  /** The first bytes of it, as detection saw them. */
  readonly head: FileHead;
  /** What numbers of rows mean to a reader of the file: lines of a text or records. */
  placeKind: "line" | "row";
  /** Tells the caller's progress function how many rows there are. */
  rows: number;
}

/** A trace format: how to tell it and how to read it. */
export interface TraceFormat {
  readonly name: string;
  /** One clause for `kvtier trace formats`. */
  readonly describe: string;
  /** Whether the first bytes of a file are of this format. */
  readonly detect: (head: FileHead) => boolean;
  /**
   * Reads all of it. Findings go to the context; `undefined` says that there were errors. Faults
   * after which reading on makes no sense are thrown as `TraceError`.
   */
  readonly read: (context: ReadContext) => Promise<Trace | undefined>;
}

/** What detection looks at: the first bytes and, for text, the names found there. */
export interface FileHead {
  readonly bytes: Uint8Array;
  /** Whether the head is the whole file. */
  readonly whole: boolean;
  /** Whether the text is one JSON document over several lines, and not JSON Lines. */
  readonly isDocument?: boolean;
  /** The head as text, or `undefined` for binary content. */
  readonly text?: string;
  /** Keys of the first JSON object, if the text begins with one (or with an array of them). */
  readonly keys?: ReadonlySet<string>;
  /** Normalised names of the first row, if the text looks like a table. */
  readonly header?: readonly string[];
}
