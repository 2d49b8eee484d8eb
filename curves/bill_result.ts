/**
 * A bill of prompt caching, in multiples of the price of an uncached input token.
 *
 * @module
 */

/** How a provider charges for prompts. */
export interface BillPlan {
  readonly name: string;
  /** Idle time after which a cached prefix is gone; a read renews it at no charge. */
  readonly ttlNs: number;
  /** Price of a token that is not read from the cache, as a multiple of an uncached one. */
  readonly write: number;
  /** Price of a token that is read from the cache, as a multiple of an uncached one. */
  readonly read: number;
}

/** What a plan charges for a trace. */
export interface PlanBill extends BillPlan {
  readonly readTokens: number;
  readonly writtenTokens: number;
  /** The charge as a number of uncached input tokens. */
  readonly cost: number;
}

/** Totals of one tenant or session. */
export interface GroupBill {
  readonly name: string;
  readonly requests: number;
  readonly inputTokens: number;
  /** Charge under each plan, in the order of the plans. */
  readonly costs: readonly number[];
  /** Name of the plan with the lowest charge. */
  readonly cheapest: string;
}

/** The bill split by a column of the trace. */
export interface BillSplit {
  readonly by: "tenant" | "session";
  readonly groups: number;
  /** How many groups each plan is cheapest for, in the order of the plans. */
  readonly cheapestFor: readonly number[];
  /** Charge if each group had its cheapest plan, which is known only afterwards. */
  readonly mixedCost: number;
  /** The groups with the most prompt tokens, largest first. */
  readonly largest: readonly GroupBill[];
}

/** Plans side by side. */
export interface Bill {
  readonly plans: readonly PlanBill[];
  /** Name of the plan with the lowest charge. */
  readonly cheapest: string;
  /** One entry for each of the columns that the trace has. */
  readonly splits: readonly BillSplit[];
}
