/**
 * What computes a cell: the seam between the sweep and whatever it sweeps over.
 *
 * @module
 */
import { EngineBug } from "../errors/errors.ts";
import type { Evidence } from "../serving/evidence/evidence.ts";
import type { Trace } from "../traces/trace.ts";
import type { Json } from "./plan.ts";

/** Numbers that a run found, by name; `null` where one is not defined, as a ratio of nothing. */
export type Metrics = Readonly<Record<string, number | null>>;

/** Everything about a run but its trace; a JSON value, so that it can be hashed and sent. */
export type CellSpec = Json;

/** What a run found: metrics by name, and under `evidence` what they rest on, where it is known. */
export type Outcome = Readonly<Record<string, number | null | Evidence>>;

/** Computes one run. A function of its arguments and of the engine: no clock, no memory. */
export type CellRunner = (spec: CellSpec, trace: Trace) => Outcome | Promise<Outcome>;

/** Makes a runner with the compiled engine; called once per worker. */
export type RunnerFactory = (module: WebAssembly.Module) => CellRunner;

/** A row of results, as it is stored. */
export interface Row {
  readonly index: number;
  /** Hash of what was run: kind, specification and trace. */
  readonly key: string;
  /** The outcome as JSON, in the order in which the runner gave it. */
  readonly metrics: string;
  /** Hash of the engine that ran it. */
  readonly engine: string;
  /** Hash of the trace that was replayed. */
  readonly trace: string;
}

/** A cell as a worker gets it. */
export interface CellTask {
  readonly index: number;
  readonly key: string;
  readonly spec: CellSpec;
}

/** Runs one cell and writes its metrics as text. */
export async function runCell(runner: CellRunner, task: CellTask, trace: Trace): Promise<string> {
  const metrics = await runner(task.spec, trace);
  for (const [name, value] of Object.entries(metrics)) {
    if (value === null || name === "evidence" || Number.isFinite(value)) continue;
    throw new EngineBug({
      code: "sweep/not-a-number",
      message: `Cannot run cell: its metric ${name} is not a finite number`,
      found: String(value),
      mend: ["this is a fault in kvtier, not in your input; please report the grid"],
    });
  }
  return JSON.stringify(metrics);
}
