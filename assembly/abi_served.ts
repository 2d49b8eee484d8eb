// What a serving simulation finds, declared once, as in abi.ts: literals and enums only, numbers
// little-endian. `ABI_VERSION` covers this file, too.

/** What became of a request. Times are integer nanoseconds since the trace began. */
export enum ServedField {
  ArrivalNs = 0, // u64, after the turn before it ended
  LoadStartNs = 8, // u64, stored KV begins to come in
  LoadEndNs = 16, // u64
  ScheduledNs = 24, // u64, first step that works on it begins
  FirstTokenNs = 32, // u64
  DecodeStartNs = 40, // u64, the decoder has its KV; FirstTokenNs when unified
  FinishNs = 48, // u64
  PromptTokens = 56, // u32
  CachedTokens = 60, // u32, found in HBM when first scheduled
  LoadedTokens = 64, // u32, loaded from stores
  OutputTokens = 68, // u32, generated
  Replica = 72, // u32
  Decoder = 76, // u32, the same when unified
  Preemptions = 80, // u32
  Retries = 84, // u32, times routed anew after a fault
  TransferBlocks = 88, // u32, blocks sent to the decoder
  State = 92, // u32, a ServedState
  PeerTokens = 96, // u32, read from the HBM of other replicas
  Reserved = 100, // u32, zero
}
export const SERVED_BYTES = 104;

export enum ServedState {
  Waiting = 0, // not finished when the simulation stopped
  Finished = 1,
  Refused = 2, // its KV fits in no replica
}

/**
 * What happened in the whole cluster, behind the warm-up. Of requests, those count that arrive
 * then; steps, tokens of replicas, transfers and blocks count when they end or move; sums over time
 * have the part of an interval that lies behind it.
 */
export enum ServingResultField {
  Events = 0, // u64, of the warm-up, too
  Steps = 8, // u64, steps of all engines
  EndNs = 16, // u64, time of the last event
  Finished = 24, // u64, at the end: of those that count
  Refused = 32, // u64, likewise
  Preemptions = 40, // u64
  PromptTokens = 48, // u64, of finished requests
  CachedTokens = 56, // u64
  LoadedTokens = 64, // u64
  OutputTokens = 72, // u64
  Evictions = 80, // u64, blocks out of HBM
  TransferBytes = 88, // u64, from prefill to decode
  Intervals = 96, // u32 address of u64[INTERVAL_BUCKETS], times between tokens
  ReplicaResults = 100, // u32 address of REPLICA_RESULT_BYTES × replicas
  StepLogRows = 104, // u32, rows written
  LeftOut = 108, // u32, requests that arrived in the warm-up
  MemoryBytes = 112, // u64, linear memory at the end
  PeerTokens = 120, // u64, of finished requests
  StrandedTokens = 128, // u64, of prompts: in HBM behind a block that was not, when first scheduled
}
export const SERVING_RESULT_BYTES = 136;

/** Buckets of times between tokens: bucket `i` begins at 2^(i ÷ 32) nanoseconds. */
export const INTERVAL_BUCKETS = 1536;
export const INTERVAL_BUCKETS_PER_OCTAVE = 32;

/** What happened in one replica, behind the warm-up. */
export enum ReplicaResultField {
  BusyNs = 0, // u64, time in steps
  Steps = 8, // u64
  PromptTokens = 16, // u64, computed
  OutputTokens = 24, // u64
  Requests = 32, // u64, finished here
  HeldNs = 40, // f64, integral of blocks in use over time
  Peak = 48, // u32, most blocks in use or kept
  Capacity = 52, // u32
  Evictions = 56, // u64
  MostRunning = 64, // u32
  MostWaiting = 68, // u32
  Lent = 72, // u64, blocks that others read from its HBM
}
export const REPLICA_RESULT_BYTES = 80;

/** One step (or a stretch of like decode steps) of an engine, for traces of a run. */
export enum StepLogField {
  StartNs = 0, // u64
  EndNs = 8, // u64
  Replica = 16, // u32
  Steps = 20, // u32, like steps in a row
  Tokens = 24, // u32, new tokens of each
  Sequences = 28, // u32
  HeldBlocks = 32, // u32, in use when it began
  Waiting = 36, // u32, requests in the queue when it began
}
export const STEP_LOG_BYTES = 40;
