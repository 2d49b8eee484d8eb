/**
 * A replay through four tiers, worked from its flows, for examples, tests and trying out a report.
 *
 * Blocks of 512 tokens of Llama 3.1 70B (327,680 bytes per token, 160 MiB a block) in exclusive
 * tiers, timed, with promotion at every hit and a cascade of demotions. Of 100,000 look-ups the
 * tiers hit 21,000, 9,000, 4,000 and 3,000. Of the hits below the fastest tier 15,500 are loaded
 * and 500 of the slowest are computed by choice; 62,000 of the 63,000 misses enter the fastest
 * tier. 2,000 blocks are prefetched. What enters pushes as much out, tier by tier:
 *
 * ```
 *         in      loaded, prefetched, computed above   held    to the next
 * hbm     80,000                                   0    768        79,232
 * dram    79,232                              10,200  3,276        65,756
 * cxl     65,756                               4,000  6,553        55,203
 * nvme    55,203                               3,800 26,214        25,189 dropped
 * ```
 *
 * @module
 */

import type {
  HierarchyResult,
  ResidencySample,
  TierResult,
} from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario, Scheme, TierScenario } from "../../scenario/hierarchy.ts";
import type { Run } from "./metric.ts";

const BLOCK_BYTES = 512 * 327_680;
const GIB = 2 ** 30;
const LOOKUPS = 100_000;
const REQUESTS = 4_000;

const NATIVE: Scheme = {
  name: "native",
  bitsPerNumber: 16,
  groupNumbers: 0,
  groupBytes: 0,
  quantiseBytesPerSecond: 0,
  dequantiseBytesPerSecond: 0,
  dequantiseNsPerBlock: 0,
};

type Device = Pick<
  TierScenario,
  "name" | "readBytesPerSecond" | "writeBytesPerSecond" | "readLatencyNs" | "dollarsPerGiBHour"
>;

function tier(device: Device, gib: number, picojoules: number): TierScenario {
  return {
    ...device,
    capacityBytes: gib * GIB,
    writeLatencyNs: device.readLatencyNs,
    concurrency: 1,
    scheme: NATIVE,
    policy: "lru",
    admission: "always",
    scope: device.name === "cxl" ? "shared" : "private",
    readPicojoulesPerByte: picojoules,
    writePicojoulesPerByte: 2 * picojoules,
  };
}

function device(name: string, gigabytes: number, latencyNs: number, price: number): Device {
  return {
    name,
    readBytesPerSecond: gigabytes * 1e9,
    writeBytesPerSecond: gigabytes * 1e9,
    readLatencyNs: latencyNs,
    dollarsPerGiBHour: price,
  };
}

const SCENARIO: HierarchyScenario = {
  name: "four tiers under four H100",
  description: "Is flash below CXL worth its money?",
  bytesPerToken: 327_680,
  blockTokens: 512,
  tiers: [
    tier(device("hbm", 13_400, 600, 0), 120, 4),
    tier(device("dram", 200, 1_000, 0.004), 512, 15),
    tier(device("cxl", 60, 2_500, 0.0025), 1024, 20),
    tier(device("nvme", 12, 80_000, 0.000_15), 4096, 60),
  ],
  containment: "exclusive",
  write: "back",
  writeHits: 1,
  promotion: { kind: "always" },
  entry: "fastest",
  demotion: "cascade",
  movement: "timed",
  recompute: "cheaper",
  prefill: { nsPerToken: 88_000, nsPerTokenSquared: 0.82 },
  prefetch: { name: "session", maxBlocks: 8 },
  pinnedDepthBlocks: 0,
  fastFloorBytes: 0,
  warmupRequests: 0,
  seed: 42,
};

/** Blocks that moved: `[cause, source, target, blocks]`; place 4 is the GPU. */
const FLOWS: readonly (readonly [number, number, number, number])[] = [
  [0, 4, 0, 62_500],
  [0, 1, 0, 9_000],
  [0, 2, 0, 4_000],
  [0, 3, 0, 2_500],
  [0, 0, 1, 77_232],
  [0, 1, 2, 64_556],
  [0, 2, 3, 54_403],
  [2, 1, 0, 1_200],
  [2, 3, 0, 800],
  [2, 0, 1, 2_000],
  [2, 1, 2, 1_200],
  [2, 2, 3, 800],
];

const HITS = [21_000, 9_000, 4_000, 3_000];
const PREFIX_HITS = [20_500, 8_400, 3_700, 2_500];
const HELD = [768, 3_276, 6_553, 26_214];
const DEMOTED_IN = [0, 79_232, 65_756, 55_203];
const EVICTED = [79_232, 65_756, 55_203, 25_189];

function matrix(): number[][][] {
  const places = Array.from({ length: 5 }, () => 0);
  const found = [0, 1, 2].map(() => places.map(() => [...places]));
  for (const [cause, source, target, blocks] of FLOWS) {
    found[cause][source][target] += blocks * BLOCK_BYTES;
  }
  return found;
}

