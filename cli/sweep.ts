/**
 * `kvtier sweep`: every combination of a grid over all processors, and what came of it.
 *
 * @module
 */
import {
  didYouMean,
  FileError,
  formatCounted,
  metricConfidence,
  registry,
  runsHtml,
  runsOfSummaries,
  UsageError,
  writeFileAtomic,
} from "kvtier";
import { cellsCsv, cellsJson, cellsParquet, sweepCsv, sweepJson } from "../sweep/export.ts";
import { loadSweep } from "../sweep/grid.ts";
import { mergeSweeps } from "../sweep/merge.ts";
import { readSweep, type SweepResults } from "../sweep/results.ts";
import { parseShard, type Shard, shardFromEnvironment, WHOLE } from "../sweep/shard.ts";
import {
  summarizeSweep,
  type Summary,
  type SummaryOptions,
  usualMetrics,
} from "../sweep/summary.ts";
import { sweepText } from "../sweep/summary_text.ts";
import { sweep, type SweepOutcome } from "../sweep/sweep.ts";
import type { Command, Input } from "./options.ts";
import { print, refuseNowhere, say } from "./output.ts";
import { Progress } from "./progress.ts";
import { commandLine } from "./reports.ts";

export const sweepCommand: Command = {
  name: "sweep",
  usage: "GRID.yaml | merge DIR… | show DIR [options]",
  summary: "Runs every combination of a grid, and shows means over seeds with intervals.",
  arguments: [1, 10_000],
  options: [
    {
      name: "out",
      value: "DIR",
      alias: "o",
      text: "folder of the results (default: the grid's name with .sweep)",
    },
    { name: "workers", value: "N", text: "threads (default: one for each processor; 0 for none)" },
    { name: "resume", text: "go on where an earlier run stopped" },
    { name: "trace", value: "FILE,…", text: "traces besides those of the grid" },
    {
      name: "shard",
      value: "i/n",
      text: "run part i of n, counted from 1, into a folder of its own in DIR;\n" +
        "SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX choose it too",
    },
    { name: "shards", value: "N", text: "number of parts, where the batch system does not say it" },
    { name: "whole", text: "run everything, whatever the batch system says" },
    {
      name: "metric",
      value: "a,b",
      text: "metrics to show (default prefixHitRatio; of clusters ttftNsMean,tpotNsMean)",
    },
    { name: "by", value: "KEY", text: "key whose values compete (default: the policy)" },
    { name: "cells", text: "show the cells instead of means over seeds; with --csv or --json" },
    { name: "json", text: "write JSON (docs/schema/sweep.v1.json)" },
    { name: "csv", text: "write CSV" },
    { name: "parquet", value: "FILE", text: "also write all cells to a Parquet file" },
    { name: "html", value: "FILE", text: "also write a self-contained HTML report with charts" },
  ],
  examples: [
    ["kvtier sweep grid.yaml --out out/grid", "every combination, on all processors"],
    ["kvtier sweep grid.yaml --out out/grid --resume", "the rest, after an interrupt"],
    ["kvtier sweep grid.yaml --out out/grid --shard 2/8", "one part, on one of eight machines"],
    ["kvtier sweep merge out/grid", "the parts in out/grid put together"],
    ["kvtier sweep show out/grid --metric blockHitRatio", "what came of it"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  checkOutputs(input);
  refuseNowhere(input, ["html", "parquet"]);
  const [first, ...rest] = input.args;
  if (first === "merge") return await merge(input, rest);
  if (first === "show") return await show(input, onlyOne(rest, "show DIR"));
  return await runGrid(input, onlyOne(input.args, "GRID.yaml"));
}

function onlyOne(args: readonly string[], usage: string): string {
  if (args.length === 1) return args[0];
  const hint = didYouMean(args[0] ?? "", ["show", "merge"]);
  throw new UsageError({
    code: "usage/arguments",
    message: args.length === 0
      ? "Cannot run sweep: an argument is missing"
      : `Cannot run sweep: "${args[1]}" is one argument too many`,
    expected: `kvtier sweep ${usage}`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier sweep --help` shows examples"],
  });
}

function checkOutputs(input: Input): void {
  const asked = ["json", "csv"].filter((name) => input.has(name));
  if (asked.length < 2 && (asked.length === 1 || !input.has("cells"))) return;
  throw new UsageError({
    code: "usage/outputs",
    message: asked.length === 2
      ? "Cannot run sweep: --json and --csv both ask for the output"
      : "Cannot run sweep: --cells needs --csv or --json",
    mend: [asked.length === 2 ? "choose one" : "add one of them, or leave --cells out"],
  });
}

async function runGrid(input: Input, grid: string): Promise<number> {
  const out = input.value("out") ?? `${grid.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "")}.sweep`;
  const shard = chooseShard(input);
  const workers = input.whole("workers", 0);
  const job = await loadSweep(grid, { traces: input.list("trace") ?? [] });
  const progress = new Progress("cells");
  const stop = new Interrupt();
  let stored = 0;
  try {
    const outcome = await sweep(job, {
      out,
      shard,
      resume: input.has("resume"),
      ...(workers === undefined ? {} : { workers }),
      signal: stop.signal,
      onProgress: (done, total, kept) => {
        stored = done;
        progress.update(done - kept, total - kept, `${done} of ${total}`);
      },
    });
    progress.end();
    sayDone(outcome, shard);
    if (shard.of === 1) await write(input, outcome.folder);
    return 0;
  } catch (error) {
    progress.end();
    if (!stop.signal.aborted) throw error;
    say(`stopped: ${formatCounted(stored, "cell")} stored in ${out}; --resume goes on from there`);
    return stop.exitCode;
  } finally {
    stop.end();
  }
}

function sayDone({ folder, cells, kept, resultHash }: SweepOutcome, { number, of }: Shard): void {
  const part = of === 1 ? "" : `shard ${number}/${of}: `;
  const before = kept === 0 ? "" : ` (${kept} were there)`;
  say(`${part}${formatCounted(cells, "cell")} in ${folder}${before}, result ${resultHash}`);
}

function chooseShard(input: Input): Shard {
  const text = input.value("shard");
  if (input.has("whole")) return WHOLE;
  if (text !== undefined) return parseShard(text);
  const read = (name: string) => Deno.env.get(name);
  return shardFromEnvironment(read, input.whole("shards", 1)) ?? WHOLE;
}

/** Hears the first interrupt; the second one ends the process as ever. */
class Interrupt {
  private readonly controller = new AbortController();
  private readonly listeners: [Deno.Signal, () => void][] = [];
  /** As a shell has it: 128 and the number of the signal. */
  exitCode = 130;

  constructor() {
    const signals: [Deno.Signal, number][] = [["SIGINT", 130], ["SIGTERM", 143]];
    for (const [name, code] of signals) {
      if (Deno.build.os === "windows" && name !== "SIGINT") continue;
      const listener = () => {
        this.exitCode = code;
        this.end();
        this.controller.abort();
      };
      Deno.addSignalListener(name, listener);
      this.listeners.push([name, listener]);
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    for (const [name, listener] of this.listeners.splice(0)) {
      Deno.removeSignalListener(name, listener);
    }
  }
}

async function merge(input: Input, folders: readonly string[]): Promise<number> {
  const out = input.value("out") ?? (folders.length === 1 ? folders[0] : undefined);
  if (folders.length === 0 || out === undefined) {
    throw new UsageError({
      code: "usage/arguments",
      message: folders.length === 0
        ? "Cannot run sweep: an argument is missing"
        : "Cannot merge: nothing says where the whole goes",
      expected: "kvtier sweep merge DIR, or kvtier sweep merge DIR… --out DIR",
    });
  }
  sayDone(await mergeSweeps(folders, out), WHOLE);
  await write(input, out);
  return 0;
}

async function show(input: Input, folder: string): Promise<number> {
  await write(input, folder);
  return 0;
}

async function write(input: Input, folder: string): Promise<void> {
  const results = await readSweep(folder);
  const file = input.value("parquet");
  if (file !== undefined) {
    await writeFileAtomic(file, await parquet(results));
    say(`wrote ${file}`);
  }
  if (input.has("cells")) {
    return print(
      input.has("csv") ? cellsCsv(results, metricConfidence) : cellsJson(results, metricConfidence),
    );
  }
  const summaries = summariesOf(input, results);
  const html = input.value("html");
  if (html !== undefined) {
    const page = await runsHtml(runsOfSummaries(summaries), { command: commandLine() });
    await writeFileAtomic(html, new TextEncoder().encode(page));
    say(`wrote ${html}`);
  }
  if (input.has("csv")) print(sweepCsv(summaries, metricConfidence));
  else if (input.has("json")) print(sweepJson(results, summaries, metricConfidence));
  else print(sweepText(results, summaries, metricConfidence));
}

async function parquet(results: SweepResults): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await cellsParquet(results, metricConfidence);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new FileError(
      {
        code: "sweep/no-parquet",
        message: `Cannot write Parquet: its writer cannot be loaded: ${error.message}`,
        mend: ["connect once, so that npm:hyparquet-writer is fetched, or use --cells --csv"],
      },
      [],
      { cause: error },
    );
  }
}

/** Each metric by trace, then over all traces when there are several. */
function summariesOf(input: Input, results: SweepResults): Summary[] {
  const oracles = registry().policies.filter(({ oracle }) => oracle).map(({ name }) => name);
  const by = input.value("by");
  const common: SummaryOptions = { oracles, ...(by === undefined ? {} : { by }) };
  const usual = usualMetrics(results);
  const metrics = input.list("metric") ?? (usual.length > 0 ? usual : [undefined]);
  const several = results.manifest.inputs.length > 1;
  return metrics.flatMap((metric) => {
    const options = metric === undefined ? common : { ...common, metric };
    return [false, ...(several ? [true] : [])].map((pooled) =>
      summarizeSweep(results, { ...options, pooled })
    );
  });
}
