/**
 * Every refusal of kvtier: what failed, where, what was found and expected, and how to mend it.
 *
 * Errors carry data; the sentence for people is made by {@linkcode describe}, in this file only.
 *
 * @module
 */

/** Where in an input something is wrong. All parts are optional; more is better. */
export interface Place {
  /** File name as the user wrote it. */
  readonly file?: string;
  /** Line of a text file, from 1. */
  readonly line?: number;
  /** Column within the line, from 1 (or, for a table, the name in `key`). */
  readonly column?: number;
  /** Row of a table or request number, from 1. */
  readonly row?: number;
  /** Byte offset in a binary file, from 0. */
  readonly byteOffset?: number;
  /** Key path or column name, such as `tiers[1].bandwidth` or `hash_ids`. */
  readonly key?: string;
}

/** What an error knows. */
export interface Problem {
  /** Stable, machine-readable name, such as `trace/arrival-backwards`. */
  readonly code: string;
  /** The action that failed, a colon, and what is wrong: `Cannot read trace: arrival goes back`. */
  readonly message: string;
  readonly place?: Place;
  /** What was found, in words or as the value itself. */
  readonly found?: string;
  /** What was expected instead. */
  readonly expected?: string;
  /** How to mend it, one sentence each. */
  readonly mend?: readonly string[];
  /** The offending source line, shown with a caret under `place.column`. */
  readonly sourceLine?: string;
}

/** Base of all refusals. Mendable by the user, except {@linkcode EngineBug}. */
export class KvtierError extends Error {
  override readonly name: string = "KvtierError";
  /** All findings of this input; the first one gives the message. */
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problem: Problem, more: readonly Problem[] = [], options?: ErrorOptions) {
    super(problem.message, options);
    this.problems = [problem, ...more];
  }

  /** Stable name of the first finding. */
  get code(): string {
    return this.problems[0].code;
  }

  /** Place of the first finding. */
  get place(): Place {
    return this.problems[0].place ?? {};
  }
}

/** A scenario or model file that cannot be used. */
export class ScenarioError extends KvtierError {
  override readonly name = "ScenarioError";
}

/** A trace that cannot be read or makes no sense. */
export class TraceError extends KvtierError {
  override readonly name = "TraceError";
}

/** A run that the engine refuses: no room, no such policy, a parameter out of range. */
export class EngineError extends KvtierError {
  override readonly name = "EngineError";
}

/** A command line that cannot be understood. */
export class UsageError extends KvtierError {
  override readonly name = "UsageError";
}

/** Measurements that no constants can be fitted on, or a fit that explains nothing. */
export class CalibrationError extends KvtierError {
  override readonly name = "CalibrationError";
}

/** A file that cannot be written or read for a reason outside its content. */
export class FileError extends KvtierError {
  override readonly name = "FileError";
}

/** A fault of kvtier itself: broken books, a trap, an impossible state. */
export class EngineBug extends KvtierError {
  override readonly name = "EngineBug";
}

/** Refusals of a value that came from the command line, whoever noticed. */
const USAGE_CODES = ["trace/bad-option", "scenario/unknown-model"];

/** Exit codes of the command line: 0 well, 1 refused input, 2 wrong usage, 70 our bug. */
export function exitCode(error: unknown): number {
  if (error instanceof EngineBug) return 70;
  if (error instanceof UsageError) return 2;
  if (error instanceof KvtierError && USAGE_CODES.includes(error.code)) return 2;
  return error instanceof KvtierError ? 1 : 70;
}

const PROBLEMS_SHOWN = 20;

/**
 * Writes an error for people: the sentence, the place, the source line, and how to mend it.
 *
 * @example
 * ```ts
 * import { describe, TraceError } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const error = new TraceError({
 *   code: "trace/bad-number",
 *   message: "Cannot read trace: input_length is negative",
 *   place: { file: "a.jsonl", line: 3, key: "input_length" },
 *   found: "-5",
 *   expected: "a whole number of tokens, 0 or more",
 * });
 * assertStringIncludes(describe(error), '--> a.jsonl:3 "input_length"');
 * ```
 */
export function describe(error: unknown): string {
  if (!(error instanceof KvtierError)) return describeForeign(error);
  const shown = error.problems.slice(0, PROBLEMS_SHOWN).map(describeProblem);
  const hidden = error.problems.length - shown.length;
  if (hidden > 0) shown.push(`  = and ${hidden} more`);
  return shown.join("\n");
}

function describeForeign(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `bug: ${text}\n  = this is a fault in kvtier, not in your input`;
}

function describeProblem(problem: Problem): string {
  const lines = [`error: ${problem.message}`];
  const place = describePlace(problem.place);
  if (place !== "") lines.push(`  --> ${place}`);
  if (problem.sourceLine !== undefined && problem.place?.line !== undefined) {
    lines.push(...quote(problem.sourceLine, problem.place.line, problem.place.column));
  }
  const { found, expected } = problem;
  if (found !== undefined && expected !== undefined) {
    lines.push(`  = found ${found}; expected ${expected}`);
  } else if (found !== undefined) lines.push(`  = found ${found}`);
  else if (expected !== undefined) lines.push(`  = expected ${expected}`);
  for (const sentence of problem.mend ?? []) lines.push(`  = ${sentence}`);
  return lines.join("\n");
}

function describePlace(place: Place = {}): string {
  const { file, line, column, row, byteOffset, key } = place;
  let text = file ?? "";
  if (line !== undefined) text += `:${line}`;
  if (line !== undefined && column !== undefined) text += `:${column}`;
  if (row !== undefined) text += `${text === "" ? "" : " "}row ${row}`;
  if (byteOffset !== undefined) text += `${text === "" ? "" : " "}byte ${byteOffset}`;
  if (key !== undefined) text += `${text === "" ? "" : " "}"${key}"`;
  return text;
}

/** Long lines are cut around the column, so that one huge line cannot flood a terminal. */
function quote(sourceLine: string, line: number, column?: number): string[] {
  const start = Math.max(0, (column ?? 1) - 40);
  const text = sourceLine.slice(start, start + 80);
  const lines = [
    `${line} | ${start > 0 ? "…" : ""}${text}${sourceLine.length > start + 80 ? "…" : ""}`,
  ];
  if (column !== undefined) {
    lines.push(" ".repeat(`${line} | `.length + (start > 0 ? 1 : 0) + column - 1 - start) + "^");
  }
  return lines;
}
