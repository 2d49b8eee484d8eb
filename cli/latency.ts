/**
 * `kvtier latency`: a trace through a cluster, as a scenario describes it.
 *
 * @module
 */
import {
  chromeTrace,
  type ClusterRun,
  type ClusterScenario,
  servingCsv,
  servingHtml,
  servingJson,
  servingMarkdown,
  servingRequestsCsv,
  servingText,
  servingTimelineCsv,
  simulateCluster,
  type Trace,
  UsageError,
  VERSION,
  writeFileAtomic,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { say } from "./output.ts";
import { Progress } from "./progress.ts";
import { chosenForm, deliverReport } from "./reports.ts";
import { reportable } from "./serving_context.ts";
import { openLoad, outputOptions, readCluster, SCENARIO_OPTIONS } from "./serving_options.ts";

/** As many steps as a Chrome trace has room for. */
const STEPS_LOGGED = 100_000;
/** Half of them and more are in use at the end: a point for every few pixels of a chart. */
const TIMELINE_COLUMNS = 256;

export const latencyCommand: Command = {
  name: "latency",
  usage: "TRACE --scenario SCENARIO.yaml [options]",
  summary: "Simulates a cluster on a trace: first token, each token, goodput, utilisation, cost.",
  arguments: [1, 1],
  options: [
    { name: "scenario", value: "FILE", alias: "s", text: "the cluster: a file with `cluster:`" },
    ...SCENARIO_OPTIONS,
    ...outputOptions("serving.v1.json"),
    {
      name: "requests",
      value: "FILE",
      text: "also write a line for each request (CSV), which `kvtier calibrate requests` reads",
    },
    {
      name: "chrome-trace",
      value: "FILE",
      text: "also write requests and steps for ui.perfetto.dev or chrome://tracing",
    },
    {
      name: "timeline",
      value: "FILE",
      text: "also write how busy GPUs and links were over time, as CSV",
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
  const form = chosenForm(input, "simulate");
  const scenario = await readCluster(input, path);
  const trace = await openLoad(input, tracePath);
  const stepLogRoom = input.value("chrome-trace") === undefined ? 0 : STEPS_LOGGED;
  const run = await reportable(await simulateShown(scenario, trace, stepLogRoom), trace, path);
  await deliverReport(input, form, {
    text: (layout) => servingText(run, layout),
    json: () => servingJson(run, { version: VERSION }),
    csv: () => servingCsv(run),
    markdown: (command) => servingMarkdown(run, { command }),
    html: (command) => servingHtml(run, { command }),
  });
  await writeAlso(input.value("requests"), () => servingRequestsCsv(run));
  await writeAlso(input.value("chrome-trace"), () => chromeTrace(run));
  await writeAlso(input.value("timeline"), () => servingTimelineCsv(run));
  return 0;
}

async function writeAlso(file: string | undefined, text: () => string): Promise<void> {
  if (file === undefined) return;
  await writeFileAtomic(file, new TextEncoder().encode(text()));
  say(`wrote ${file}`);
}

/** Simulates with a line of progress. */
async function simulateShown(
  scenario: ClusterScenario,
  trace: Trace,
  stepLogRoom: number,
): Promise<ClusterRun> {
  const progress = new Progress("requests");
  try {
    return await simulateCluster(scenario, trace, {
      stepLogRoom,
      timelineColumns: TIMELINE_COLUMNS,
      onProgress: (done, total) => progress.update(done, total, "simulating"),
    });
  } finally {
    progress.end();
  }
}
