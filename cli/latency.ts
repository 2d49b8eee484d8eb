/**
 * `kvtier latency`: a trace through a cluster, as a scenario describes it.
 *
 * @module
 */
import { type ClusterRun, simulateCluster, UsageError } from "kvtier";
import type { Command, Input } from "./options.ts";
import { deliver } from "./output.ts";
import { Progress } from "./progress.ts";
import {
  openLoad,
  OUTPUT_OPTIONS,
  outputOf,
  readCluster,
  SCENARIO_OPTIONS,
} from "./serving_options.ts";

export const latencyCommand: Command = {
  name: "latency",
  usage: "TRACE --scenario SCENARIO.yaml [options]",
  summary: "Simulates a cluster on a trace: first token, each token, goodput, utilisation, cost.",
  arguments: [1, 1],
  options: [
    { name: "scenario", value: "FILE", alias: "s", text: "the cluster: a file with `cluster:`" },
    ...SCENARIO_OPTIONS,
    ...OUTPUT_OPTIONS,
    {
      name: "chrome-trace",
      value: "FILE",
      text: "also write the steps for chrome://tracing or ui.perfetto.dev",
    },
  ],
  examples: [
    [
      "kvtier latency trace.jsonl.gz --scenario configs/scenarios/serving/colocated.yaml",
      "how long do users wait, and what does a token cost?",
    ],
    ["kvtier latency trace.jsonl.gz -s s.yaml --rate x2", "and with twice the load?"],
    ["kvtier latency trace.jsonl.gz -s s.yaml --ratio 1:3", "with prefill and decode apart?"],
    [
      "kvtier latency trace.jsonl.gz -s s.yaml --set 'cluster.stores[dram].capacity=1 TiB'",
      "is more host memory worth it?",
    ],
  ],
  run: async (input) => await simulate(input, latencyScenario(input), input.args[0]),
};

function latencyScenario(input: Input): string {
  const path = input.value("scenario");
  if (path !== undefined) return path;
  throw new UsageError({
    code: "usage/no-scenario",
    message: "Cannot run latency: there is no --scenario",
    expected: `kvtier latency ${latencyCommand.usage}`,
    mend: ["configs/scenarios/serving holds some to begin with"],
  });
}

/** Simulates and reports; `kvtier run` comes here with a scenario that has a cluster. */
export async function simulate(input: Input, path: string, tracePath: string): Promise<number> {
  outputOf(input, "latency");
  const scenario = await readCluster(input, path);
  const trace = await openLoad(input, tracePath);
  const progress = new Progress("requests");
  const run = await simulateCluster(scenario, trace, {
    onProgress: (done, total) => progress.update(done, total, "simulating"),
  });
  progress.end();
  await deliver(input, plainText(run));
  return 0;
}

function plainText({ result }: ClusterRun): string {
  const { requests } = result;
  const ttft = requests.firstTokenNs.map((ns, row) => ns - requests.arrivalNs[row]).sort();
  return `TTFT p50 ${(ttft[ttft.length >> 1] / 1e6).toFixed(1)} ms, ${result.finished} finished\n`;
}
