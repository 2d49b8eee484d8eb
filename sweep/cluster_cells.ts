/**
 * Cells of clusters: a scenario on a trace.
 *
 * @module
 */
import type { ClusterScenario } from "../serving/cluster/scenario.ts";
import { simulateCluster } from "../serving/cluster/simulate.ts";
import { clusterMetrics } from "./cluster_metrics.ts";
import type { RunnerSource } from "./pool.ts";
import type { RunnerFactory } from "./runner.ts";

/** Makes the runner of `cluster` cells. */
export const createRunner: RunnerFactory = (module) => async (spec, trace) => {
  const scenario = spec as unknown as ClusterScenario;
  return clusterMetrics(await simulateCluster(scenario, trace, { module }));
};

/** What simulates a cluster, for grids whose scenarios have one. */
export function clusterRunner(): RunnerSource {
  return { specifier: new URL("./cluster_cells.ts", import.meta.url).href, createRunner };
}
