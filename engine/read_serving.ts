/**
 * Reads what a serving simulation found out of the engine's memory.
 *
 * @module
 */
import {
  INTERVAL_BUCKETS,
  INTERVAL_BUCKETS_PER_OCTAVE,
  REPLICA_RESULT_BYTES,
  ReplicaResultField,
  SERVED_BYTES,
  ServedField,
  ServingResultField,
  STEP_LOG_BYTES,
  StepLogField,
} from "../assembly/abi_served.ts";
import { LINK_BYTES, LinkField, STORE_BYTES, StoreField } from "../assembly/abi_serving.ts";
import type { Memory } from "./memory.ts";
import type { PackedServing } from "./pack_serving.ts";
import type {
  LinkResult,
  LoggedStep,
  ReplicaResult,
  ServedRequests,
  ServingResult,
  StoreResult,
} from "./serving_result.ts";
import { servingNotes } from "./serving_notes.ts";
import { readTimeline } from "./serving_samples.ts";
import type { LinkSpec, ServingSpec } from "./serving_spec.ts";
import { unnumbered } from "./unnumbered.ts";
import type { Trace } from "../traces/trace.ts";

/** The whole result; `found` is the address that `servingResult` gave. */
export function readServing(
  memory: Memory,
  found: number,
  packed: PackedServing,
  spec: ServingSpec,
  trace: Trace,
): ServingResult {
  const { requestCount, requests: { arrivalNs: dueNs } } = trace;
  const { previous } = packed;
  const read = (field: ServingResultField) => memory.u64(found + field);
  const address = (field: ServingResultField) => memory.u32(found + field);
  const endNs = read(ServingResultField.EndNs);
  const countedFromNs = spec.warmupNs ?? 0;
  const leftOut = address(ServingResultField.LeftOut);
  const unfinished = requestCount - leftOut - read(ServingResultField.Finished) -
    read(ServingResultField.Refused);
  return {
    countedFromNs,
    leftOut,
    events: read(ServingResultField.Events),
    steps: read(ServingResultField.Steps),
    endNs,
    finished: read(ServingResultField.Finished),
    refused: read(ServingResultField.Refused),
    preemptions: read(ServingResultField.Preemptions),
    promptTokens: read(ServingResultField.PromptTokens),
    cachedTokens: read(ServingResultField.CachedTokens),
    peerTokens: read(ServingResultField.PeerTokens),
    loadedTokens: read(ServingResultField.LoadedTokens),
    outputTokens: read(ServingResultField.OutputTokens),
    evictions: read(ServingResultField.Evictions),
    strandedTokens: read(ServingResultField.StrandedTokens),
    transferBytes: read(ServingResultField.TransferBytes),
    memoryBytes: read(ServingResultField.MemoryBytes),
    intervals: {
      perOctave: INTERVAL_BUCKETS_PER_OCTAVE,
      counts: counters(memory, address(ServingResultField.Intervals), INTERVAL_BUCKETS),
    },
    requests: readRequests(memory, packed.results, requestCount),
    ...(previous === undefined || dueNs === undefined ? {} : { turns: { dueNs, previous } }),
    replicas: spec.replicas.map((_, index) =>
      readReplica(
        memory,
        address(ServingResultField.ReplicaResults) + index * REPLICA_RESULT_BYTES,
        endNs - countedFromNs,
      )
    ),
    links: spec.links.map((link, index) =>
      readLink(memory, packed.links + index * LINK_BYTES, link)
    ),
    stores: spec.stores.map(({ name, tier }, index) =>
      readStore(memory, packed.stores + index * STORE_BYTES, name, tier)
    ),
    unfinished,
    notes: servingNotes(trace, unfinished),
    stepLog: readLog(memory, packed.stepLog, address(ServingResultField.StepLogRows)),
    ...(packed.samples === 0
      ? {}
      : { timeline: readTimeline(memory, packed.samples, packed.sampleRows, spec, endNs) }),
  };
}

function counters(memory: Memory, address: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => memory.u64(address + i * 8));
}

/** All bits of the high word set: the time has not come. */
const NOT_YET = 2 ** 32 - 1;

