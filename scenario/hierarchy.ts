/**
 * A memory hierarchy as a scenario describes it, in base units: bytes, bytes per second, integer
 * nanoseconds. Fastest tier first.
 *
 * @module
 */

/** How numbers are stored in a tier. The model's own precision is the scheme named `native`. */
export interface Scheme {
  /** `native`, `fp16`, `fp8`, `int8`, `int4`, `int2`. */
  readonly name: string;
  /** Bits of one number: 16, 8, 4, 2. */
  readonly bitsPerNumber: number;
  /** Numbers that share one scale and offset; 0 when there is no group overhead. */
  readonly groupNumbers: number;
  /** Bytes of scale and offset of one group. */
  readonly groupBytes: number;
  /** Bytes (of the wider form) that quantising handles per second; 0 when it costs nothing. */
  readonly quantiseBytesPerSecond: number;
  readonly dequantiseBytesPerSecond: number;
  /** Fixed time for each block that is read in this scheme, in nanoseconds. */
  readonly dequantiseNsPerBlock: number;
}

/** A model of the `learned` policy in a file. */
export interface ModelFile {
  /** Path, from the folder of the process. */
  readonly file: string;
  /** SHA-256 (hex) of its text, so that it is the same when it is used. */
  readonly hash: string;
}

/** One level of the hierarchy; 0 is fastest. */
export interface TierScenario {
  readonly name: string;
  readonly capacityBytes: number;
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  readonly readLatencyNs: number;
  readonly writeLatencyNs: number;
  /** Transfers that run side by side in the timed model, each at the full latency. 1 or more. */
  readonly concurrency: number;
  readonly scheme: Scheme;
  /** Eviction policy by name, with parameters as `s3-fifo(small=0.2)`. */
  readonly policy: string;
  /** What a `learned` tier goes by, when that is a file: LightGBM text. */
  readonly model?: ModelFile;
  /** Admitter by name: which blocks may enter this tier. */
  readonly admission: string;
  readonly scope: "private" | "shared";
  /** Price of holding, per GiB and hour; 0 when not given. */
  readonly dollarsPerGiBHour: number;
  readonly readPicojoulesPerByte: number;
  readonly writePicojoulesPerByte: number;
}

/** A block moves up when it was hit below: at every hit, never, or at its nth hit in that tier. */
export type Promotion = { readonly kind: "always" | "never" } | {
  readonly kind: "nth";
  readonly hits: number;
};

/** Time to compute tokens instead of loading them: `n` new tokens after `p` cached ones. */
export interface PrefillCost {
  /** Nanoseconds per token. */
  readonly nsPerToken: number;
  /** Nanoseconds per token squared: the attention of a token to those before it. */
  readonly nsPerTokenSquared: number;
}

/** What `kvtier run` replays. */
export interface HierarchyScenario {
  readonly name: string;
  /** What the scenario is for, in a sentence. */
  readonly description?: string;
  /** KV bytes of one token in the model's own precision. */
  readonly bytesPerToken: number;
  /** Bits of one number in that precision, so that schemes know how many numbers there are; 16. */
  readonly bitsPerNumber?: number;
  /** Tokens of a block; the trace's own when absent. */
  readonly blockTokens?: number;
  readonly tiers: readonly TierScenario[];
  /** `exclusive`: a block is in one tier; `inclusive`: lower tiers keep what upper tiers hold. */
  readonly containment: "exclusive" | "inclusive";
  /**
   * When the lower copy is made: `back` at eviction, `through` when the block enters the fastest
   * tier, `selective` at its `writeHits`th touch.
   */
  readonly write: "back" | "through" | "selective";
  readonly writeHits: number;
  readonly promotion: Promotion;
  /** Tier that a newly computed block enters. kv-hierarchy-lab puts it into the slowest. */
  readonly entry: "fastest" | "slowest";
  /** Where evicted blocks go: to the next tier that admits them, or away. */
  readonly demotion: "cascade" | "drop";
  readonly movement: "synchronous" | "timed";
  /** In which order a request touches its blocks. Default `tail-first`, as serving engines do. */
  readonly touch?: "root-first" | "tail-first";
  /**
   * When a promoted block gives up its old place: `detach`, before room is made above, so that its
   * victim may have it; `copy`, after, as where no buffer lies between. Default `detach`.
   */
  readonly exchange?: "detach" | "copy";
  /** Load a block only when that is faster than computing it. Timed movement only. */
  readonly recompute: "never" | "cheaper";
  readonly prefill: PrefillCost;
  readonly prefetch: { readonly name: string; readonly maxBlocks: number };
  /** Leading blocks of every request that are never evicted from the fastest tier; 0 for none. */
  readonly pinnedDepthBlocks: number;
  /** Bytes of the fastest tier that pins may not take: room that stays for others. */
  readonly fastFloorBytes: number;
  /**
   * The first `share` of the requests is what `learned` tiers without a file train on. It does not
   * count, whatever the policies, so that runs compare.
   */
  readonly learn?: { readonly share: number };
  /** Requests replayed before counting begins. */
  readonly warmupRequests: number;
  /** Replay only the first so many requests; all when absent. */
  readonly limitRequests?: number;
  readonly seed: number;
  /** Which measurements replaced which of the numbers above, and where they come from. */
  readonly calibration?: CalibrationRecord;
}

/** Where calibrated numbers come from. Part of the scenario, so of its hash. */
export interface CalibrationRecord {
  readonly name: string;
  /** Who or what measured, in words. */
  readonly source: string;
  /** Day of the measurement, as `2026-01-31`. */
  readonly date: string;
  /** SHA-256 (hex) of the data that the numbers were fitted on. */
  readonly dataHash: string;
  /** Key paths that were replaced, such as `tiers[1].readBandwidth`, sorted. */
  readonly replaced: readonly string[];
}
