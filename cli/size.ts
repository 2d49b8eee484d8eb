/**
 * `kvtier size`: how much memory, and of which kind.
 *
 * @module
 */
import {
  size,
  sizeCsv,
  sizeHtml,
  sizeJson,
  sizeMarkdown,
  type SizeOptions,
  sizeText,
  VERSION,
} from "kvtier";
import { BLOCK_OPTIONS, blockSizeOf, touchOf } from "./block_size.ts";
import type { Command, Input } from "./options.ts";
import { Progress } from "./progress.ts";
import { chosenForm, deliverReport, REPORT_OPTIONS } from "./reports.ts";
import { TIER_NAMES, tiersOf } from "./size_tiers.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

export const sizeCommand: Command = {
  name: "size",
  usage: "TRACE [options]",
  summary:
    "Says how much memory serves a share of what an endless cache would, and in which tiers.",
  arguments: [1, 1],
  options: [
    { name: "target", value: "0.9|90%", text: "share of the ceiling to reach (default 0.9)" },
    {
      name: "tiers",
      value: "hbm=80GiB,dram,ssd",
      text: "tiers to mix, fastest first; those without a size get the one that is worth most:\n" +
        `${Object.keys(TIER_NAMES).join(", ")}, or the name of a file in configs/hardware`,
    },
    {
      name: "scenario",
      value: "FILE",
      alias: "s",
      text: "tiers, prices and times from a scenario of `kvtier run`; tiers with a price are mixed",
    },
    {
      name: "budget",
      value: "USD",
      text: "dollars a month for memory: what is most worth for it?",
    },
    {
      name: "gpu-price",
      value: "USD",
      text: "dollars an hour of what computes the prompts (default 3, one H100)",
    },
    {
      name: "prefill",
      value: "TIME",
      text:
        'time to compute a prompt token, such as "88us" (default: from the model\'s parameters)',
    },
    ...BLOCK_OPTIONS,
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON (docs/schema/size.v1.json)" },
    ...REPORT_OPTIONS,
  ],
  examples: [
    ["kvtier size trace.jsonl --model llama-3.1-70b", "how much memory for 90 % of the ceiling?"],
    [
      "kvtier size trace.jsonl --model llama-3.1-70b --tiers hbm=80GiB,dram,ssd",
      "and how much of which kind?",
    ],
    [
      "kvtier size trace.jsonl --model llama-3.1-70b --tiers hbm=80GiB,dram,ssd --budget 2000",
      "what are two thousand dollars a month best spent on?",
    ],
    [
      "kvtier size trace.jsonl --scenario configs/scenarios/which-tier/h100_dram.yaml --gpu-price 12",
      "are my tiers the right size?",
    ],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const form = chosenForm(input, "size");
  const trace = await openShown(input.args[0], input, new Progress("bytes"));
  const block = await blockSizeOf(input, trace.blockTokens);
  const tiers = await tiersOf(input, trace, block);
  const asked = {
    target: shareOf(input.value("target")),
    touch: touchOf(input) ?? tiers?.touch,
    blockBytes: block.blockBytes ?? tiers?.blockBytes,
    mix: tiers?.mix,
  };
  const options: SizeOptions = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  );
  const result = await size(trace, options);
  const model = input.value("model");
  const extra = {
    ...(model === undefined ? {} : { model }),
    assumptions: tiers?.assumptions ?? [],
  };
  await deliverReport(input, form, {
    text: (layout) => sizeText(result, { ...extra, ...layout }),
    json: () => sizeJson(result, { version: VERSION }),
    csv: () => sizeCsv(result),
    markdown: (command) => sizeMarkdown(result, { ...extra, command }),
    html: (command) => sizeHtml(result, { ...extra, command }),
  });
  return 0;
}

/** `0.9` or `90%`; what is none is refused where the range is known. */
function shareOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = text.trim().replace(/\s*%$/, "");
  if (number === "") return NaN;
  return number === text.trim() ? Number(number) : Number(number) / 100;
}
