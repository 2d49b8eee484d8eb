/**
 * The README's table of what caches are worth to a cluster, from real simulations.
 *
 * @module
 */
import { reportable } from "../cli/serving_context.ts";
import {
  loadClusterScenario,
  openTrace,
  servingConfidence,
  servingMetric,
  type ServingRun,
  simulateCluster,
  type Trace,
} from "../mod.ts";
import { formatMetric } from "../report/metric_text.ts";

/** A cluster of the table: what stands before it, its scenario, and what differs from that. */
interface Row {
  readonly label: string;
  readonly scenario: string;
  readonly set?: readonly string[];
}

const late = "router.staleness=500 ms";

const ROWS: readonly Row[] = [
  { label: "round-robin", scenario: "colocated", set: ["router.name=round-robin"] },
  {
    label: "llm-d, fresh view",
    scenario: "colocated",
    set: ["router.name=llm-d", "router.staleness=0 s"],
  },
  { label: "llm-d, view 500 ms old", scenario: "colocated", set: ["router.name=llm-d", late] },
  { label: "kvtier-ms, view 500 ms old", scenario: "colocated", set: [late] },
  {
    label: "… and 7 TB SSD a node, remote store",
    scenario: "offload",
    set: [late, "cluster.stores[dram].capacityFactor=0"],
  },
  { label: "… and 512 GiB DRAM a node", scenario: "offload", set: [late] },
  {
    label: "… and 2 TiB DRAM a node",
    scenario: "offload",
    set: [late, "cluster.stores[dram].capacityFactor=4"],
  },
];

/** Arrivals at one and a half times the trace's rate: the fleet has something to do. */
const LOAD = "load.rate=1.5";

const METRICS = [
  "ttftNsMean",
  "ttftNsP99",
  "tpotNsMean",
  "goodputRequestsPerSecond",
  "dollarsPerMillionOutputTokens",
] as const;

/** Head and rows of the table. */
export async function servingRows(): Promise<string[][]> {
  const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
  const head = ["32 H100", ...METRICS.map((name) => servingMetric(name).label), "confidence"];
  const rows = ROWS.map(async (row) => [row.label, ...cells(await simulate(row, trace))]);
  return [head, ...await Promise.all(rows)];
}

async function simulate({ scenario, set = [] }: Row, trace: Trace): Promise<ServingRun> {
  const path = `configs/scenarios/serving/${scenario}.yaml`;
  const run = await simulateCluster(
    await loadClusterScenario(path, { set: [LOAD, ...set] }),
    trace,
  );
  return await reportable(run, trace, path);
}

/** Values, and the least confidence of them. */
function cells(run: ServingRun): string[] {
  const values = METRICS.map((name) => {
    const metric = servingMetric(name);
    return formatMetric(metric, metric.value(run));
  });
  const levels = METRICS.map((name) => servingConfidence(run, servingMetric(name)).level);
  const least = (["low", "medium", "high"] as const).find((level) => levels.includes(level));
  return [...values, least!];
}
