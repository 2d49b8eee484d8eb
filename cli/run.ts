/**
 * `kvtier run`: a trace through a memory hierarchy, as a scenario describes it.
 *
 * @module
 */
import {
  boundText,
  hasCluster,
  hierarchyCharts,
  hierarchyCsv,
  hierarchyHtml,
  hierarchyJson,
  hierarchyMarkdown,
  type HierarchyResult,
  type HierarchyScenario,
  hierarchyText,
  loadRunScenario,
  multiTierBound,
  openClusterFile,
  registry,
  simulateLearned,
  type Trace,
  UsageError,
  VERSION,
  writeCharts,
  writeFileAtomic,
} from "kvtier";
import { simulate as simulateCluster } from "./latency.ts";
import type { Command, Input } from "./options.ts";
import { deliver, refuseNowhere, say } from "./output.ts";
import { Progress } from "./progress.ts";
import { commandLine, layoutOf } from "./reports.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

export const runCommand: Command = {
  name: "run",
  usage: "SCENARIO.yaml --trace TRACE [options]",
  summary:
    "Replays a trace through a memory hierarchy: what each tier held, served, moved and cost.",
  arguments: [1, 1],
  options: [
    { name: "trace", value: "TRACE", alias: "t", text: "the trace to replay" },
    {
      name: "preset",
      value: "smoke|dev|prod",
      text: "scale of the run, as the scenario defines it (default: as written)",
    },
    {
      name: "calibration",
      value: "NAME|FILE",
      text: "measured bandwidths, latencies and costs, with their provenance",
    },
    {
      name: "set",
      value: "PATH=VALUE",
      text: "a value that wins over the scenario's, such as tiers[1].capacity=64GiB,\n" +
        "tiers[dram].policy=arc or tiers[*].scheme=int4; may be repeated",
    },
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON (docs/schema/run.v1.json)" },
    { name: "csv", text: "write CSV, a line for each number" },
    { name: "markdown", text: "write Markdown" },
    { name: "bound", text: "also show how far the run is from a certified bound (some seconds)" },
    { name: "html", value: "FILE", text: "also write a self-contained HTML report with charts" },
    {
      name: "charts",
      value: "FOLDER",
      text: "also write each chart as SVG into a folder that exists",
    },
    { name: "png", text: "with --charts: as PNG, too" },
    {
      name: "out",
      value: "FILE",
      alias: "o",
      text: "write to a file, whole or not at all, instead of stdout",
    },
  ],
  examples: [
    [
      "kvtier run configs/scenarios/which-tier/h100_dram.yaml --trace trace.jsonl.gz",
      "what does host memory serve, and what does it cost?",
    ],
    ["kvtier run s.yaml -t trace.jsonl --preset smoke", "does it run at all?"],
    ["kvtier run s.yaml -t trace.jsonl --set 'tiers[dram].scheme=int4'", "what if DRAM held int4?"],
    ["kvtier run s.yaml -t trace.jsonl --calibration node7.yaml --html r.html", "on my machine"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  refuseNowhere(input, ["out", "html"]);
  const render = renderer(input);
  const path = input.value("trace");
  if (path === undefined) {
    throw new UsageError({
      code: "usage/no-trace",
      message: "Cannot run: there is no --trace",
      expected: `kvtier run ${runCommand.usage}`,
      mend: ["`kvtier trace --help` says which files are traces"],
    });
  }
  if (await isCluster(input.args[0])) return await runCluster(input, path);
  const scenario = await readScenario(input);
  const { limitRequests } = scenario;
  const limit = limitRequests === undefined ? {} : { limit: limitRequests };
  const trace = await openShown(path, input, new Progress("bytes"), limit);
  const result = await simulateLearned(scenario, trace);
  const html = input.value("html");
  if (html !== undefined) {
    const page = await hierarchyHtml(result, scenario, { command: commandLine() });
    await writeFileAtomic(html, new TextEncoder().encode(page));
  }
  await writeChartFiles(input, result, scenario);
  const shown = render(result, scenario);
  await deliver(input, input.has("bound") ? shown + await bound(trace, scenario, result) : shown);
  if (html !== undefined) say(`wrote ${html}`);
  return 0;
}

async function isCluster(path: string): Promise<boolean> {
  return hasCluster((await openClusterFile(path)).yaml);
}

/** A scenario with a cluster takes the way of `kvtier latency`. */
async function runCluster(input: Input, trace: string): Promise<number> {
  const alien = ["bound", "png"].find((name) => input.has(name)) ??
    (input.value("charts") === undefined ? undefined : "charts");
  if (alien === undefined) return await simulateCluster(input, input.args[0], trace);
  throw new UsageError({
    code: "usage/cluster-option",
    message: `Cannot run: --${alien} is for scenarios with tiers, and this one has a cluster`,
    mend: [`leave --${alien} out`],
  });
}

/** The text of the bound; after machine-readable output it would be noise. */
async function bound(
  trace: Trace,
  scenario: HierarchyScenario,
  result: HierarchyResult,
): Promise<string> {
  const requestNsMax = result.requestNs?.max;
  const options = requestNsMax === undefined ? {} : { requestNsMax };
  return `\n${boundText(await multiTierBound(trace, scenario, options), result)}`;
}

async function writeChartFiles(
  input: Input,
  result: HierarchyResult,
  scenario: HierarchyScenario,
): Promise<void> {
  const folder = input.value("charts");
  if (folder === undefined) return;
  const charts = await hierarchyCharts(result, scenario);
  for (const { name, bytes } of await writeCharts(charts, { png: input.has("png") })) {
    await writeFileAtomic(`${folder}/${name}`, bytes);
    say(`wrote ${folder}/${name}`);
  }
}

/** The scenario with everything that the command line says about it. */
async function readScenario(input: Input): Promise<HierarchyScenario> {
  const given = { preset: input.value("preset"), calibration: input.value("calibration") };
  return await loadRunScenario(input.args[0], {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    set: input.all("set"),
    registry: registry(),
  });
}

type Render = (result: HierarchyResult, scenario: HierarchyScenario) => string;

function renderer(input: Input): Render {
  const asked = ["json", "csv", "markdown"].filter((name) => input.has(name));
  if (asked.length > 0 && input.has("bound")) asked.push("bound");
  if (asked.length > 1) {
    throw new UsageError({
      code: "usage/two-outputs",
      message: `Cannot run: --${asked[0]} and --${asked[1]} both ask for the output`,
      mend: ["choose one; --html can be added to any"],
    });
  }
  switch (asked[0]) {
    case "json":
      return (result, scenario) => hierarchyJson(result, scenario, { version: VERSION });
    case "csv":
      return hierarchyCsv;
    case "markdown":
      return (result, scenario) => hierarchyMarkdown(result, scenario, { command: commandLine() });
    default: {
      const layout = layoutOf(input);
      return (result, scenario) => hierarchyText(result, scenario, layout);
    }
  }
}
