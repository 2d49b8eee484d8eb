/**
 * `kvtier curve`: hits over all capacities.
 *
 * @module
 */
import {
  curveCsv,
  curveHtml,
  curveJson,
  curveMarkdown,
  type CurveOptions,
  type CurveResult,
  curveText,
  DEFAULT_CURVES,
  SAMPLES,
  type Trace,
  traceCurves,
  UsageError,
  VERSION,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { parallelReplays } from "./parallel_replays.ts";
import { Progress } from "./progress.ts";
import { askedSize, bytesOfBlock, REPLAY_OPTIONS, touchOrder } from "./replay_options.ts";
import { chosenForm, deliverReport, REPORT_OPTIONS } from "./reports.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

export const curveCommand: Command = {
  name: "curve",
  usage: "TRACE [options]",
  summary: "Shows hits over all capacities at once: LRU and the optimum exactly, others replayed.",
  arguments: [1, 1],
  options: [
    {
      name: "policy",
      value: "a,b|all",
      alias: "p",
      text: `policies as compare takes them (default ${DEFAULT_CURVES.join(",")})`,
    },
    {
      name: "at",
      value: "1000,5%,64GiB",
      text: "only these capacities: blocks, share of the distinct blocks, or bytes",
    },
    {
      name: "by",
      value: "KEY",
      text: "also LRU's curve of each part: tenant, turn, kind, session-length, window\n" +
        "or window=12 (spans of arrival time); one cache serves all parts",
    },
    {
      name: "sample",
      value: "1/N",
      text: "LRU from samples of one block in N, with an error, for traces too large to fold",
    },
    { name: "samples", value: "N", text: `independent samples (default ${SAMPLES})` },
    {
      name: "replays",
      value: "N",
      text: "most replays for the optimum's curve (default by the size of the trace);\n" +
        "with too few it says how far off it may be",
    },
    ...REPLAY_OPTIONS,
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON (docs/schema/curve.v1.json)" },
    ...REPORT_OPTIONS,
  ],
  examples: [
    ["kvtier curve trace.jsonl", "how much memory for which hit ratio?"],
    ["kvtier curve trace.jsonl --at 1000,5% -p lru,s3-fifo,optimal", "at two capacities"],
    ["kvtier curve trace.jsonl --model llama-3.1-70b --html curve.html", "in bytes, with charts"],
    ["kvtier curve trace.jsonl --by window=12", "does it drift?"],
    ["kvtier curve trace.jsonl --csv -o curve.csv", "every point, for another program"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const form = chosenForm(input, "draw curves");
  const options = curveOptions(input);
  const size = askedSize(input, "draw curves");
  const trace = await openShown(input.args[0], input, new Progress("bytes"));
  const blockBytes = await bytesOfBlock(trace, size, "draw curves");
  const result = await curvesShown(
    trace,
    blockBytes === undefined ? options : {
      ...options,
      blockBytes,
    },
  );
  await deliverReport(input, form, {
    text: (layout) => curveText(result, layout),
    json: () => curveJson(result, { version: VERSION }),
    csv: () => curveCsv(result),
    markdown: (command) => curveMarkdown(result, { command }),
    html: (command) => curveHtml(result, { command, version: VERSION }),
  });
  return 0;
}

function curveOptions(input: Input): CurveOptions {
  const given = {
    policies: input.list("policy"),
    at: input.list("at"),
    by: input.value("by"),
    touch: touchOrder(input.value("touch"), "draw curves"),
    seed: input.whole("seed", 0),
    replaysMax: input.whole("replays", 1),
    sample: sampling(input),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Reads `--sample 1/64`. */
function sampling(input: Input): CurveOptions["sample"] {
  const text = input.value("sample");
  const samples = input.whole("samples", 2) ?? SAMPLES;
  if (text === undefined && input.value("samples") === undefined) return undefined;
  const oneIn = Number(/^1\/([1-9]\d{0,8})$/.exec(text ?? "")?.[1]);
  if (oneIn >= 1) return { oneIn, samples };
  throw new UsageError({
    code: "usage/sample",
    message: "Cannot draw curves: --sample is not a part of the blocks",
    found: text === undefined ? "--samples without --sample" : `"${text}"`,
    expected: '1/N with a whole N, such as "1/64"',
  });
}

async function curvesShown(trace: Trace, options: CurveOptions): Promise<CurveResult> {
  const progress = new Progress("replays");
  try {
    return await traceCurves(trace, {
      ...options,
      replayAll: parallelReplays(trace, options.touch ?? "tail-first", options.seed ?? 42),
      onProgress: (done, total, run) => progress.update(done, total, run),
    });
  } finally {
    progress.end();
  }
}
