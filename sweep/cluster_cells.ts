/**
 * Cells of clusters: a scenario on a trace.
 *
 * @module
 */
import type { ClusterScenario } from "../serving/cluster/scenario.ts";
import { simulateCluster } from "../serving/cluster/simulate.ts";
import { clusterEvidence } from "../serving/evidence/cluster_evidence.ts";
import { clusterMetrics } from "./cluster_metrics.ts";
import type { RunnerSource } from "./pool.ts";
import type { RunnerFactory } from "./runner.ts";

/** Makes the runner of `cluster` cells. */
export const createRunner: RunnerFactory = (module) => async (spec, trace) => {
  const scenario = spec as unknown as ClusterScenario;
  const run = await simulateCluster(scenario, trace, { module });
  const { calibration, ...rest } = clusterEvidence(run, trace);
  if (calibration === undefined) return { ...clusterMetrics(run), evidence: rest };
  // Parts of a fit are of the scenario, not of a cell.
  const { fits: _, ...judged } = calibration;
  return { ...clusterMetrics(run), evidence: { ...rest, calibration: judged } };
};

/** What simulates a cluster, for grids whose scenarios have one. */
export function clusterRunner(): RunnerSource {
  return { specifier: new URL("./cluster_cells.ts", import.meta.url).href, createRunner };
}
