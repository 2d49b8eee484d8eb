/**
 * A serving simulation small enough to work by hand, for examples, tests and trying out a report.
 *
 * Four requests of 64 prompt tokens on two replicas of four GPUs each, in milliseconds:
 *
 * ```
 *   arrives  loads   scheduled  first token  ends  tokens  replica  TTFT  TPOT  E2E
 *   0        –       0          30           130   11      0        30    10    130
 *   10       –       30         50           90    5       0        40    10    80
 *   20       20–28   30         60           140   9       1        40    10    120
 *   100      –       100        180          180   1       1        80    –     80
 * ```
 *
 * The second found 32 of its tokens in HBM, the third loaded 32 from host memory.
 *
 * @module
 */
import type { LinkResult, ReplicaResult, ServingResult } from "../../engine/serving_result.ts";
import type { ReplicaSpec, ServingSpec } from "../../engine/serving_spec.ts";
import { fleetByRole, type ServingContext } from "./context.ts";
import { exampleTimeline } from "./example_timeline.ts";

const MS = 1e6;
const PER_OCTAVE = 32;
const BUCKETS = 1536;

const ms = (...times: number[]) => Float64Array.from(times, (time) => time * MS);
const counts = (...values: number[]) => Uint32Array.from(values);

/** All 22 times between tokens are 10 ms. */
function intervalCounts(): Float64Array {
  const counts = new Float64Array(BUCKETS);
  counts[Math.floor(Math.log2(10 * MS) * PER_OCTAVE)] = 22;
  return counts;
}

function replicaResult(found: Partial<ReplicaResult>): ReplicaResult {
  return {
    busyNs: 0,
    steps: 0,
    promptTokens: 0,
    outputTokens: 0,
    requests: 2,
    meanHeldBlocks: 4,
    peakBlocks: 9,
    capacityBlocks: 10,
    evictions: 0,
    mostRunning: 2,
    mostWaiting: 1,
    lentBlocks: 0,
    ...found,
  };
}

function linkResult(name: string, found: Partial<LinkResult>): LinkResult {
  const none = { busyNs: 0, bytes: 0, transfers: 0, waitNs: 0, carriedBytes: 0 };
  return { name, kind: "h2d#", ...none, ...found };
}

const simulated: ServingResult = {
  events: 40,
  steps: 24,
  endNs: 180 * MS,
  finished: 4,
  refused: 0,
  unfinished: 0,
  countedFromNs: 0,
  leftOut: 0,
  notes: [],
  preemptions: 0,
  promptTokens: 256,
  cachedTokens: 32,
  peerTokens: 0,
  loadedTokens: 32,
  outputTokens: 26,
  evictions: 0,
  strandedTokens: 0,
  transferBytes: 0,
  memoryBytes: 1 << 20,
  intervals: { perOctave: PER_OCTAVE, counts: intervalCounts() },
  requests: {
    arrivalNs: ms(0, 10, 20, 100),
    loadStartNs: ms(0, 30, 20, 100),
    loadEndNs: ms(0, 30, 28, 100),
    scheduledNs: ms(0, 30, 30, 100),
    firstTokenNs: ms(30, 50, 60, 180),
    decodeStartNs: ms(30, 50, 60, 180),
    finishNs: ms(130, 90, 140, 180),
    promptTokens: counts(64, 64, 64, 64),
    cachedTokens: counts(0, 32, 0, 0),
    peerTokens: counts(0, 0, 0, 0),
    loadedTokens: counts(0, 0, 32, 0),
    outputTokens: counts(11, 5, 9, 1),
    replica: counts(0, 0, 1, 1),
    decoder: counts(0, 0, 1, 1),
    preemptions: counts(0, 0, 0, 0),
    retries: counts(0, 0, 0, 0),
    transferBlocks: counts(0, 0, 0, 0),
    state: Uint8Array.of(1, 1, 1, 1),
  },
  replicas: [
    replicaResult({ busyNs: 130 * MS, steps: 13, promptTokens: 96, outputTokens: 16 }),
    replicaResult({ busyNs: 150 * MS, steps: 11, promptTokens: 96, outputTokens: 10 }),
  ],
  links: [
    linkResult("h2d0", {}),
    linkResult("h2d1", {
      busyNs: 8 * MS,
      bytes: 4 << 20,
      transfers: 1,
      waitNs: 1 * MS,
      carriedBytes: 4 << 20,
    }),
  ],
  stores: [
    {
      name: "dram0",
      tier: 0,
      hits: 0,
      writes: 6,
      evictions: 0,
      residentBlocks: 6,
      peakBlocks: 6,
      droppedBlocks: 0,
      lostBlocks: 0,
    },
    {
      name: "dram1",
      tier: 0,
      hits: 2,
      writes: 6,
      evictions: 0,
      residentBlocks: 8,
      peakBlocks: 8,
      droppedBlocks: 0,
      lostBlocks: 0,
    },
  ],
  stepLog: [
    {
      startNs: 0,
      endNs: 30 * MS,
      replica: 0,
      steps: 1,
      tokens: 64,
      sequences: 1,
      heldBlocks: 4,
      waiting: 1,
    },
    {
      startNs: 30 * MS,
      endNs: 50 * MS,
      replica: 0,
      steps: 1,
      tokens: 33,
      sequences: 2,
      heldBlocks: 7,
      waiting: 0,
    },
    {
      startNs: 30 * MS,
      endNs: 60 * MS,
      replica: 1,
      steps: 1,
      tokens: 32,
      sequences: 1,
      heldBlocks: 4,
      waiting: 0,
    },
    {
      startNs: 50 * MS,
      endNs: 130 * MS,
      replica: 0,
      steps: 11,
      tokens: 2,
      sequences: 2,
      heldBlocks: 7,
      waiting: 0,
    },
    {
      startNs: 60 * MS,
      endNs: 100 * MS,
      replica: 1,
      steps: 4,
      tokens: 1,
      sequences: 1,
      heldBlocks: 4,
      waiting: 0,
    },
    {
      startNs: 100 * MS,
      endNs: 180 * MS,
      replica: 1,
      steps: 6,
      tokens: 65,
      sequences: 2,
      heldBlocks: 8,
      waiting: 0,
    },
  ],
};