function blocks(of: (source: number, target: number) => boolean): number {
  return FLOWS.reduce(
    (sum, [, source, target, count]) => of(source, target) ? sum + count : sum,
    0,
  );
}

function tierResult(asked: TierScenario, at: number): TierResult {
  const read = blocks((source) => source === at);
  const written = blocks((_, target) => target === at);
  // The slowest tier drops what it evicts and gives 500 blocks up that were computed above.
  const leftUnread = at === 3 ? EVICTED[3] + 500 : 0;
  const busy = (count: number, rate: number) =>
    count * (asked.readLatencyNs + Math.ceil((BLOCK_BYTES * 1e9) / rate));
  return {
    name: asked.name,
    policy: asked.policy,
    capacityBytes: asked.capacityBytes,
    usedBytes: HELD[at] * BLOCK_BYTES,
    peakBytes: HELD[at] * BLOCK_BYTES,
    residentBlocks: HELD[at],
    hits: HITS[at],
    prefixHits: PREFIX_HITS[at],
    promotedIn: at === 0 ? 18_000 : 0,
    demotedIn: DEMOTED_IN[at],
    insertedIn: at === 0 ? 62_000 : 0,
    evictions: EVICTED[at],
    dropped: at === 3 ? EVICTED[3] : 0,
    bypasses: at === 0 ? 1_000 : 0,
    bytesIn: written * BLOCK_BYTES,
    bytesOut: (read + leftUnread) * BLOCK_BYTES,
    readBusyNs: busy(read, asked.readBytesPerSecond),
    writeBusyNs: busy(written, asked.writeBytesPerSecond),
    waitNs: read * 40_000 * (at + 1) ** 3,
    transfers: read + written,
  };
}

/** Part of a whole that has passed at a step of 40, so that the parts sum to the whole. */
function passed(whole: number, step: number): number {
  return Math.round((whole * step) / 40);
}

/** Tiers fill one after another; hits start when a tier holds something. */
function sample(step: number): ResidencySample {
  const request = passed(REQUESTS, step);
  const inserted = passed(62_500, step) * BLOCK_BYTES;
  const full = HELD.map((held) => held * BLOCK_BYTES);
  const above = full.map((_, at) => full.slice(0, at).reduce((sum, bytes) => sum + bytes, 0));
  const rising = (count: number, at: number) => {
    const share = Math.max(0, (step - at * 3) / (40 - at * 3));
    return Math.round(count * share);
  };
  const before = (count: number, at: number) => {
    const share = Math.max(0, (step - 1 - at * 3) / (40 - at * 3));
    return Math.round(count * share);
  };
  return {
    request,
    timeNs: request * 900_000_000,
    usedBytes: full.map((bytes, at) => Math.max(0, Math.min(bytes, inserted - above[at]))),
    lookups: passed(LOOKUPS, step) - passed(LOOKUPS, step - 1),
    hits: HITS.map((count, at) => rising(count, at) - before(count, at)),
  };
}

/** 88 µs a token and 0.82 ns a token squared, for prompts of 12,400 tokens, 4,275 of them held. */
const LATENCY = {
  load: 54_100_000_000,
  wait: 9_200_000_000,
  compute: 3_304_000_000_000,
  dequantise: 0,
};

const RESULT: HierarchyResult = {
  scenario: SCENARIO.name,
  seed: 42,
  requests: REQUESTS,
  lookups: LOOKUPS,
  misses: 63_000,
  recomputedBlocks: 8_000,
  recomputedByChoice: 500,
  joinedBlocks: 700,
  inputTokens: 49_600_000,
  hitTokens: 17_100_000,
  tiers: SCENARIO.tiers.map(tierResult),
  trafficBytes: matrix(),
  demotedBytes: [196_191, 0, 4_000].map((count) => count * BLOCK_BYTES),
  prefetch: {
    requested: 2_000,
    useful: 1_300,
    late: 300,
    wasted: 400,
    bytes: 2_000 * BLOCK_BYTES,
  },
  latencyNs: {
    ...LATENCY,
    total: LATENCY.load + LATENCY.wait + LATENCY.dequantise + LATENCY.compute,
  },
  requestNs: {
    mean: 854_000_000,
    p50: 600_000_000,
    p90: 1_850_000_000,
    p95: 2_790_000_000,
    p99: 6_160_000_000,
    max: 17_100_000_000,
  },
  elapsedNs: 3_600_000_000_000,
  computeNsWithoutCache: 4_869_000_000_000,
  samples: Array.from({ length: 40 }, (_, step) => sample(step + 1)),
  hashes: { trace: "22".repeat(32), engine: "11".repeat(32), scenario: "33".repeat(32) },
  resultHash: "44".repeat(32),
};

/**
 * Four tiers on an hour of traffic; every counter follows from the flows of this module.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyText } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { result, scenario } = EXAMPLE_RUN;
 * assertStringIncludes(hierarchyText(result, scenario), "nvme");
 * ```
 */
export const EXAMPLE_RUN: Run = { result: RESULT, scenario: SCENARIO };