function readRequests(memory: Memory, start: number, count: number): ServedRequests {
  const row = SERVED_BYTES / 4;
  const table = memory.words(start, count * row);
  const times = (field: ServedField) => {
    const column = new Float64Array(count);
    for (let i = 0, at = field / 4; i < count; i++, at += row) {
      column[i] = table[at + 1] === NOT_YET ? NaN : table[at] + table[at + 1] * 2 ** 32;
    }
    return column;
  };
  const words = (field: ServedField) => {
    const column = new Uint32Array(count);
    for (let i = 0, at = field / 4; i < count; i++, at += row) column[i] = table[at];
    return column;
  };
  return {
    arrivalNs: times(ServedField.ArrivalNs),
    loadStartNs: times(ServedField.LoadStartNs),
    loadEndNs: times(ServedField.LoadEndNs),
    scheduledNs: times(ServedField.ScheduledNs),
    firstTokenNs: times(ServedField.FirstTokenNs),
    decodeStartNs: times(ServedField.DecodeStartNs),
    finishNs: times(ServedField.FinishNs),
    promptTokens: words(ServedField.PromptTokens),
    cachedTokens: words(ServedField.CachedTokens),
    peerTokens: words(ServedField.PeerTokens),
    loadedTokens: words(ServedField.LoadedTokens),
    outputTokens: words(ServedField.OutputTokens),
    replica: words(ServedField.Replica),
    decoder: words(ServedField.Decoder),
    preemptions: words(ServedField.Preemptions),
    retries: words(ServedField.Retries),
    transferBlocks: words(ServedField.TransferBlocks),
    state: Uint8Array.from(words(ServedField.State)),
  };
}

function readReplica(memory: Memory, at: number, lastedNs: number): ReplicaResult {
  const read = (field: ReplicaResultField) => memory.u64(at + field);
  return {
    busyNs: read(ReplicaResultField.BusyNs),
    steps: read(ReplicaResultField.Steps),
    promptTokens: read(ReplicaResultField.PromptTokens),
    outputTokens: read(ReplicaResultField.OutputTokens),
    requests: read(ReplicaResultField.Requests),
    meanHeldBlocks: lastedNs === 0 ? 0 : memory.f64(at + ReplicaResultField.HeldNs) / lastedNs,
    peakBlocks: memory.u32(at + ReplicaResultField.Peak),
    capacityBlocks: memory.u32(at + ReplicaResultField.Capacity),
    evictions: read(ReplicaResultField.Evictions),
    mostRunning: memory.u32(at + ReplicaResultField.MostRunning),
    mostWaiting: memory.u32(at + ReplicaResultField.MostWaiting),
    lentBlocks: read(ReplicaResultField.Lent),
  };
}

function readLink(memory: Memory, at: number, { name, kind }: LinkSpec): LinkResult {
  return {
    name,
    kind: kind ?? unnumbered(name),
    busyNs: memory.u64(at + LinkField.BusyNs),
    bytes: memory.u64(at + LinkField.Bytes),
    transfers: memory.u64(at + LinkField.Transfers),
    waitNs: memory.u64(at + LinkField.WaitNs),
    carriedBytes: memory.f64(at + LinkField.Carried),
  };
}

function readStore(memory: Memory, at: number, name: string, tier: number): StoreResult {
  return {
    name,
    tier,
    hits: memory.u64(at + StoreField.Hits),
    writes: memory.u64(at + StoreField.Writes),
    evictions: memory.u64(at + StoreField.Evictions),
    residentBlocks: memory.u64(at + StoreField.Resident),
    peakBlocks: memory.u64(at + StoreField.Peak),
    droppedBlocks: memory.u64(at + StoreField.Dropped),
    lostBlocks: memory.u64(at + StoreField.Lost),
  };
}

function readLog(memory: Memory, start: number, rows: number): LoggedStep[] {
  return Array.from({ length: rows }, (_, index) => {
    const at = start + index * STEP_LOG_BYTES;
    return {
      startNs: memory.u64(at + StepLogField.StartNs),
      endNs: memory.u64(at + StepLogField.EndNs),
      replica: memory.u32(at + StepLogField.Replica),
      steps: memory.u32(at + StepLogField.Steps),
      tokens: memory.u32(at + StepLogField.Tokens),
      sequences: memory.u32(at + StepLogField.Sequences),
      heldBlocks: memory.u32(at + StepLogField.HeldBlocks),
      waiting: memory.u32(at + StepLogField.Waiting),
    };
  });
}
