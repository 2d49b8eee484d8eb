/**
 * What a bound says.
 *
 * @module
 */

/** How a part of a bound was found. All are certified; the first two leave nothing to gain. */
export type BoundMethod =
  /** All blocks are worth the same: what is used furthest gives way. Exact. */
  | "furthest"
  /** A flow of least cost on the intervals between uses. Exact for blocks of equal size. */
  | "flow"
  /** Layers of worth, each as if it were alone. */
  | "layers"
  /** Prices of room in each stretch of time. */
  | "prices";

/** The share of the fastest tiers, taken together as one cache. */
export interface BoundPart {
  /** How many of the fastest tiers. */
  readonly tiers: number;
  /** Their room: in blocks, or in bytes where blocks differ in size. */
  readonly capacityUnits: number;
  /** What holding blocks in these tiers saves at most, beyond what one tier further down does. */
  readonly boundNs: number;
  readonly method: BoundMethod;
}

/** The most that can be saved, and what surely can. */
export interface SavingBound {
  /** No covered policy saves more, in nanoseconds. */
  readonly boundNs: number;
  /**
   * What a schedule saves that knows the future and moves blocks down for nothing: the best lies
   * between this and the bound.
   */
  readonly feasibleNs: number;
  /** Their sum is the bound, or more where the bound on GPU time is lower. */
  readonly parts: readonly BoundPart[];
}

/** A certified bound on what any policy can save in a hierarchy. */
export interface BoundResult {
  readonly label: "bound";
  readonly scenario: string;
  /** Latency saved: computing avoided, less the least that loading instead costs. */
  readonly latency: SavingBound;
  /** GPU time saved: computing avoided. */
  readonly gpu: SavingBound;
  /** Time to compute all counted prompts whole: what is saved is taken from this. */
  readonly computeNsWithoutCache: number;
  /** Look-ups of blocks that were used before: all that any cache could find. */
  readonly reusedBlocks: number;
  /** Items that the trace was packed into. */
  readonly items: number;
  /** What the bound rests on in this scenario, a sentence each. */
  readonly conditions: readonly string[];
  readonly hashes: { readonly trace: string; readonly scenario: string };
}

/** How far a replay stayed below a bound. */
export interface BoundGap {
  /** What the replay saved against no cache; negative where loading cost more than it saved. */
  readonly savedNs: number;
  /** Bound less saved. */
  readonly gapNs: number;
  /** Saved by bound; 1 where there was nothing to save. */
  readonly ratio: number;
}
