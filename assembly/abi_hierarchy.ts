// The boundary of replays through hierarchies, declared once. AssemblyScript compiles this file;
// Deno imports it. Literals and enums only. All numbers are little-endian. `ABI_VERSION` of abi.ts
// covers this file too.

/** Most tiers of a hierarchy: a block's tiers are bits of a byte. */
export const TIERS_MAX = 8;

/** A replay through a hierarchy, as the host asks for it. Addresses are 0 for absent columns. */
export enum HierarchyField {
  Tiers = 0, // u32, 1 to TIERS_MAX
  TierRecords = 4, // u32 address of TIER_BYTES × tiers, fastest first
  Containment = 8, // u32, a Containment
  Write = 12, // u32, a WriteRule
  WriteHits = 16, // u32, touches in the fastest tier before a selective write
  Promotion = 20, // u32, hits in a tier before a block moves up; 0 for never
  Entry = 24, // u32, tier that new blocks enter
  Demotion = 28, // u32, a Demotion
  Movement = 32, // u32, a Movement
  Recompute = 36, // u32, 1 to compute what is slower to load
  Touch = 40, // u32, a TouchOrder
  Exchange = 44, // u32, an Exchange
  PinnedDepth = 48, // u32, leading blocks of a request that stay in the fastest tier
  Prefetcher = 52, // u32, index told by the registry
  PrefetchMax = 56, // u32, blocks named at a time
  Warmup = 60, // u32, requests before counting begins
  FloorBytes = 64, // u64, bytes of the fastest tier that pins may not take
  Seed = 72, // u64
  NsPerToken = 80, // f64
  NsPerTokenSquared = 88, // f64
  ArrivalNs = 96, // u32 address of f64[requests], integers that do not fall
  Session = 100, // u32 address of u32[requests]
  Step = 104, // u32 address of f64[requests], the trace's own clock for shared states
  BlockReadNs = 108, // u32 address of u32[blocks], added to each read of the block
  RequestNs = 112, // u32 address of f64[requests], out: time to the whole prompt's KV
  BlockTokens = 116, // u32
  CheckBooks = 120, // u32, 1 to check all books after every touch
  Reserved = 124, // u32, zero
  PrefetchParameters = 128, // f64[8]
}
export const HIERARCHY_BYTES = 192;

/** One tier of the hierarchy. */
export enum TierField {
  CapacityBytes = 0, // u64
  BlockBytes = 8, // u64, bytes of every block, where BlockSizes is absent
  BlockSizes = 16, // u32 address of u32[blocks], bytes of each block in this tier
  Slots = 20, // u32, most blocks that fit
  ReadBytesPerSecond = 24, // u64
  WriteBytesPerSecond = 32, // u64
  ReadLatencyNs = 40, // u64
  WriteLatencyNs = 48, // u64
  DequantiseNs = 56, // u64, for each block read
  DequantiseBytesPerSecond = 64, // u64, of the wider form; 0 when it costs nothing
  Concurrency = 72, // u32, transfers side by side in each direction
  Policy = 76, // u32, index told by the registry
  Admission = 80, // u32, index told by the registry
  Reserved = 84, // u32, zero
  PolicyParameters = 88, // f64[8]
  AdmissionParameters = 152, // f64[4]
}
export const TIER_BYTES = 184;

/** How many tiers may hold a block. */
export enum Containment {
  Exclusive = 0,
  Inclusive = 1,
}

/** When the lower copy of a block is made. Exclusive tiers write back. */
export enum WriteRule {
  Back = 0,
  Through = 1,
  Selective = 2,
}

/** Where evicted blocks go. */
export enum Demotion {
  Cascade = 0,
  Drop = 1,
}

export enum Movement {
  Synchronous = 0,
  Timed = 1,
}

/** When a promoted block gives its old place up. */
export enum Exchange {
  Detach = 0, // before room is made above: its victim may take its place
  Copy = 1, // after: there is no buffer between the two
}

/** Why bytes moved. */
export enum Cause {
  Demand = 0,
  WriteBack = 1,
  Prefetch = 2,
}
export const CAUSES_COUNT = 3;

/** What a replay through a hierarchy found. */
export enum HierarchyResultField {
  Requests = 0, // u64
  Lookups = 8, // u64
  Misses = 16, // u64
  Recomputed = 24, // u64, missed blocks that were computed before
  RecomputedByChoice = 32, // u64
  Joined = 40, // u64, missed blocks that another request was just computing
  PrefetchRequested = 48, // u64
  PrefetchUseful = 56, // u64
  PrefetchLate = 64, // u64
  PrefetchWasted = 72, // u64
  PrefetchBytes = 80, // u64
  LoadNs = 88, // u64, timed movement only
  WaitNs = 96, // u64, timed movement only
  ComputeNs = 104, // u64
  DequantiseNs = 112, // u64, timed movement only
  BlockReadNs = 120, // u64, sum of the column of that name over all reads
  HitTokens = 128, // u64, tokens covered by the leading runs
  InputTokens = 136, // u64
  Tiers = 144, // u32 address of TIER_RESULT_BYTES × tiers
  Moves = 148, // u32 address of u64[causes][tiers + 1][tiers + 1]; the last is the GPU
  Bytes = 152, // u32 address, alike: bytes that crossed, in the narrower of both forms
  WideBytes = 156, // u32 address, alike: in the wider form
}
export const HIERARCHY_RESULT_BYTES = 160;

/** What happened in one tier. All u64. */
export enum TierResultField {
  Hits = 0,
  PrefixHits = 8,
  PromotedIn = 16,
  DemotedIn = 24,
  InsertedIn = 32,
  Evictions = 40,
  Dropped = 48,
  Bypasses = 56,
  BytesIn = 64,
  BytesOut = 72,
  UsedBytes = 80,
  PeakBytes = 88,
  Resident = 96,
  ReadBusyNs = 104,
  WriteBusyNs = 112,
  WaitNs = 120,
  Transfers = 128,
  StartBytes = 136, // bytes held when counting began
  StartBlocks = 144, // blocks held then, and in no faster tier
}
export const TIER_RESULT_BYTES = 152;
