/**
 * Load or recompute: from which length on a cached prefix is fetched faster than it is computed.
 *
 * @module
 */
import type { PrefillCost, TierScenario } from "../scenario/hierarchy.ts";
import { bytesInScheme } from "../scenario/schemes.ts";

/** What counts of a place to load from. */
export type OffloadTier = Pick<
  TierScenario,
  "name" | "readBytesPerSecond" | "readLatencyNs" | "scheme"
>;

/** What is compared. */
export interface BreakEvenInput {
  /** Time to compute a prefix of p tokens: `nsPerToken·p + nsPerTokenSquared·p²`. */
  readonly cost: PrefillCost;
  /** KV bytes of one token in the model's own precision. */
  readonly bytesPerToken: number;
  /** Bits of one number in that precision; 16 when absent. */
  readonly bitsPerNumber?: number;
  /** Tokens of a block, for costs of each block; 16 when absent. */
  readonly blockTokens?: number;
  /** Longest prefix of interest; 1,048,576 when absent. */
  readonly tokensMax?: number;
  /** Lengths at which times are shown. */
  readonly lengths?: readonly number[];
}

/** A tier at one length of prefix. */
export interface BreakEvenLength {
  readonly tokens: number;
  readonly loadNs: number;
  readonly computeNs: number;
  /** Bytes per second at which loading takes as long; absent if latency alone takes longer. */
  readonly neededBytesPerSecond?: number;
  readonly better: "load" | "compute";
}

/** What a tier is worth as a place to load from. */
export interface BreakEven {
  readonly tier: string;
  /** Time of a load before its first token. */
  readonly latencyNs: number;
  readonly loadNsPerToken: number;
  /** Shortest prefix that is loaded at least as fast as computed; absent when none is. */
  readonly fromTokens?: number;
  /** The same from the closed form, not rounded. */
  readonly crossing?: number;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly lengths: readonly BreakEvenLength[];
}

const TOKENS_MAX = 2 ** 20;
const LENGTHS = [512, 4_096, 32_768, 131_072];

/**
 * Finds from which prefix length on a tier is worth loading from.
 *
 * Computing minus loading, `c2·p² + (c1 − r)·p − L` with r the time to read a token and L the
 * latency, is convex and starts at −L, so it changes its sign once at most: the crossing is
 * `(r − c1 + √((c1 − r)² + 4·c2·L)) ÷ 2·c2`, and bisection over whole tokens gives the length.
 *
 * @example A slow link pays only where attention has become expensive
 * ```ts
 * import { breakEven, exampleHierarchy } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const cost = { nsPerToken: 100, nsPerTokenSquared: 0.01 };
 * const [tier] = exampleHierarchy({
 *   capacityBlocks: [1],
 *   tier: { readBytesPerSecond: 1e9, readLatencyNs: 0 },
 * }).tiers;
 * // 200 bytes take 200 ns: 100·p + 0.01·p² = 200·p at 10,000 tokens.
 * assertEquals(breakEven(tier, { cost, bytesPerToken: 200 }).fromTokens, 10_000);
 * ```
 */
export function breakEven(tier: OffloadTier, input: BreakEvenInput): BreakEven {
  const { cost, tokensMax = TOKENS_MAX, lengths = LENGTHS } = input;
  const { nsPerToken: c1, nsPerTokenSquared: c2 } = cost;
  const [latencyNs, loadNsPerToken] = loadCost(tier, input);
  const load = (tokens: number) => latencyNs + loadNsPerToken * tokens;
  const compute = (tokens: number) => c1 * tokens + c2 * tokens ** 2;
  const pays = (tokens: number) => load(tokens) <= compute(tokens);
  const fromTokens = firstThat(pays, tokensMax);
  const crossing = crossingOf(c1 - loadNsPerToken, c2, latencyNs);
  return {
    tier: tier.name,
    latencyNs,
    loadNsPerToken,
    ...(fromTokens === undefined ? {} : { fromTokens }),
    ...(crossing === undefined ? {} : { crossing }),
    reason: reasonOf({ c1, c2, loadNsPerToken, fromTokens, tokensMax }),
    lengths: lengths.map((tokens): BreakEvenLength => {
      const left = compute(tokens) - latencyNs - fixedNsPerToken(tier, input) * tokens;
      const bytes = storedBytes(tier, input) * tokens;
      return {
        tokens,
        loadNs: load(tokens),
        computeNs: compute(tokens),
        ...(left > 0 ? { neededBytesPerSecond: bytes * 1e9 / left } : {}),
        better: pays(tokens) ? "load" : "compute",
      };
    }),
  };
}

/** Latency, and nanoseconds of each token: reading what is stored, then widening it. */
function loadCost(
  tier: OffloadTier,
  input: BreakEvenInput,
): [latencyNs: number, perToken: number] {
  const read = storedBytes(tier, input) * 1e9 / tier.readBytesPerSecond;
  return [tier.readLatencyNs, read + fixedNsPerToken(tier, input)];
}

function storedBytes({ scheme }: OffloadTier, input: BreakEvenInput): number {
  const { bytesPerToken, bitsPerNumber = 16, blockTokens = 16 } = input;
  return bytesInScheme(scheme, bytesPerToken * 8 / bitsPerNumber * blockTokens) / blockTokens;
}

/** What a token takes besides reading, however fast that is. */
function fixedNsPerToken({ scheme }: OffloadTier, input: BreakEvenInput): number {
  const { dequantiseBytesPerSecond, dequantiseNsPerBlock } = scheme;
  const { bytesPerToken, blockTokens = 16 } = input;
  const widening = dequantiseBytesPerSecond === 0
    ? 0
    : bytesPerToken * 1e9 / dequantiseBytesPerSecond;
  return widening + dequantiseNsPerBlock / blockTokens;
}

/** The positive root of `c2·p² + gain·p − latency`; absent when computing always wins. */
function crossingOf(gain: number, c2: number, latencyNs: number): number | undefined {
  if (c2 === 0) return gain > 0 ? latencyNs / gain : undefined;
  const root = Math.sqrt(gain ** 2 + 4 * c2 * latencyNs);
  // The usual form loses all digits when the two nearly cancel.
  return gain > 0 ? 2 * latencyNs / (gain + root) : (root - gain) / (2 * c2);
}

/** The least whole number from 1 that passes a test which stays passed. */
function firstThat(passes: (tokens: number) => boolean, most: number): number | undefined {
  if (!passes(most)) return undefined;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function reasonOf(
  { c1, c2, loadNsPerToken, fromTokens, tokensMax }: {
    readonly c1: number;
    readonly c2: number;
    readonly loadNsPerToken: number;
    readonly fromTokens: number | undefined;
    readonly tokensMax: number;
  },
): string {
  const times = `a token is read in ${micros(loadNsPerToken)} and computed in ${micros(c1)}`;
  if (fromTokens === undefined) {
    const attention = c2 === 0 ? "" : ", and attention does not make up for it";
    return `never up to ${tokensMax} tokens: ${times}${attention}`;
  }
  if (fromTokens === 1) return `always: ${times}`;
  if (loadNsPerToken < c1) return `${times}; shorter prefixes do not repay the latency`;
  return `${times}; only attention over long prefixes makes loading pay`;
}

function micros(ns: number): string {
  return `${Number((ns / 1e3).toPrecision(3))} µs`;
}
