/**
 * `kvtier compare`: policies × capacities on a trace, each beside the exact optimum.
 *
 * @module
 */
import {
  compare,
  type CompareOptions,
  compareWithLearned,
  type Comparison,
  comparisonCsv,
  comparisonHtml,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  DEFAULT_CAPACITIES,
  DEFAULT_POLICIES,
  loadScenario,
  type Scenario,
  ScenarioError,
  type Trace,
  UsageError,
  VERSION,
  writeFileAtomic,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { deliver, say } from "./output.ts";
import { Progress } from "./progress.ts";
import { askedSize, bytesOfBlock, REPLAY_OPTIONS, touchOrder } from "./replay_options.ts";
import { chosenForm, commandLine, layoutOf, REPORT_OPTIONS } from "./reports.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

export const compareCommand: Command = {
  name: "compare",
  usage: "TRACE… [options]",
  summary: "Replays traces under eviction policies and shows how far each is from the optimum.",
  arguments: [1, 1000],
  options: [
    {
      name: "policy",
      value: "a,b|all",
      alias: "p",
      text: `policies, with parameters as "s3-fifo(small=0.2;ghost=0.5)"; all takes every one,\n` +
        `variants the papers' rules (default ${DEFAULT_POLICIES.join(",")})`,
    },
    {
      name: "capacity",
      value: "1000,5%,64GiB",
      alias: "c",
      text: `blocks, share of the distinct blocks, or bytes (default ${
        DEFAULT_CAPACITIES.join(",")
      })`,
    },
    {
      name: "admit",
      value: "NAME",
      text: "admission filter: `kvtier policies` lists them (default always)",
    },
    {
      name: "learn",
      text:
        "add the policy learned: models are trained on the start of the trace, and every policy\n" +
        "is counted on the rest; -p learned does the same",
    },
    {
      name: "share",
      value: "PERCENT",
      text: "with --learn: part of the requests to learn from (default 30)",
    },
    ...REPLAY_OPTIONS,
    {
      name: "scenario",
      value: "FILE",
      alias: "s",
      text: "YAML with any of the above; options on the line win",
    },
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON (docs/schema/compare.v1.json); an array for several traces" },
    ...REPORT_OPTIONS,
  ],
  examples: [
    ["kvtier compare trace.jsonl", "which policy, how much memory, how far from the optimum?"],
    ["kvtier compare trace.jsonl -p lru,arc -c 200GiB,1TB --model llama-3.1-70b", "in bytes"],
    ["kvtier compare trace.jsonl -p all --html report.html", "everything, with charts"],
    ["kvtier compare trace.jsonl --learn -c 5%,10%", "does learning beat them, on later requests?"],
    ["kvtier compare trace.jsonl --touch root-first --csv", "comparable with libCacheSim"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const render = renderer(input);
  const scenario = await readScenario(input);
  const comparisons: Comparison[] = [];
  for (const path of input.args) {
    const progress = new Progress("bytes");
    const limit = scenario.limit === undefined ? {} : { limit: scenario.limit };
    const trace = await openShown(path, input, progress, limit);
    comparisons.push(
      await placed(input, compareShown(trace, scenario, learnShare(input, scenario))),
    );
  }
  const html = input.value("html");
  if (html !== undefined) await writeHtml(html, comparisons);
  await deliver(input, render(comparisons));
  if (html !== undefined) say(`wrote ${html}`);
  return 0;
}

/** A name that the engine does not know is the file's fault, if the file said it. */
async function placed(input: Input, comparing: Promise<Comparison>): Promise<Comparison> {
  try {
    return await comparing;
  } catch (error) {
    const file = input.value("scenario");
    if (!(error instanceof UsageError) || file === undefined) throw error;
    const [problem] = error.problems;
    const asked = ["policy", "capacity", "admit"].some((name) => input.value(name) !== undefined);
    if (asked) throw error;
    throw new ScenarioError({ ...problem, place: { file, ...problem.place } }, [], {
      cause: error,
    });
  }
}

/** The scenario file, if any, under the options of the command line. */
async function readScenario(input: Input): Promise<Scenario> {
  const file = input.value("scenario");
  const base = file === undefined ? {} : await loadScenario(file);
  const given = {
    policies: input.list("policy"),
    capacities: input.list("capacity"),
    touch: touchOrder(input.value("touch"), "compare"),
    admission: input.value("admit"),
    seed: input.whole("seed", 0),
    ...askedSize(input, "compare"),
  };
  const sized = given.model !== undefined || given.blockBytes !== undefined;
  const { model: _model, blockBytes: _blockBytes, ...unsized } = base;
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...(sized ? unsized : base), ...Object.fromEntries(set) };
}

/** The share to learn from; undefined when nobody asks for `learned`. */
function learnShare(input: Input, { policies = [] }: Scenario): number | undefined {
  const isAsked = input.has("learn") || policies.some((each) => each.trim() === "learned");
  const percent = input.whole("share", 1);
  if (percent !== undefined && (!isAsked || percent > 99)) {
    throw new UsageError({
      code: "usage/share",
      message: isAsked
        ? "Cannot compare: --share leaves no request to count"
        : "Cannot compare: --share says what to learn from, and no policy learns",
      found: `--share ${percent}`,
      expected: isAsked ? "1 to 99 per cent" : "--share beside --learn",
      mend: [isAsked ? "30 is usual" : "add --learn, or leave --share out"],
    });
  }
  return isAsked ? (percent ?? 30) / 100 : undefined;
}

async function compareShown(
  trace: Trace,
  scenario: Scenario,
  learnShare: number | undefined,
): Promise<Comparison> {
  const blockBytes = await bytesOfBlock(trace, scenario, "compare");
  const progress = new Progress("accesses");
  const { policies, capacities, touch, admission, seed } = scenario;
  const asked = { policies, capacities, touch, admission, seed, blockBytes };
  const options: CompareOptions = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  );
  try {
    const shown: CompareOptions = {
      ...options,
      onProgress: (done, total, run) => progress.update(done, total, run),
    };
    return learnShare === undefined
      ? await compare(trace, shown)
      : await compareWithLearned(trace, { ...shown, learnShare });
  } finally {
    progress.end();
  }
}

function renderer(input: Input): (comparisons: readonly Comparison[]) => string {
  const form = chosenForm(input, "compare");
  const command = commandLine();
  switch (form) {
    case "json":
      return (all) => jsonText(all.map((each) => comparisonJson(each, { version: VERSION })));
    case "csv":
      return (all) => all.map((each, i) => withoutHead(comparisonCsv(each), i > 0)).join("");
    case "markdown":
      return (all) => all.map((each) => comparisonMarkdown(each, { command })).join("\n");
    default: {
      const layout = layoutOf(input);
      return (all) => all.map((each) => comparisonText(each, layout)).join("\n");
    }
  }
}

function jsonText(documents: readonly string[]): string {
  if (documents.length === 1) return documents[0];
  return `[\n${documents.map((document) => document.trimEnd()).join(",\n")}\n]\n`;
}

function withoutHead(csv: string, follows: boolean): string {
  return follows ? csv.slice(csv.indexOf("\n") + 1) : csv;
}

async function writeHtml(file: string, comparisons: readonly Comparison[]): Promise<void> {
  if (comparisons.length > 1) {
    throw new UsageError({
      code: "usage/html-traces",
      message: "Cannot write --html: a report shows one trace, and several were given",
      mend: ["run the command once for each trace"],
    });
  }
  const html = await comparisonHtml(comparisons[0], { command: commandLine() });
  await writeFileAtomic(file, new TextEncoder().encode(html));
}
