/**
 * `kvtier ttl`: what a time to live is worth, holds and costs.
 *
 * @module
 */
import {
  type BillPlan,
  DEFAULT_PLANS,
  DEFAULT_TTLS,
  NO_CACHING,
  parseTtl,
  ttl,
  ttlCsv,
  ttlHtml,
  ttlJson,
  ttlMarkdown,
  type TtlOptions,
  ttlText,
  UsageError,
  VERSION,
} from "kvtier";
import { BLOCK_OPTIONS, blockSizeOf, positive, refused, touchOf } from "./block_size.ts";
import type { Command, Input } from "./options.ts";
import { Progress } from "./progress.ts";
import { chosenForm, deliverReport, REPORT_OPTIONS } from "./reports.ts";
import { openShown, TRACE_OPTIONS } from "./trace_options.ts";

export const ttlCommand: Command = {
  name: "ttl",
  usage: "TRACE [options]",
  summary: "Shows what any idle time to live serves, holds and costs, with and without a capacity.",
  arguments: [1, 1],
  options: [
    {
      name: "at",
      value: "60s,5m,1h",
      text: `times to live to show (default ${DEFAULT_TTLS.join(",")}); endless is always shown`,
    },
    {
      name: "capacity",
      value: "1000,5%,64GiB",
      alias: "c",
      text: "capacities of an LRU cache: blocks, share of the distinct blocks, or bytes\n" +
        "(default 1%,5%,10%,25%,50%)",
    },
    { name: "price", value: "USD", text: "dollars for a million uncached input tokens" },
    {
      name: "ttl",
      value: "5m,1h",
      text: "plans of the bill, by their time to live (default 5m,1h)",
    },
    {
      name: "write",
      value: "1.25,2",
      text: "price of a token written, for each plan, in uncached ones (default 1.25,2)",
    },
    {
      name: "read",
      value: "0.1,0.1",
      text: "price of a token read, for each plan, in uncached ones (default 0.1)",
    },
    ...BLOCK_OPTIONS,
    ...TRACE_OPTIONS,
    { name: "json", text: "write JSON (docs/schema/ttl.v1.json)" },
    { name: "curve", text: "with --json: the whole curve, too" },
    ...REPORT_OPTIONS,
  ],
  examples: [
    ["kvtier ttl trace.jsonl", "how long is it worth to keep a block?"],
    ["kvtier ttl trace.jsonl --at 5m,1h --price 3", "which of a provider's lifetimes is cheaper?"],
    [
      "kvtier ttl trace.jsonl -c 200GiB --model llama-3.1-70b",
      "is it the TTL or the capacity that is felt?",
    ],
    ["kvtier ttl trace.jsonl --ttl 10m --write 1.5 --read 0.25", "and at another provider?"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const form = chosenForm(input, "tell times to live");
  const price = positive(input, "price", "dollars for a million tokens");
  const plans = plansOf(input);
  const trace = await openShown(input.args[0], input, new Progress("bytes"));
  const { blockBytes } = await blockSizeOf(input, trace.blockTokens);
  const asked = {
    at: input.list("at"),
    capacities: input.list("capacity"),
    touch: touchOf(input),
    blockBytes,
    plans,
  };
  const options: TtlOptions = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  );
  const result = await ttl(trace, options);
  const extra = price === undefined ? {} : { pricePerMillion: price };
  await deliverReport(input, form, {
    text: (layout) => ttlText(result, { ...extra, ...layout }),
    json: () => ttlJson(result, { version: VERSION, curve: input.has("curve") }),
    csv: () => ttlCsv(result),
    markdown: (command) => ttlMarkdown(result, { ...extra, command }),
    html: (command) => ttlHtml(result, { ...extra, command }),
  });
  return 0;
}

/** Plans of the bill: lists of equal length, or one value for all. */
function plansOf(input: Input): BillPlan[] {
  const sold = DEFAULT_PLANS.filter((plan) => plan !== NO_CACHING);
  const names = input.list("ttl") ?? sold.map(({ name }) => name);
  const [write, read] = (["write", "read"] as const).map((key) => {
    const texts = input.list(key) ??
      (input.list("ttl") === undefined
        ? sold.map((plan) => String(plan[key]))
        : [String(sold[0][key])]);
    const spread = texts.length === 1 ? names.map(() => texts[0]) : texts;
    if (spread.length === names.length) return spread.map((text) => multiple(key, text));
    throw new UsageError({
      code: "usage/plans",
      message: `Cannot charge: --${key} and --ttl do not match`,
      found: `${spread.length} of one, ${names.length} of the other`,
      expected: `one value for all plans, or one for each of ${names.join(", ")}`,
    });
  });
  const plan = (name: string, index: number): BillPlan => ({
    name,
    ttlNs: refused("--ttl", () => parseTtl(name)),
    write: write[index],
    read: read[index],
  });
  return [NO_CACHING, ...names.map(plan)];
}

function multiple(key: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw new UsageError({
    code: "usage/plans",
    message: `Cannot charge: --${key} is no multiple of a price`,
    found: `"${text}"`,
    expected: "a number of 0 or more, such as 1.25",
  });
}
