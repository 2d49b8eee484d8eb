/**
 * `kvtier route`: routers side by side on one trace and fleet, with views of several ages.
 *
 * @module
 */
import {
  type ClusterLoad,
  clusterLoad,
  type ClusterScenario,
  type ComparedRun,
  parseDuration,
  registry,
  serveLoad,
  servingComparisonCsv,
  servingComparisonHtml,
  servingComparisonJson,
  servingComparisonMarkdown,
  servingComparisonText,
  type Setting,
  type Trace,
  UsageError,
  VERSION,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { Progress } from "./progress.ts";
import { chosenForm, deliverReport } from "./reports.ts";
import { reportable } from "./serving_context.ts";
import { openLoad, outputOptions, readCluster, SCENARIO_OPTIONS } from "./serving_options.ts";

/** The fleet when no scenario is given. */
const USUAL = "configs/scenarios/serving/routers.yaml";

export const routeCommand: Command = {
  name: "route",
  usage: "TRACE --routers all|a,b [--scenario SCENARIO.yaml | --nodes N] [options]",
  summary: "Compares routers on a trace: who sends each request where, seeing how old a view.",
  arguments: [1, 1],
  options: [
    { name: "routers", value: "a,b", text: "routers to compare; `all` (the default) takes each" },
    {
      name: "staleness",
      value: "0,50ms,…",
      text: "ages of what the router sees of replicas and caches (default: the scenario's)",
    },
    {
      name: "scenario",
      value: "FILE",
      alias: "s",
      text:
        "the cluster: a file with `cluster:`\n(default: configs/scenarios/serving/routers.yaml)",
    },
    { name: "nodes", value: "N", text: "nodes of the fleet, in one rack" },
    ...SCENARIO_OPTIONS,
    ...outputOptions("route.v1.json"),
  ],
  examples: [
    [
      "kvtier route trace.jsonl.gz --nodes 2 --routers round-robin,session,kvtier-ms",
      "is a cache-aware router worth it?",
    ],
    [
      "kvtier route trace.jsonl.gz --routers all --staleness 0,50ms,500ms,5s",
      "and when it sees the fleet late?",
    ],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const form = chosenForm(input, "route");
  const path = input.value("scenario") ?? USUAL;
  const scenario = await readCluster(
    input,
    input.value("scenario") ?? decodeURIComponent(new URL(`../${USUAL}`, import.meta.url).pathname),
    fleetSettings(input),
  );
  const routers = routersOf(input);
  const ages = agesOf(input, scenario);
  const trace = await openLoad(input, input.args[0]);
  const load = await clusterLoad(scenario, trace);
  const rows: ComparedRun[] = [];
  const runs = routers.length * ages.length;
  const progress = new Progress("requests");
  for (const router of routers) {
    for (const stalenessNs of ages) {
      const label = `${router}, view ${ageText(stalenessNs)}`;
      const show = (part: number, total: number) =>
        progress.update(rows.length * total + part, runs * total, label);
      const seen = { ...scenario, router: { ...scenario.router, name: router, stalenessNs } };
      const run = await served(seen, load, trace, path, show);
      rows.push({ varied: { router, view: ageText(stalenessNs) }, run });
    }
  }
  progress.end();
  const comparison = { runs: rows, by: "router", metrics: METRICS };
  await deliverReport(input, form, {
    text: (layout) => servingComparisonText(comparison, layout),
    json: () => servingComparisonJson(comparison, { version: VERSION }),
    csv: () => servingComparisonCsv(comparison),
    markdown: (command) => servingComparisonMarkdown(comparison, { command }),
    html: (command) => servingComparisonHtml(comparison, { command, title: "Routers" }),
  });
  return 0;
}

/** What routers are compared by, the one that ranks first. */
const METRICS = [
  "ttftNsMean",
  "ttftNsP99",
  "tpotNsMean",
  "sloRatio",
  "cachedTokenRatio",
  "requestSkew",
  "e2eNsMean",
  "loadedTokenRatio",
  "peerTokenRatio",
];

function ageText(ns: number): string {
  if (ns === 0) return "fresh";
  return ns % 1e9 === 0 ? `${ns / 1e9} s old` : `${ns / 1e6} ms old`;
}

async function served(
  scenario: ClusterScenario,
  load: ClusterLoad,
  trace: Trace,
  path: string,
  onProgress: (done: number, total: number) => void,
) {
  return await reportable(serveLoad(scenario, load, { onProgress }), trace, path);
}

function fleetSettings(input: Input): Setting[] {
  const nodes = input.whole("nodes", 1);
  if (nodes === undefined) return [];
  const place = { file: "--nodes" };
  return [
    { path: "cluster.racks", value: 1, place },
    { path: "cluster.nodesPerRack", value: nodes, place },
  ];
}

/** The routers to compare, each checked against the registry. */
function routersOf(input: Input): string[] {
  const asked = input.list("routers") ?? ["all"];
  const known = registry();
  const names = asked.flatMap((name) =>
    name === "all" ? known.routers.map((entry) => entry.name) : [known.router(name).label]
  );
  return [...new Set(names)];
}

function agesOf(input: Input, scenario: ClusterScenario): number[] {
  const asked = input.list("staleness");
  if (asked === undefined) return [scenario.router.stalenessNs];
  return [...new Set(asked.map((text) => text === "0" ? 0 : readAge(text)))];
}

function readAge(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new UsageError(
      { code: "usage/staleness", message: `Cannot route: --staleness ${(error as Error).message}` },
      [],
      { cause: error },
    );
  }
}
