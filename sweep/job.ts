/**
 * A grid with everything that it needs to run.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";
import type { Cell, SweepPlan } from "./plan.ts";
import type { RunnerSource } from "./pool.ts";
import type { CellSpec } from "./runner.ts";

/** A trace of a grid, or a workload that makes one from a seed. */
export interface SweepInput {
  readonly name: string;
  /** Whether other seeds give other traces. */
  readonly seeded: boolean;
  /** Called once for each seed, or once in all when the seed has no effect. */
  open(seed: number): Promise<Trace>;
}

/** The part of a cell that its specification may depend on: all but its trace. */
export type SpecCell = Pick<Cell, "scenario" | "combination" | "settings" | "seed">;

/** A grid with everything that it needs. */
export interface SweepJob {
  readonly plan: SweepPlan;
  /** As many as the plan names, in order. */
  readonly inputs: readonly SweepInput[];
  /** What a cell runs, all but its trace; must not depend on anything but the cell. */
  readonly specOf: (cell: SpecCell) => CellSpec;
  readonly runner: RunnerSource;
}
