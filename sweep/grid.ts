/**
 * Grid files: which kind of grid it is, and the job that it means.
 *
 * @module
 */
import { registry } from "../engine/registry.ts";
import { readText } from "../scenario/load.ts";
import { readYaml } from "../scenario/yaml_text.ts";
import { compareJob } from "./compare_grid.ts";
import type { SweepJob } from "./job.ts";
import type { RunnerSource } from "./pool.ts";
import { hierarchyRunner } from "./run_cells.ts";
import { runJob } from "./run_grid.ts";

/** What a grid is read with, besides its text. */
export interface GridOptions {
  /** Traces after those of the grid; paths start at the folder of the process. */
  readonly traces?: readonly string[];
  /** What replays a hierarchy. Default {@linkcode hierarchyRunner}. */
  readonly hierarchies?: RunnerSource;
}

/**
 * Reads a grid from YAML text. A grid with a `scenario` runs hierarchies; one without compares
 * policies on one tier.
 *
 * @param file What to call the text in errors; its paths start at the folder of this file.
 * @throws {ScenarioError} With all findings, each with its place.
 *
 * @example
 * ```ts
 * import { cellCount, parseSweep } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { plan } = await parseSweep(`
 * workloads: ["loop(blocks=600)"]
 * vary: { policy: [lru, arc, optimal], capacity: [500, 50%] }
 * seeds: { from: 1, count: 5 }
 * `);
 * assertEquals(cellCount(plan), 30);
 * ```
 */
export async function parseSweep(
  text: string,
  file = "grid",
  options: GridOptions = {},
): Promise<SweepJob> {
  const yaml = await readYaml(text, file, "grid");
  const { traces = [], hierarchies = hierarchyRunner() } = options;
  const isMap = typeof yaml.value === "object" && yaml.value !== null;
  if (!isMap || !Object.hasOwn(yaml.value as object, "scenario")) {
    return await compareJob(yaml, traces);
  }
  return await runJob(yaml, traces, hierarchies, registry());
}

/** As {@linkcode parseSweep}, from a file. */
export async function loadSweep(path: string, options: GridOptions = {}): Promise<SweepJob> {
  return await parseSweep(await readText(path, "grid"), path, options);
}