const result: ServingResult = { ...simulated, timeline: exampleTimeline(simulated.stepLog) };

function replicaSpec(index: number): ReplicaSpec {
  return {
    role: "unified",
    node: index,
    rack: 0,
    stepModel: 0,
    blocks: 10,
    maxSequences: 8,
    tokenBudget: 2048,
    prefixCache: true,
    chunkedPrefill: true,
    stores: [index],
  };
}

const spec: ServingSpec = {
  replicas: [replicaSpec(0), replicaSpec(1)],
  stepModels: [],
  links: [0, 1].map((at) => ({
    name: `h2d${at}`,
    latencyNs: 1 * MS,
    bytesPerSecond: 600e6,
  })),
  stores: [0, 1].map((at) => ({
    name: `dram${at}`,
    tier: 0,
    blocks: 20,
    writeThrough: true,
    writeBack: false,
    linkRead: at,
    linkWrite: at,
  })),
  faults: [],
  router: "round-robin",
  routerSample: 0,
  stalenessNs: 0,
  speculativeView: false,
  blockBytes: 2 << 20,
  layers: 32,
  handover: "push",
  writeDelayNs: 1000 * MS,
  deltaTransfer: true,
  recompute: "cheaper",
  peers: "none",
  discipline: "fifo",
  jitter: { shape: 0, tailProbability: 0, tailFactor: 1 },
  closedLoop: true,
  cacheAnswers: true,
  outputTokensDefault: 1,
  seed: 42,
  stepLogRoom: 6,
  timelineColumns: 16,
};

const context: ServingContext = {
  name: "two replicas",
  model: "llama-3.1-8b",
  spec,
  fleet: fleetByRole(spec, {
    gpu: "h100-sxm",
    gpusPerReplica: 4,
    dollarsPerGpuHour: 3,
    busyWatts: 700,
    idleWatts: 100,
  }),
  slo: { ttftNs: 50 * MS, tpotNs: 20 * MS },
  trace: {
    path: "example.jsonl",
    format: "mooncake",
    requests: 4,
    blockTokens: 16,
    arrivals: "measured",
    reuse: "hashes",
    notes: [],
  },
  calibration: {
    name: "h100x4",
    source: "hand-made",
    meanError: 0.03,
    heldOutError: 0.07,
    isSameSystem: true,
  },
  hashes: {
    trace: "1".repeat(64),
    engine: "2".repeat(64),
    spec: "3".repeat(64),
    result: "4".repeat(64),
  },
};

/** The simulation of this page, with its context. */
export const EXAMPLE_SERVING: {
  readonly result: ServingResult;
  readonly context: ServingContext;
} = { result, context };
