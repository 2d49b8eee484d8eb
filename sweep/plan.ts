/**
 * A grid as numbered cells: scenarios × inputs × settings × seeds, row by row.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { sha256Hex } from "../traces/canonical.ts";

/** What YAML and JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [key: string]: Json;
};

/** One key of the scenario, with the values that it takes in turn. */
export interface Axis {
  /** Key path, such as `policy` or `tiers[1].capacity`. */
  readonly key: string;
  readonly values: readonly Json[];
}

/** A grid with nothing left to look up but its traces. */
export interface SweepPlan {
  /** What the grid is called in errors, usually its path. */
  readonly name: string;
  /** The grid file as it was read; its hash guards a store against another grid. */
  readonly gridText: string;
  /** Name of the runner: `compare` for policies on one tier, `run` for hierarchies. */
  readonly kind: string;
  /** Names of scenarios, at least one: the outermost axis. */
  readonly scenarios: readonly string[];
  /** Names of traces and workloads, in order. */
  readonly inputs: readonly string[];
  /** In the order of the file; the last one turns fastest, but for the seeds. */
  readonly axes: readonly Axis[];
  /** Innermost axis; safe integers, 0 or more. */
  readonly seeds: readonly number[];
}

/** One run of a grid. */
export interface Cell {
  readonly index: number;
  /** Index into the scenarios of the plan. */
  readonly scenario: number;
  /** Index into the inputs of the plan. */
  readonly input: number;
  /** Index of the combination of settings. */
  readonly combination: number;
  readonly seed: number;
  /** Value of each axis, in the order of the axes. */
  readonly settings: readonly Json[];
}

/** More cells than this are a slip of the pen. */
const CELLS_MAX = 10_000_000;

/**
 * The number of cells of a grid.
 *
 * @throws {UsageError} If an axis is empty or stands twice, a seed is none, or cells are too many.
 *
 * @example
 * ```ts
 * import { cellAt, cellCount } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = {
 *   name: "grid.yaml",
 *   gridText: "",
 *   kind: "compare",
 *   scenarios: ["one tier"],
 *   inputs: ["a.jsonl", "b.jsonl"],
 *   axes: [{ key: "policy", values: ["lru", "arc"] }, { key: "capacity", values: ["5%"] }],
 *   seeds: [1, 2, 3],
 * };
 * assertEquals(cellCount(plan), 12);
 * assertEquals(cellAt(plan, 4).settings, ["arc", "5%"]);
 * assertEquals(cellAt(plan, 4).seed, 2);
 * ```
 */
export function cellCount(plan: SweepPlan): number {
  const { scenarios, inputs, axes, seeds } = plan;
  const lengths: [string, number][] = [
    ["scenario", scenarios.length],
    ["trace", inputs.length],
    ...axes.map(({ key, values }): [string, number] => [`vary.${key}`, values.length]),
    ["seeds", seeds.length],
  ];
  const empty = lengths.find(([, length]) => length === 0);
  if (inputs.length === 0) {
    throw unusable(plan, "there is no trace to run on", "traces or workloads in the grid", [
      "name one with --trace TRACE",
    ]);
  }
  if (empty !== undefined) throw unusable(plan, `${empty[0]} is empty`, "one value or more");
  const twice = axes.find(({ key }, at) => axes.findIndex((axis) => axis.key === key) !== at);
  if (twice !== undefined) throw unusable(plan, `vary.${twice.key} stands twice`, "each key once");
  const seed = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (seed !== undefined) throw unusable(plan, `${seed} is not a seed`, "whole numbers from 0");
  if (new Set(seeds).size < seeds.length) {
    throw unusable(plan, "a seed stands twice", "each seed once: a repeat is no new sample");
  }
  const count = lengths.reduce((product, [, length]) => product * length, 1);
  if (count <= CELLS_MAX) return count;
  throw unusable(plan, `it has ${count} cells`, `at most ${CELLS_MAX}`);
}

function unusable(
  { name }: SweepPlan,
  wrong: string,
  expected: string,
  mend: readonly string[] = [],
): UsageError {
  return new UsageError({
    code: "sweep/grid",
    message: `Cannot sweep: ${wrong}`,
    place: { file: name },
    expected,
    mend,
  });
}

/** The number of combinations of settings: the cells of one scenario, input and seed. */
export function combinationCount(plan: Pick<SweepPlan, "axes">): number {
  return plan.axes.reduce((product, { values }) => product * values.length, 1);
}

/** The settings of a combination, in the order of the axes. */
export function settingsAt(plan: Pick<SweepPlan, "axes">, combination: number): Json[] {
  const settings: Json[] = [];
  let rest = combination;
  for (const { values } of plan.axes.toReversed()) {
    settings.unshift(values[rest % values.length]);
    rest = Math.floor(rest / values.length);
  }
  return settings;
}

/** The cell with an index from 0 to `cellCount(plan) - 1`. */
export function cellAt(
  plan: Pick<SweepPlan, "inputs" | "axes" | "seeds">,
  index: number,
): Cell {
  const { inputs, seeds } = plan;
  const combinations = combinationCount(plan);
  const row = Math.floor(index / seeds.length);
  const combination = row % combinations;
  const source = Math.floor(row / combinations);
  return {
    index,
    scenario: Math.floor(source / inputs.length),
    input: source % inputs.length,
    combination,
    seed: seeds[index % seeds.length],
    settings: settingsAt(plan, combination),
  };
}

/** The parts of a plan that cells are numbered and named by. */
export type PlanAxes = Pick<SweepPlan, "scenarios" | "inputs" | "axes" | "seeds">;

/** A cell in words, for errors: `cell 17 (a.jsonl, policy=lru, capacity=5%, seed 3)`. */
export function cellText(plan: PlanAxes, index: number): string {
  const { scenario, input, settings, seed } = cellAt(plan, index);
  const words = plan.axes.map(({ key }, at) => `${key}=${valueText(settings[at])}`);
  const first = plan.scenarios.length > 1 ? [plan.scenarios[scenario]] : [];
  return `cell ${index} (${[...first, plan.inputs[input], ...words, `seed ${seed}`].join(", ")})`;
}

/** A value as people write it: texts bare, the rest as JSON. */
export function valueText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** JSON with the keys of every map sorted, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item) => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    const entries = Object.entries(item).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
    return Object.fromEntries(entries);
  });
}

/** SHA-256 (hex) of a text. */
export async function textHash(text: string): Promise<string> {
  return await sha256Hex(new TextEncoder().encode(text));
}
