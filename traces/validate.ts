/**
 * Looks a trace file over in one pass and tells everything that is wrong or remarkable.
 *
 * @module
 */

import { TraceError } from "../errors/errors.ts";
import { type Finding, Findings } from "./findings.ts";
import { type ByteSource, bytesSource } from "./inflate.ts";
import { readSource } from "./open.ts";
import type { TraceOptions } from "./options.ts";
import { type SecondParent, secondParent } from "./prefix_tree.ts";
import { fileSource } from "./source.ts";
import type { Trace } from "./trace.ts";

/** Options of {@linkcode validateTrace}. */
export interface ValidateOptions extends TraceOptions {
  /** Whether warnings make a trace invalid, too. Default false. */
  readonly strict?: boolean;
}

/** What {@linkcode validateTrace} gives. */
export interface Validation {
  readonly path: string;
  /** Whether there is no error, and in strict validation no warning. */
  readonly isValid: boolean;
  /** Format and size of the trace; absent when errors kept it from being read. */
  readonly format?: string;
  readonly requestCount?: number;
  /** The first 20 findings of each name. */
  readonly findings: readonly Finding[];
  /** How often each name was found, the findings that are not listed included. */
  readonly counts: Readonly<Record<string, number>>;
  readonly errorCount: number;
  readonly warningCount: number;
  readonly infoCount: number;
}

/** Fewer requests than this say little about a policy. */
const REQUESTS_FEW = 100;

/**
 * Reads a trace file and lists all findings with severity, line (or row) and column.
 *
 * Unlike {@linkcode openTrace} it does not throw for a bad trace, only for a file that cannot be
 * read.
 *
 * @throws {FileError} If the file cannot be read.
 *
 * @example
 * ```ts
 * import { validateTrace } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const path = "tests/data/conversation_trace.jsonl.gz";
 * const { isValid, warningCount } = await validateTrace(path, { strict: true });
 * assertEquals({ isValid, warningCount }, { isValid: true, warningCount: 0 });
 * ```
 */
export async function validateTrace(
  path: string,
  options: ValidateOptions = {},
): Promise<Validation> {
  return await validateSource(await fileSource(path), options);
}

/** The same for bytes in memory. */
export async function validateBytes(
  bytes: Uint8Array,
  name = "trace",
  options: ValidateOptions = {},
): Promise<Validation> {
  return await validateSource(bytesSource(bytes, name), options);
}

async function validateSource(source: ByteSource, options: ValidateOptions): Promise<Validation> {
  const findings = new Findings(source.name);
  let trace: Trace | undefined;
  try {
    trace = await readSource(source, options, findings);
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    for (const { code, message, ...rest } of error.problems) {
      const text = message.replace(/^Cannot read trace: /, "");
      findings.add({
        ...rest,
        name: code.replace(/^trace\//, ""),
        severity: "error",
        message: text,
      });
    }
  }
  if (trace !== undefined) {
    for (const finding of remarks(trace)) findings.add(finding);
  }
  const { errorCount, counts, list } = findings;
  const warningCount = findings.countOf("warning");
  return {
    path: source.name,
    isValid: errorCount === 0 && (options.strict !== true || warningCount === 0),
    format: trace?.format,
    requestCount: trace?.requestCount,
    findings: list,
    counts: Object.fromEntries(counts),
    errorCount,
    warningCount,
    infoCount: findings.countOf("info"),
  };
}

/** What can be said of a trace as a whole. */
function* remarks(trace: Trace): Iterable<Finding> {
  yield* sizeRemarks(trace);
  yield* timeRemarks(trace);
  yield* lengthRemarks(trace);
  const { session } = trace.requests;
  if (session === undefined) {
    yield {
      name: "no-sessions",
      severity: "info",
      message: "requests do not name their sessions",
      expected: "sessions, for questions about routing and retention",
    };
  }
  if (trace.reuse === "none") {
    yield {
      name: "no-reuse-evidence",
      severity: "warning",
      message: "nothing in it says which blocks are used again",
      expected: "block hashes, without which hit ratios mean nothing",
    };
  } else if (trace.format !== "oracle-general") {
    const second = secondParent(trace);
    if (second !== undefined) yield twoParents(second);
  }
}

function twoParents({ row, depth }: SecondParent): Finding {
  return {
    name: "two-parents",
    severity: "warning",
    message: "a block follows different blocks",
    place: { row: row + 1, key: `block ${depth + 1} of the request` },
    expected: "hashes of prefixes, which make a tree",
    mend: ["look at this block id here, and where it was met before"],
  };
}

function* sizeRemarks({ requestCount }: Trace): Iterable<Finding> {
  if (requestCount >= REQUESTS_FEW) return;
  yield {
    name: "few-requests",
    severity: "warning",
    message: "there are too few requests to compare policies",
    found: `${requestCount} requests`,
    expected: `at least ${REQUESTS_FEW}`,
  };
}

function* timeRemarks({ requests: { arrivalNs }, requestCount }: Trace): Iterable<Finding> {
  if (arrivalNs === undefined) {
    yield {
      name: "no-arrivals",
      severity: "info",
      message: "requests have no arrival times",
      expected: "times, for questions about latency",
    };
    return;
  }
  let equal = 0;
  for (let row = 1; row < requestCount; row++) if (arrivalNs[row] === arrivalNs[row - 1]) equal++;
  if (equal > 0) {
    yield {
      name: "equal-arrivals",
      severity: "info",
      message: "requests arrive at the same time as the one before",
      found: `${equal} of ${requestCount} requests`,
    };
  }
  if (requestCount > 1 && arrivalNs[requestCount - 1] === 0) {
    yield {
      name: "no-span",
      severity: "warning",
      message: "all requests arrive at the same time",
      expected: "times, or no time column at all",
    };
  }
}

function* lengthRemarks({ requests, requestCount }: Trace): Iterable<Finding> {
  const empty = countZeros(requests.inputTokens);
  if (empty > 0) {
    yield {
      name: "empty-prompts",
      severity: "warning",
      message: "prompts are empty",
      found: `${empty} of ${requestCount} requests`,
    };
  }
  const silent = requests.outputTokens === undefined ? 0 : countZeros(requests.outputTokens);
  if (silent > 0) {
    yield {
      name: "zero-outputs",
      severity: silent * 2 > requestCount ? "warning" : "info",
      message: "requests generated nothing",
      found: `${silent} of ${requestCount} requests`,
    };
  }
}

function countZeros(column: Uint32Array): number {
  let count = 0;
  for (const value of column) if (value === 0) count++;
  return count;
}
