/**
 * What a caller may ask of a trace reader.
 *
 * @module
 */

import { TraceError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";

/** Unit of numeric timestamps in a file. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/**
 * Names of columns in a generic CSV or JSONL file; what is not named is found by its usual names.
 */
export interface ColumnMap {
  /** Arrival: a number in `timeUnit`, or an ISO date and time. */
  readonly time?: string;
  /** Prompt length in tokens. */
  readonly input?: string;
  /** Generated length in tokens. */
  readonly output?: string;
  readonly session?: string;
  /** Tenant or model. */
  readonly tenant?: string;
  readonly turn?: string;
  /** Block ids of the prompt, root first: a JSON array, or a CSV cell such as `1 2 3`. */
  readonly blocks?: string;
  /**
   * What the blocks hold, root first: a JSON array such as `[["system", 12], ["question", 3]]`, or
   * a CSV cell such as `system:12;question:3`. The numbers of blocks add up to the request's.
   */
  readonly kinds?: string;
}

/** Options of {@linkcode openTrace} and {@linkcode parseTrace}; each is optional. */
export interface TraceOptions {
  /** A registered format name; without it the format is told from the content. */
  readonly format?: string;
  /** Keep the first so many requests, in order of arrival. */
  readonly limit?: number;
  /** Column names of the generic formats. */
  readonly columns?: ColumnMap;
  /** Tokens of one block; without it the format's own size. */
  readonly blockTokens?: number;
  /** Unit of numeric timestamps; without it the format's own unit. */
  readonly timeUnit?: TimeUnit;
  /** Whether block ids of different sessions name different blocks; without it as the file says. */
  readonly scope?: "session" | "shared";
  /** Leave out sessions that repeat an earlier one (`dup_of`). Default true. */
  readonly dropRepeats?: boolean;
  /**
   * Leave out requests that failed (no generated tokens), where a format marks them. Default true.
   */
  readonly dropFailed?: boolean;
  /**
   * Label blocks with what a format says of whole sessions: WEKA's leading tool definitions and
   * system prompt. Splits extents and so changes the hash. Default false. The `kinds` of generic
   * files are read in any case.
   */
  readonly kinds?: boolean;
  /** Whether requests of sub-agents are read. Default `"include"`. */
  readonly subAgents?: "include" | "drop";
  /** Sort requests by arrival in memory; without it arrivals that go back are refused. */
  readonly sort?: boolean;
  /** Called after each chunk; `totalBytes` is `undefined` for streams of unknown length. */
  readonly onProgress?: (bytesRead: number, totalBytes: number | undefined, rows: number) => void;
  /** Stops the reading; the reason of the signal is thrown. */
  readonly signal?: AbortSignal;
}

/** Largest block, in tokens, that a trace may have. */
export const BLOCK_TOKENS_MAX = 65_535;

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  kinds: [true, false],
  timeUnit: ["s", "ms", "us", "ns"],
  scope: ["session", "shared"],
  subAgents: ["include", "drop"],
};

/** Checks option values, so that a slip in a caller is named and not silently ignored. */
export function checkOptions(
  file: string,
  options: TraceOptions,
  formats: readonly string[],
): void {
  checkWhole(file, "limit", options.limit, Number.MAX_SAFE_INTEGER);
  checkWhole(file, "blockTokens", options.blockTokens, BLOCK_TOKENS_MAX);
  for (const [key, allowed] of Object.entries(CHOICES)) {
    const value = options[key as keyof TraceOptions];
    if (value === undefined || allowed.includes(value)) continue;
    throw new TraceError({
      code: "trace/bad-option",
      message: `Cannot read trace: option ${key} has no such value`,
      place: { file, key },
      found: String(value),
      expected: allowed.join(" or "),
    });
  }
  const { format } = options;
  if (format === undefined || formats.includes(format)) return;
  const hint = didYouMean(format, formats);
  throw new TraceError({
    code: "trace/bad-option",
    message: `Cannot read trace: "${format}" is not a trace format`,
    place: { file, key: "format" },
    found: `"${format}"`,
    expected: `one of ${formats.join(", ")}`,
    mend: hint === undefined ? [] : [hint],
  });
}

function checkWhole(file: string, key: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
  throw new TraceError({
    code: "trace/bad-option",
    message: `Cannot read trace: option ${key} is out of range`,
    place: { file, key },
    found: String(value),
    expected: `a whole number from 1 to ${most}`,
  });
}
