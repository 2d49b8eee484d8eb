/**
 * Options of commands that simulate a cluster, and the scenario that they make.
 *
 * @module
 */
import {
  type ClusterScenario,
  findingText,
  formatCounted,
  loadClusterScenario,
  registry,
  type Setting,
  type Trace,
  TraceError,
  UsageError,
  validateTrace,
} from "kvtier";
import type { Input, Option } from "./options.ts";
import { say } from "./output.ts";
import { Progress } from "./progress.ts";
import { REPORT_OPTIONS } from "./reports.ts";
import { openShown, TRACE_OPTIONS, traceOptions } from "./trace_options.ts";

/** How the scenario is read and changed. */
export const SCENARIO_OPTIONS: readonly Option[] = [
  {
    name: "preset",
    value: "smoke|dev|prod",
    text: "scale of the run, as the scenario defines it (default: as written)",
  },
  {
    name: "calibration",
    value: "NAME|FILE",
    text: "measured efficiencies and speeds, with their provenance",
  },
  { name: "rate", value: "x2", text: "arrivals so many times as fast as in the trace" },
  {
    name: "copies",
    value: "N",
    text: "the trace so many times at once, with sessions and blocks of their own",
  },
  { name: "ratio", value: "1:3", text: "prefill to decode replicas" },
  { name: "warmup", value: "5min", text: "leave what happens in this time out of all numbers" },
  {
    name: "set",
    value: "PATH=VALUE",
    text: "a value that wins over the scenario's, such as cluster.racks=4,\n" +
      "cluster.stores[dram].capacity=1TiB or router.staleness=50ms; may be repeated",
  },
  { name: "strict", text: "refuse a trace that `kvtier trace validate --strict` refuses" },
  ...TRACE_OPTIONS,
];

/** Where the answer goes; its JSON keeps to a file of `docs/schema`. */
export function outputOptions(schema: string): Option[] {
  return [{ name: "json", text: `write JSON (docs/schema/${schema})` }, ...REPORT_OPTIONS];
}

/** The scenario with everything that the command line says about it. */
export async function readCluster(
  input: Input,
  path: string,
  more: readonly Setting[] = [],
): Promise<ClusterScenario> {
  const given = { preset: input.value("preset"), calibration: input.value("calibration") };
  return await loadClusterScenario(path, {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    set: [...shorthands(input), ...more, ...input.all("set")],
    registry: registry(),
  });
}

/** `--rate`, `--copies`, `--ratio` and `--warmup` as settings. */
function shorthands(input: Input): Setting[] {
  const settings: Setting[] = [];
  const set = (option: string, path: string, value: unknown) =>
    settings.push({ path, value, place: { file: `--${option}` } });
  const rate = input.value("rate");
  if (rate !== undefined) set("rate", "load.rate", readFactor(rate));
  const copies = input.whole("copies", 1);
  if (copies !== undefined) set("copies", "load.copies", copies);
  const ratio = input.value("ratio");
  if (ratio !== undefined) set("ratio", "cluster.disaggregation.ratio", ratio);
  const warmup = input.value("warmup");
  if (warmup !== undefined) set("warmup", "load.warmup", warmup);
  return settings;
}

/** Reads `x2`, `2x`, `0.5`. */
function readFactor(text: string): number {
  const match = /^x?(\d+(?:\.\d+)?|\.\d+)x?$/.exec(text.trim());
  const factor = Number(match?.[1]);
  if (match !== null && factor > 0) return factor;
  throw new UsageError({
    code: "usage/rate",
    message: "Cannot read --rate: it is not a factor",
    found: `"${text}"`,
    expected: "a number above 0 such as x2 or 0.5",
  });
}

/** The trace of the command, read with progress, and checked first with `--strict`. */
export async function openLoad(input: Input, path: string): Promise<Trace> {
  if (input.has("strict") && !path.startsWith("synth:") && path !== "-") {
    await refuseDoubtful(input, path, "simulate");
  }
  return await openShown(path, input, new Progress("bytes"));
}

/**
 * Refuses a trace that strict validation refuses.
 *
 * @param verb What the command does, for the sentence: `simulate`.
 */
export async function refuseDoubtful(input: Input, path: string, verb: string): Promise<void> {
  const options = { ...traceOptions(input), strict: true };
  const { isValid, findings, errorCount, warningCount } = await validateTrace(path, options);
  if (isValid) return;
  for (const finding of findings) say(findingText(finding));
  throw new TraceError({
    code: "trace/strict",
    message: `Cannot ${verb}: strict validation refuses the trace`,
    place: { file: path },
    found: `${formatCounted(errorCount, "error")} and ${formatCounted(warningCount, "warning")}`,
    mend: ["mend the trace, or leave --strict out"],
  });
}
