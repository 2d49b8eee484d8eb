/**
 * What a TTL report says in sentences.
 *
 * @module
 */
import type { PlanBill } from "../../curves/bill_result.ts";
import type { TtlResult, TtlRow } from "../../curves/ttl_result.ts";
import { formatCount, formatDollars, formatDuration, formatPercent, NO_BREAK } from "../format.ts";

/** A time to live for people: `60 s`, `5 min`, `endless`. */
export function ttlName(ttlNs: number): string {
  if (ttlNs === Infinity) return "endless";
  const [unit, size] = ttlNs >= 3600e9 && ttlNs % 3600e9 === 0
    ? ["h", 3600e9]
    : ttlNs >= 120e9 && ttlNs % 60e9 === 0
    ? ["min", 60e9]
    : ttlNs >= 1e9 && ttlNs % 1e9 === 0
    ? ["s", 1e9]
    : ["ms", 1e6];
  return `${formatCount(ttlNs / size)}${NO_BREAK}${unit}`;
}

/** The hits of a row as a share of all look-ups. */
export function hitPercent(hits: number, result: TtlResult): string {
  return formatPercent(result.trace.accesses === 0 ? 0 : hits / result.trace.accesses);
}

/** Share of the ceiling at which a time to live is called enough. */
const ENOUGH = 0.9;

/** The answer: what the ceiling is, which TTL is near it, which plan is cheapest. */
export function ttlAnswer(result: TtlResult, pricePerMillion?: number): string[] {
  const { rows, trace } = result;
  const endless = rows[rows.length - 1];
  if (trace.reuse === "none") {
    return ["This trace does not say which blocks are alike: no TTL has a hit to tell of."];
  }
  const enough = rows.find(({ prefixHits }) => prefixHits >= ENOUGH * endless.prefixHits) ??
    endless;
  const held = enough.residentBlocksMean === null
    ? ""
    : ` and holds ${formatCount(enough.residentBlocksMean)} blocks on average, ${
      formatCount(enough.residentBlocksPeak)
    } at most`;
  return [
    `An endless cache serves ${hitPercent(endless.prefixHits, result)} % of the look-ups; a TTL ` +
    `of ${ttlName(enough.ttlNs)} serves ${hitPercent(enough.prefixHits, result)} %${held}.`,
    billSentence(result, pricePerMillion),
  ];
}

function billSentence({ bill, inputTokens }: TtlResult, price: number | undefined): string {
  const cheapest = bill.plans.find(({ name }) => name === bill.cheapest)!;
  const cost = relative(cheapest, inputTokens);
  const dollars = price === undefined ? "" : `, ${formatDollars(cheapest.cost * price / 1e6)}`;
  return cheapest.ttlNs === 0
    ? "At a provider that charges for writing, no plan is cheaper than no caching here."
    : `At a provider the cheapest plan is ${cheapest.name}: ${
      formatPercent(cost)
    } % of the price ` +
      `without caching${dollars}.`;
}

/** A charge as a share of the charge without caching. */
export function relative({ cost }: Pick<PlanBill, "cost">, inputTokens: number): number {
  return inputTokens === 0 ? 1 : cost / inputTokens;
}

/** How a row's blocks are written, with bytes where they are known. */
export function ageText(ns: number | null): string {
  return ns === null ? "–" : formatDuration(ns);
}

/** What it does not show. */
export function ttlLimits(result: TtlResult): string[] {
  return [
    "arrivals are as recorded: a user who waits less for a hit comes back sooner, and that is not " +
    "modelled",
    "a block is fresh from the arrival of its request, not from the end of its answer",
    "what was never asked again within the trace counts as never asked again",
    "the bill writes every token that it does not read: no least length, no limit on breakpoints, " +
    "no output tokens, no thinned-out writing",
    "which plan is best for a request depends on what comes after it: mixing by request is not " +
    "knowable, and mixing by session only afterwards",
    ...(result.bill.splits.length === 0
      ? ["the trace has neither sessions nor tenants, so the bill is of the whole"]
      : ["a session's own best plan counts what others wrote as if they had that plan, too"]),
    ...(result.rows.some(hasMeanless) ? ["no time passes in this trace: no mean over it"] : []),
  ];
}

const hasMeanless = ({ residentBlocksMean }: TtlRow) => residentBlocksMean === null;
