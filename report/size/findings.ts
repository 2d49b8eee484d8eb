/**
 * What a sizing report says in sentences.
 *
 * @module
 */
import type { MixQuestion, MixResult, SizeResult, SizeRow } from "../../curves/size_result.ts";
import { formatBytes, formatCount, formatDollars, formatPercent, formatTimes } from "../format.ts";

/** What a report says beside the result. */
export interface SizeReportOptions {
  /** Name of the model that the bytes are of. */
  readonly model?: string;
  /** Where prices and times come from when nobody gave them, a sentence each. */
  readonly assumptions?: readonly string[];
}

/** Blocks, with bytes where they are known: `18,931 blocks = 2.40 TiB`. */
export function amount(blocks: number, blockBytes: number | undefined): string {
  const bytes = blockBytes === undefined ? "" : ` = ${formatBytes(blocks * blockBytes)}`;
  return `${formatCount(blocks)} blocks${bytes}`;
}

/** A share in percent, without a decimal where it needs none. */
export function sharePercent(share: number): string {
  return formatPercent(share).replace(/\.0$/, "");
}

/** Prefix hits as a share of all look-ups, in percent. */
export function ratioPercent(prefixHits: number, { trace }: SizeResult): string {
  return formatPercent(trace.accesses === 0 ? 0 : prefixHits / trace.accesses);
}

/** The row of the target. */
export function targetRow(result: SizeResult): SizeRow {
  return result.rows.find(({ share }) => share === result.target)!;
}

/** The answer in a sentence, then the mix, then how far LRU is from the optimum. */
export function sizeAnswer(result: SizeResult, options: SizeReportOptions = {}): string[] {
  const { trace, target, ceilingPrefixHits, blockBytes } = result;
  if (trace.reuse === "none") {
    return ["This trace does not say which blocks are alike: there is nothing to size for."];
  }
  if (ceilingPrefixHits === 0) return ["No block comes back: no memory has a hit to tell of."];
  const { capacityBlocks, optimumBlocks } = targetRow(result);
  const model = options.model === undefined ? "" : ` at ${options.model}`;
  const sentence = `${sharePercent(target)} % of the ceiling (${
    ratioPercent(ceilingPrefixHits, result)
  } %) needs ${amount(capacityBlocks, blockBytes)}${model} with LRU.`;
  const optimum = `The optimum, which reads the future, needs ${
    amount(optimumBlocks, blockBytes)
  }: LRU takes ${formatTimes(capacityBlocks / optimumBlocks)} times as much.`;
  const best = answerMix(result);
  return [sentence, ...(best === undefined ? [] : [mixSentence(best, result)]), optimum];
}

/** The mix that the question was about: that of the budget, or that of the target. */
export function answerMix({ mixes }: SizeResult): MixResult | undefined {
  const asked = mixes?.weights.budgetDollarsPerMonth === null ? "target" : "budget";
  return mixes?.mixes.find(({ question }) => question === asked);
}

function mixSentence(mix: MixResult, result: SizeResult): string {
  const parts = mix.tiers.filter(({ capacityBlocks }) => capacityBlocks > 0)
    .map(({ name, capacityBytes }) => `${formatBytes(capacityBytes)} ${name}`);
  const share = result.ceilingPrefixHits === 0 ? 0 : mix.prefixHits / result.ceilingPrefixHits;
  const why = mix.question === "budget" ? "for the money" : "with the target met";
  return `Most worth ${why}: ${parts.join(" + ")}, ${formatDollars(mix.dollarsPerMonth)} a month ` +
    `for ${formatPercent(share)} % of the ceiling, which saves ${
      formatDollars(mix.gpuDollarsPerMonth)
    } a month of GPU time.`;
}

/** What each question is called. */
export const QUESTIONS: Readonly<Record<MixQuestion, string>> = {
  "given": "as given",
  "target": "most worth, target met",
  "memory-only": "cheapest memory, target met",
  "budget": "most worth for the money",
};

/** What it does not show. */
export function sizeLimits(result: SizeResult, options: SizeReportOptions = {}): string[] {
  const { mixes } = result;
  const whole = [
    "the curve is of LRU over the whole trace as one cache: several replicas that do not share " +
    "need more",
    "blocks that running requests pin, and the allocator's waste, come on top",
    "the trace starts cold: its first uses are misses that a warm cache may not have",
    "the future: another day's trace has another curve",
  ];
  if (mixes === undefined) return whole;
  return [
    ...whole,
    "load time counts as if the GPU waited for it, and links as if nobody else used them; " +
    "`kvtier run` has queues",
    "GPU time saved is by tokens: attention, which makes late tokens dearer, is left out, and an " +
    "idle GPU saves nothing",
    "energy is of bytes moved, not of memory that is switched on",
    ...(mixes.weights.containment === "inclusive"
      ? ["inclusive tiers are taken to hear of every touch; those of `kvtier run` do not"]
      : []),
    ...overloads(result),
    ...mixes.unanswered.map((question) => `no mix is the answer to "${QUESTIONS[question]}"`),
    ...(options.assumptions ?? []),
  ];
}

/** Tiers of the answer that one device cannot keep up with. */
function overloads(result: SizeResult): string[] {
  const seconds = (result.mixes?.weights.spanNs ?? 0) / 1e9;
  return (answerMix(result)?.tiers ?? []).filter(({ writeLoad }) => writeLoad > 1)
    .map(({ name, writeLoad, writtenBytes }) =>
      `bandwidth is not among the conditions: ${name} is sent ${
        formatBytes(writtenBytes / seconds)
      } a second, ${
        formatTimes(writeLoad)
      } times what one device takes, so it needs several, or a ` +
      "filter that admits less"
    );
}
