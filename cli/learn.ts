/**
 * `kvtier learn`: is a learned policy worth its trouble on this traffic?
 *
 * @module
 */
import {
  compareLearned,
  formatCount,
  formatCounted,
  formatPercent,
  type HeldOut,
  type LearnedComparison,
  parseCapacity,
  type Trace,
  UsageError,
  VERSION,
  writeFileAtomic,
  writeLightgbmText,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { deliver, say } from "./output.ts";
import { Progress } from "./progress.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

export const learnCommand: Command = {
  name: "learn",
  usage: "TRACE [options]",
  summary:
    "Trains an eviction model on the start of a trace and tries it on the rest: is LRU enough?",
  arguments: [1, 1],
  options: [
    {
      name: "capacity",
      value: "1000|5%",
      alias: "c",
      text: "the tier that the model serves: blocks, or share of the distinct ones (default 5%)",
    },
    { name: "share", value: "PERCENT", text: "part of the requests to learn from (default 30)" },
    { name: "save", value: "FILE", text: "write the model as LightGBM text" },
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON" },
    { name: "out", value: "FILE", alias: "o", text: "write to a file instead of stdout" },
  ],
  examples: [
    ["kvtier learn trace.jsonl", "does learning beat LRU on requests it has not seen?"],
    ["kvtier learn trace.jsonl -c 10% --share 50", "with more to learn from, in a larger tier"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const trace = await openShown(input.args[0], input, new Progress("bytes"));
  const share = (input.whole("share", 1) ?? 30) / 100;
  const learnt = await compareLearned(trace, {
    capacityBlocks: capacityBlocks(input.value("capacity") ?? "5%", trace),
    learnShare: share,
  });
  const save = input.value("save");
  if (save !== undefined) {
    await writeFileAtomic(save, new TextEncoder().encode(writeLightgbmText(learnt.model.forest)));
    say(`wrote ${save}`);
  }
  await deliver(input, input.has("json") ? json(trace, learnt) : text(learnt));
  return 0;
}

function capacityBlocks(asked: string, trace: Trace): number {
  const capacity = (() => {
    try {
      return parseCapacity(asked);
    } catch (error) {
      throw new UsageError(
        {
          code: "usage/capacity",
          message: `Cannot learn: ${(error as Error).message}`,
        },
        [],
        { cause: error },
      );
    }
  })();
  if (capacity.kind === "blocks") return capacity.blocks;
  if (capacity.kind === "share") {
    return Math.max(1, Math.floor(capacity.share * trace.uniqueBlocks));
  }
  throw new UsageError({
    code: "usage/capacity",
    message: "Cannot learn: the capacity is in bytes",
    found: asked,
    expected: "blocks, or a share of the distinct blocks",
  });
}

function json(trace: Trace, { report, learned, lru, optimal, verdict }: LearnedComparison): string {
  const content = { trace: { path: trace.path, hash: trace.hash }, verdict, report };
  const document = {
    command: "learn",
    version: VERSION,
    schema: 1,
    ...content,
    learned,
    lru,
    optimal,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function text({ report, learned, lru, optimal, verdict }: LearnedComparison): string {
  const row = (name: string, hits: number) =>
    `  ${name.padEnd(18)}${formatPercent(hits / learned.accesses).padStart(6)} %\n`;
  const features = report.importance.slice(0, 6)
    .map(({ feature, share }) => `${feature} ${formatPercent(share)} %`).join(", ");
  return [
    `${verdict}\n\n`,
    `Prefix hits on the ${formatCounted(learned.requests, "request")} after the `,
    `${formatCount(report.learnRequests)} that were learned from, in a tier of `,
    `${formatCounted(report.capacityBlocks, "block")}:\n\n`,
    row("learned", learned.prefixHits),
    row("lru", lru.prefixHits),
    row("at most (bound)", optimal.hits),
    `\nHeld out by time:             ${heldOut(report.heldOutByTime)}\n`,
    `Held out by time and ${report.unseenBy.padEnd(7)}: ${
      heldOut(report.heldOutByTimeAndSession)
    }\n`,
    `Gain by feature:              ${features}\n\n`,
    "What this does not show: other capacities, later traffic that changes (a model that passes every\n",
    "check on the past can still lose), or what scoring costs a server. `docs/learned.md` has losses.\n",
  ].join("");
}

function heldOut({ rows, auc, aucOfAge }: HeldOut): string {
  return `AUC ${auc.toFixed(2)} (age alone ${aucOfAge.toFixed(2)}) on ${
    formatCounted(rows, "row")
  }`;
}
