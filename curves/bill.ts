/**
 * What prompt caching costs at a provider: writes at a premium, reads at a discount, by tokens.
 *
 * A request reads its leading run of live blocks and writes the rest of its prompt. Reading renews
 * what was read, writing renews the rest, so every block of a prompt is as fresh as its last touch.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";
import type { Bill, BillPlan, BillSplit, GroupBill, PlanBill } from "./bill_result.ts";
import type { ReuseAges } from "./ttl_ages.ts";

const MINUTE_NS = 60e9;

/** No caching: every token at the plain price. */
export const NO_CACHING: BillPlan = { name: "none", ttlNs: 0, write: 1, read: 1 };

/**
 * The two lifetimes that Anthropic sells (multiples as published, read November 2026), beside none.
 */
export const DEFAULT_PLANS: readonly BillPlan[] = [
  NO_CACHING,
  { name: "5m", ttlNs: 5 * MINUTE_NS, write: 1.25, read: 0.1 },
  { name: "1h", ttlNs: 60 * MINUTE_NS, write: 2, read: 0.1 },
];

/** Groups that a split names; the others count in its totals only. */
const LARGEST = 10;

/** Prompt tokens of each request that the leading run of live blocks covers. */
export function tokensWithin(trace: Trace, ages: ReuseAges, ttlNs: number): Float64Array {
  const { runs, peakAgeNs } = ages;
  const tokens = new Float64Array(trace.requestCount);
  for (let row = 0; row < runs.count; row++) {
    if (peakAgeNs[row] === Infinity || peakAgeNs[row] > ttlNs) continue;
    tokens[runs.request[row]] += runs.blockCount[row] * trace.blockTokens;
  }
  const { inputTokens } = trace.requests;
  return tokens.map((covered, request) => Math.min(covered, inputTokens[request]));
}

/**
 * Charges a trace under each plan.
 *
 * @param plans At least one; of equal charges the first is the cheapest.
 */
export function billOf(
  trace: Trace,
  ages: ReuseAges,
  plans: readonly BillPlan[] = DEFAULT_PLANS,
): Bill {
  const { inputTokens, tenant, session } = trace.requests;
  const charges: Float64Array[] = [];
  const bills = plans.map((plan): PlanBill => {
    const read = plan.read === plan.write
      ? new Float64Array(trace.requestCount)
      : tokensWithin(trace, ages, plan.ttlNs);
    charges.push(
      read.map((tokens, r) => tokens * plan.read + (inputTokens[r] - tokens) * plan.write),
    );
    const readTokens = read.reduce((sum, tokens) => sum + tokens, 0);
    const writtenTokens = inputTokens.reduce((sum, tokens) => sum + tokens, 0) - readTokens;
    const cost = readTokens * plan.read + writtenTokens * plan.write;
    return { ...plan, readTokens, writtenTokens, cost };
  });
  const split = (by: BillSplit["by"], column: Uint32Array | undefined) =>
    column === undefined ? [] : [splitBy(by, column, inputTokens, charges, plans)];
  return {
    plans: bills,
    cheapest: plans[leastOf(bills.map(({ cost }) => cost))].name,
    splits: [...split("tenant", tenant), ...split("session", session)],
  };
}

function splitBy(
  by: BillSplit["by"],
  column: Uint32Array,
  inputTokens: Uint32Array,
  charges: readonly Float64Array[],
  plans: readonly BillPlan[],
): BillSplit {
  const count = column.reduce((most, group) => Math.max(most, group + 1), 0);
  const sum = (values: ArrayLike<number> | undefined) => {
    const totals = new Float64Array(count);
    column.forEach((group, request) => totals[group] += values?.[request] ?? 1);
    return totals;
  };
  const [requests, tokens] = [sum(undefined), sum(inputTokens)];
  const costs = charges.map(sum);
  const cheapest = Array.from(tokens, (_, group) => leastOf(costs.map((each) => each[group])));
  const name = (group: number): GroupBill => ({
    name: `${by} ${group}`,
    requests: requests[group],
    inputTokens: tokens[group],
    costs: costs.map((each) => each[group]),
    cheapest: plans[cheapest[group]].name,
  });
  const order = Array.from(tokens.keys()).sort((a, b) => tokens[b] - tokens[a] || a - b);
  return {
    by,
    groups: count,
    cheapestFor: plans.map((_, plan) => cheapest.filter((each) => each === plan).length),
    mixedCost: cheapest.reduce((total, plan, group) => total + costs[plan][group], 0),
    largest: order.slice(0, LARGEST).map(name),
  };
}

/** Index of the smallest value, the first of equals. */
function leastOf(values: readonly number[]): number {
  return values.reduce((least, value, index) => value < values[least] ? index : least, 0);
}
