/**
 * What training a model of the `learned` policy found, and what the model was worth.
 *
 * @module
 */
import type { Touch } from "./result.ts";

/** Mean absolute and root mean square error. */
export interface DistanceError {
  /** In doublings: 1 means off by a factor of 2 on average. */
  readonly maeDoublings: number;
  readonly rmseDoublings: number;
}

/** One way to train that was tried on the end of the beginning. */
export interface Candidate {
  readonly horizonAccesses: number;
  /** Trees up to the best validation loss. */
  readonly trees: number;
  /** Prefix hits ÷ accesses in the validation part. */
  readonly prefixHitRatio: number;
  /** On validation rows of unseen sessions (of all, where those are too few or all alike). */
  readonly auc: number;
  readonly aucOfAge: number;
}

/** How well the model foretells, on rows that it was not trained on. */
export interface HeldOut {
  readonly rows: number;
  /** Of log2 accesses to the next use, cut at the horizon. */
  readonly distance: DistanceError;
  /** The same errors of the training mean as the only prediction. */
  readonly distanceOfMean: DistanceError;
  /** Chance that a block reused within the horizon is ranked above one that is not. */
  readonly auc: number;
  /** The same when blocks are ranked by age alone, as LRU ranks them. */
  readonly aucOfAge: number;
}

/** What training found. */
export interface LearnReport {
  readonly capacityBlocks: number;
  readonly touch: Touch;
  /** Requests learned from; the first `fitRequests` of them to fit, the rest to choose. */
  readonly learnRequests: number;
  readonly fitRequests: number;
  readonly trainRows: number;
  readonly horizonAccesses: number;
  readonly candidates: readonly Candidate[];
  /** LRU in the validation part: what a candidate has to beat by a point. */
  readonly lruPrefixHitRatio: number;
  /** Whether a candidate did; otherwise the model has no trees and `learned` is LRU. */
  readonly isModelUsed: boolean;
  /** What makes a session unseen: the trace's sessions, or blocks not seen before. */
  readonly unseenBy: "session" | "block";
  /** Rows after the beginning. */
  readonly heldOutByTime: HeldOut;
  /** Of those, rows of blocks that no session of the beginning brought. */
  readonly heldOutByTimeAndSession: HeldOut;
  /** Shares of the gain in the trees that foretell reuse, largest first. */
  readonly importance: readonly { readonly feature: string; readonly share: number }[];
}

/** A model that a `learned` tier goes by. */
export interface ModelInForce {
  /** The blocks that it was trained to keep, or that the tier holds. */
  readonly capacityBlocks: number;
  /** SHA-256 of the model as the engine walks it. */
  readonly modelHash: string;
  /** The file that it was read from; absent when it was trained here. */
  readonly file?: string;
  /** How it was trained; absent when it was read. */
  readonly report?: LearnReport;
}

/** A `learned` tier beside the same tier under LRU, on the same requests. */
export interface LearnedTier extends ModelInForce {
  /** Place in the hierarchy; 0 is fastest. */
  readonly tier: number;
  readonly name: string;
  /** Look-ups in leading runs that this tier or a faster one served. */
  readonly prefixHits: number;
  /** The same with every `learned` tier under LRU. */
  readonly lruPrefixHits: number;
}

/** The `learned` tiers of a hierarchy. */
export interface LearnedRun {
  readonly tiers: readonly LearnedTier[];
  /** One sentence: whether the models are worth their trouble. */
  readonly verdict: string;
}

/** The models of a comparison on one tier. */
export interface LearnedWindow {
  /** Requests that were learned from: a warm-up for every policy, and not counted. */
  readonly learnRequests: number;
  /** One for each capacity. */
  readonly models: readonly ModelInForce[];
}
