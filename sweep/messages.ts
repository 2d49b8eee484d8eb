/**
 * What a sweep and its workers say to each other. An error crosses as data and keeps its class.
 *
 * @module
 */
import * as errors from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import type { CellTask } from "./runner.ts";

/** To a worker. */
export type Order =
  /** First: the compiled engine, and the module that makes the runner. */
  | { readonly type: "open"; readonly module: WebAssembly.Module; readonly runner: string }
  /** A trace for the chunks that follow; its columns are shared. The one before it is forgotten. */
  | { readonly type: "trace"; readonly trace: Trace }
  | { readonly type: "run"; readonly tasks: readonly CellTask[] };

/** From a worker. */
export type Answer =
  | { readonly type: "ready" }
  /** Metrics as JSON, task by task. */
  | { readonly type: "done"; readonly metrics: readonly string[] }
  /** `index` is the cell that failed; absent when the worker did not come as far. */
  | { readonly type: "failed"; readonly index?: number; readonly error: ErrorData };

/** An error that can be sent. */
export interface ErrorData {
  /** Name of a class of `errors/errors.ts`, or of whatever was thrown. */
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly problems?: readonly errors.Problem[];
}

/** Takes an error apart. */
export function errorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  const problems = error instanceof errors.KvtierError ? { problems: error.problems } : {};
  return { name, message, ...(stack === undefined ? {} : { stack }), ...problems };
}

const CLASSES = {
  ScenarioError: errors.ScenarioError,
  TraceError: errors.TraceError,
  EngineError: errors.EngineError,
  UsageError: errors.UsageError,
  FileError: errors.FileError,
  EngineBug: errors.EngineBug,
};

/**
 * The error of a cell: what the cell threw, in its class, with the cell in front.
 *
 * @param cell The cell in words, or the chunk.
 * @param file The grid, as the place.
 */
export function cellError(data: ErrorData, cell: string, file: string): errors.KvtierError {
  const make = CLASSES[data.name as keyof typeof CLASSES] ?? errors.EngineBug;
  const [first, ...more] = data.problems ?? [];
  const reason = first?.message ?? `${data.name}: ${data.message}`;
  const cause = new errors.KvtierError({ code: "sweep/worker", message: data.message });
  if (data.stack !== undefined) cause.stack = data.stack;
  return new make(
    {
      place: { file },
      ...first,
      code: first?.code ?? "sweep/cell",
      message: `Cannot run ${cell}: ${reason}`,
      mend: [...first?.mend ?? [], "finished cells are kept: mend this and go on with --resume"],
    },
    more,
    { cause },
  );
}
