/**
 * `kvtier ceiling`: what no cache can exceed, and where the hits below it are lost.
 *
 * @module
 */
import {
  ceilingCsv,
  ceilingJson,
  ceilingMarkdown,
  type CeilingOptions,
  type CeilingResult,
  ceilingText,
  DEFAULT_CEILING_CAPACITIES,
  type Trace,
  traceCeiling,
  VERSION,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { parallelReplays } from "./parallel_replays.ts";
import { Progress } from "./progress.ts";
import { askedSize, bytesOfBlock, REPLAY_OPTIONS, touchOrder } from "./replay_options.ts";
import { chosenForm, deliverReport, TEXT_OPTIONS } from "./reports.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

const ACTION = "find the ceiling";

export const ceilingCommand: Command = {
  name: "ceiling",
  usage: "TRACE [options]",
  summary: "Shows what no cache can exceed, and whether blocks, policy or nothing would help.",
  arguments: [1, 1],
  options: [
    {
      name: "capacity",
      value: "1000,5%,64GiB",
      alias: "c",
      text: `blocks, share of the distinct blocks, or bytes (default ${
        DEFAULT_CEILING_CAPACITIES.join(",")
      })`,
    },
    {
      name: "policy",
      value: "a,b|all",
      alias: "p",
      text: "online policies to choose the best of (default all); LRU is always among them",
    },
    ...REPLAY_OPTIONS,
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON (docs/schema/ceiling.v1.json)" },
    ...TEXT_OPTIONS,
  ],
  examples: [
    ["kvtier ceiling trace.jsonl", "is a better policy worth it, or more memory?"],
    ["kvtier ceiling trace.jsonl -c 64GiB,1TB --model llama-3.1-70b", "at the sizes at hand"],
    ["kvtier ceiling trace.jsonl -p arc,s3-fifo,gdsf", "the best of three, and sooner"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const form = chosenForm(input, ACTION);
  const given = {
    policies: input.list("policy"),
    capacities: input.list("capacity"),
    touch: touchOrder(input.value("touch"), ACTION),
    seed: input.whole("seed", 0),
  };
  const size = askedSize(input, ACTION);
  const trace = await openShown(input.args[0], input, new Progress("bytes"));
  const blockBytes = await bytesOfBlock(trace, size, ACTION);
  const options: CeilingOptions = Object.fromEntries(
    Object.entries({ ...given, blockBytes }).filter(([, value]) => value !== undefined),
  );
  const result = await ceilingShown(trace, options);
  await deliverReport(input, form, {
    text: (layout) => ceilingText(result, layout),
    json: () => ceilingJson(result, { version: VERSION }),
    csv: () => ceilingCsv(result),
    markdown: (command) => ceilingMarkdown(result, { command }),
  });
  return 0;
}

async function ceilingShown(trace: Trace, options: CeilingOptions): Promise<CeilingResult> {
  const progress = new Progress("replays");
  try {
    return await traceCeiling(trace, {
      ...options,
      replayAll: parallelReplays(trace, options.touch ?? "tail-first", options.seed ?? 42),
      onProgress: (done, total, run) => progress.update(done, total, run),
    });
  } finally {
    progress.end();
  }
}
