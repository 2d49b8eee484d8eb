/**
 * What a serving simulation found: columns of requests, rows of replicas, links and stores.
 *
 * @module
 */

/** One row per request. Times are integer nanoseconds since the trace began, `NaN` if never. */
export interface ServedRequests {
  /** After the turn before it ended. */
  readonly arrivalNs: Float64Array;
  readonly loadStartNs: Float64Array;
  readonly loadEndNs: Float64Array;
  readonly scheduledNs: Float64Array;
  readonly firstTokenNs: Float64Array;
  readonly decodeStartNs: Float64Array;
  readonly finishNs: Float64Array;
  readonly promptTokens: Uint32Array;
  readonly cachedTokens: Uint32Array;
  /** Read from the HBM of other replicas. */
  readonly peerTokens: Uint32Array;
  /** Loaded from stores. */
  readonly loadedTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  readonly replica: Uint32Array;
  readonly decoder: Uint32Array;
  readonly preemptions: Uint32Array;
  readonly retries: Uint32Array;
  readonly transferBlocks: Uint32Array;
  /** 1 finished, 2 refused because its KV fits in no replica, 0 neither. */
  readonly state: Uint8Array;
}

/** When the trace lets requests come that may have to wait for the turn before them. */
export interface ServedTurns {
  /** The trace's own arrivals; a request never comes before its own. */
  readonly dueNs: Float64Array;
  /** Row of the turn before this one, less than its own; 2^32 − 1 for none. */
  readonly previous: Uint32Array;
}

/** One replica at the end; of what happened behind the warm-up, as in links and stores. */
export interface ReplicaResult {
  readonly busyNs: number;
  readonly steps: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly requests: number;
  /** Mean blocks in use up to the last event, and most in use or kept. */
  readonly meanHeldBlocks: number;
  readonly peakBlocks: number;
  readonly capacityBlocks: number;
  readonly evictions: number;
  readonly mostRunning: number;
  readonly mostWaiting: number;
  /** Blocks that other replicas read from its HBM, those of reads that were lost among them. */
  readonly lentBlocks: number;
}

/** One link at the end. */
export interface LinkResult {
  readonly name: string;
  /** Links of one kind stand together in reports. */
  readonly kind: string;
  readonly busyNs: number;
  readonly bytes: number;
  readonly transfers: number;
  readonly waitNs: number;
  /**
   * Bytes that flowed, those of lost transfers too, each times the factor of its jitter: a slow
   * transfer takes a link for longer.
   */
  readonly carriedBytes: number;
}

/** One store at the end. */
export interface StoreResult {
  readonly name: string;
  readonly tier: number;
  readonly hits: number;
  readonly writes: number;
  readonly evictions: number;
  readonly residentBlocks: number;
  readonly peakBlocks: number;
  /** Blocks that were not written: the write would have waited too long, or its link broke. */
  readonly droppedBlocks: number;
  /** Blocks that it held when it broke. */
  readonly lostBlocks: number;
}

/** One step, or a stretch of like decode steps. */
export interface LoggedStep {
  readonly startNs: number;
  readonly endNs: number;
  readonly replica: number;
  readonly steps: number;
  readonly tokens: number;
  readonly sequences: number;
  /** KV blocks in use, and requests in the queue, when it began. */
  readonly heldBlocks: number;
  readonly waiting: number;
}

/** What flowed over a link, or over all links of a kind, in each column of time. */
export interface LinkTimeline {
  readonly kind: string;
  /** Indices of the links. */
  readonly links: readonly number[];
  /** As {@linkcode LinkResult.carriedBytes}, which they sum to when there was no warm-up. */
  readonly carriedBytes: Float64Array;
}

/** What the replicas of one role did in each column of time. */
export interface RoleTimeline {
  readonly role: "unified" | "prefill" | "decode";
  readonly replicas: number;
  /** Time in steps, over all of them. */
  readonly busyNs: Float64Array;
  /** Blocks in use times how long they were, over all of them. */
  readonly heldBlockNs: Float64Array;
}

/** What happened over time, in columns of one width; the first begins at time 0, warm-up or not. */
export interface Timeline {
  /** A power of two. */
  readonly columnNs: number;
  readonly links: readonly LinkTimeline[];
  readonly roles: readonly RoleTimeline[];
}

/** Times between the tokens of requests that count: bucket `i` begins at 2^(i ÷ perOctave) nanoseconds. */
export interface IntervalCounts {
  readonly perOctave: number;
  readonly counts: Float64Array;
}

/**
 * Everything that a simulation found. Counters are of what happened at `countedFromNs` or later:
 * tokens and finished requests are those of requests that arrived then, steps and transfers those
 * that ended then. Columns of requests, the log of steps and the timeline hold the warm-up, too.
 */
export interface ServingResult {
  /** When the warm-up ended; 0 without one. */
  readonly countedFromNs: number;
  /** Requests that arrived in the warm-up: served, but not counted. */
  readonly leftOut: number;
  /** Of the whole run, the warm-up included. */
  readonly events: number;
  readonly steps: number;
  readonly endNs: number;
  readonly finished: number;
  readonly refused: number;
  /** Requests that waited for ever, because what broke was not mended. */
  readonly unfinished: number;
  readonly preemptions: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly peerTokens: number;
  readonly loadedTokens: number;
  readonly outputTokens: number;
  readonly evictions: number;
  /** Prompt tokens in HBM behind a block that was not, when first scheduled: of no use. */
  readonly strandedTokens: number;
  readonly transferBytes: number;
  readonly memoryBytes: number;
  readonly intervals: IntervalCounts;
  readonly requests: ServedRequests;
  /** Present where turns wait for each other and the trace has times of its own. */
  readonly turns?: ServedTurns;
  readonly replicas: readonly ReplicaResult[];
  readonly links: readonly LinkResult[];
  readonly stores: readonly StoreResult[];
  readonly stepLog: readonly LoggedStep[];
  /** Absent when the spec asked for no columns; not part of any hash. */
  readonly timeline?: Timeline;
  /** What was taken for granted about the load, for people; not part of any hash. */
  readonly notes: readonly string[];
}

/** SHA-256 (hex) of everything that a result is a function of, and of the result. */
export interface ServingHashes {
  readonly trace: string;
  readonly engine: string;
  /** Of the cluster in base units. */
  readonly spec: string;
  readonly result: string;
}
