/**
 * Grid files: which kind of grid it is, and the job that it means.
 *
 * @module
 */
import { registry } from "../engine/registry.ts";
import { refuseOtherKind } from "../scenario/document_kind.ts";
import { readText } from "../scenario/files.ts";
import { fromFolder } from "../scenario/references.ts";
import { readYaml, type YamlText } from "../scenario/yaml_text.ts";
import { hasCluster, openClusterFile } from "../serving/cluster/load.ts";
import { clusterRunner } from "./cluster_cells.ts";
import { compareJob } from "./compare_grid.ts";
import type { SweepJob } from "./job.ts";
import type { RunnerSource } from "./pool.ts";
import { hierarchyRunner } from "./run_cells.ts";
import { clusterKind, runJob, runKind } from "./run_grid.ts";

/** What a grid is read with, besides its text. */
export interface GridOptions {
  /** Traces after those of the grid; paths start at the folder of the process. */
  readonly traces?: readonly string[];
  /** What replays a hierarchy. Default {@linkcode hierarchyRunner}. */
  readonly hierarchies?: RunnerSource;
}

/**
 * Reads a grid from YAML text. A grid with a `scenario` runs hierarchies or clusters; one without
 * compares policies on one tier.
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
  refuseOtherKind(yaml, "grid");
  const { traces = [], hierarchies = hierarchyRunner() } = options;
  const isMap = typeof yaml.value === "object" && yaml.value !== null;
  if (!isMap || !Object.hasOwn(yaml.value as object, "scenario")) {
    return await compareJob(yaml, traces);
  }
  const kind = await isOfClusters(yaml) ? clusterKind(clusterRunner()) : runKind(hierarchies);
  return await runJob(yaml, traces, kind, registry());
}

/** Whether the grid's first scenario has a cluster; all are of one kind, or refused later. */
async function isOfClusters({ value, file }: YamlText): Promise<boolean> {
  const { scenario } = value as { readonly scenario: unknown };
  const first: unknown = Array.isArray(scenario) ? scenario[0] : scenario;
  if (typeof first !== "string") return false;
  const { yaml } = await openClusterFile(fromFolder(file, first));
  return hasCluster(yaml);
}

/** As {@linkcode parseSweep}, from a file. */
export async function loadSweep(path: string, options: GridOptions = {}): Promise<SweepJob> {
  return await parseSweep(await readText(path, "grid"), path, options);
}
