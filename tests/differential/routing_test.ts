/**
 * Routers against published figures: Mooncake's FAST'25 paper (figure 10, read off its vector
 * paths) and what stale views did to time-to-first-token in another simulator.
 *
 * Measured here (prompt-token hit ratio in %, conversation / synthetic):
 *
 * ```
 * 10 nodes × 3 M tokens: round-robin 10.7 / 17.4, ttft-greedy 31.8 / 62.9; paper 16.9 / 26.4
 * one pool of 30 M:      36.6 / 64.8; paper 37.5 / 62.2
 * ```
 */
import { assert, assertAlmostEquals } from "@std/assert";
import {
  openTrace,
  serveTrace,
  type ServingResult,
  type ServingSpec,
  singleEngine,
  type Trace,
} from "kvtier";
import { STEP_MODEL } from "../support/routing.ts";

async function load(name: string): Promise<Trace> {
  const file = new URL(`../data/${name}_trace.jsonl.gz`, import.meta.url);
  return await openTrace(decodeURIComponent(file.pathname));
}

/** Only prompts, as the paper's prefill nodes see them. */
function promptsOnly(trace: Trace): Trace {
  const outputTokens = new Uint32Array(trace.requestCount).fill(1);
  return { ...trace, requests: { ...trace.requests, outputTokens } };
}

const traces = { conversation: await load("conversation"), synthetic: await load("synthetic") };

/** LLaMA3-70B on 8 A800, from the paper's figure 14: so much a token, and a pair of tokens. */
const TOKEN_NS = 1.15e5;
const PAIR_NS = 1.41;
const KV_BYTES = 320 * 1024;
const LOAD_BYTES_PER_SECOND = 124e9;
const NODE_BLOCKS = Math.floor(3e6 / 512);

const nothing = { ...STEP_MODEL, stepNs: 0, sequenceNs: 0, contextNs: 0 };
const LOCAL: ServingSpec = {
  ...singleEngine(
    { ...nothing, tokenNs: TOKEN_NS, pairNs: PAIR_NS },
    { blocks: NODE_BLOCKS, maxSequences: 64, tokenBudget: 8192 },
    10,
  ),
  blockBytes: 512 * KV_BYTES,
  closedLoop: false,
};

/** HBM for the prompts at work; all else in one pool that every node reads at PCIe speed. */
const link = (bytesPerSecond: number) => ({ name: "link", latencyNs: 0, bytesPerSecond });
const GLOBAL: ServingSpec = {
  ...LOCAL,
  recompute: "load",
  links: [...LOCAL.replicas.map(() => link(LOAD_BYTES_PER_SECOND)), link(1e14)],
  stores: [{
    name: "pool",
    tier: 0,
    blocks: 10 * NODE_BLOCKS,
    writeThrough: true,
    writeBack: false,
    linkRead: 10,
    linkWrite: 10,
  }],
  replicas: LOCAL.replicas.map((one, i) => ({ ...one, blocks: 800, stores: [0], linkIn: i })),
};

const hitRatio = (result: ServingResult) =>
  (result.cachedTokens + result.loadedTokens) / result.promptTokens;

/** Mean GPU seconds of a prompt: what was computed, and what was loaded. */
function prefillSeconds({ requests }: ServingResult): number {
  const sum = requests.promptTokens.reduce((sum, tokens, r) => {
    const held = requests.cachedTokens[r] + requests.loadedTokens[r];
    const pairs = (tokens * tokens - held * held) / 2;
    return sum + (TOKEN_NS * (tokens - held) + PAIR_NS * pairs) / 1e9 +
      held * KV_BYTES / LOAD_BYTES_PER_SECOND;
  }, 0);
  return sum / requests.promptTokens.length;
}

const FIGURE_10 = [
  { name: "conversation", local: 0.1691, global: 0.3748, globalSeconds: 1.0505 },
  { name: "synthetic", local: 0.2639, global: 0.6219, globalSeconds: 0.7828 },
] as const;

for (const { name, local, global, globalSeconds } of FIGURE_10) {
  const trace = promptsOnly(traces[name]);

  Deno.test(`FAST'25 figure 10, ${name}: local hit ratios of two routers bracket the paper's`, () => {
    const blind = serveTrace({ ...LOCAL, router: "round-robin" }, trace);
    const greedy = serveTrace({ ...LOCAL, router: "ttft-greedy" }, trace);
    assert(hitRatio(blind) < local, `${hitRatio(blind)}`);
    assert(hitRatio(greedy) > local, `${hitRatio(greedy)}`);
    assert(hitRatio(blind) > local / 2, "round-robin finds far less than it should");
    assert(hitRatio(greedy) < global + 0.01, "local caches beat the global one");
  });

  Deno.test(`FAST'25 figure 10, ${name}: one pool has the paper's hits and GPU seconds`, () => {
    const pooled = serveTrace({ ...GLOBAL, router: "round-robin" }, trace);
    assertAlmostEquals(hitRatio(pooled), global, 0.03);
    assert(
      Math.abs(prefillSeconds(pooled) / globalSeconds - 1) < 0.03,
      `${prefillSeconds(pooled)}`,
    );
  });
}

/** Serving, not only prompts: so loads matter over time. */
const BUSY: ServingSpec = {
  ...singleEngine(
    { ...nothing, stepNs: 1e7, sequenceNs: 1e5, tokenNs: 1.1e5, pairNs: PAIR_NS, contextNs: 30 },
    { blocks: 900, maxSequences: 256, tokenBudget: 8192 },
    8,
  ),
  closedLoop: false,
};

/** Time to first token that 95 % of requests do not exceed, in milliseconds. */
function ttftMsP95(router: string, stalenessMs: number): number {
  const spec = { ...BUSY, router, stalenessNs: stalenessMs * 1e6 };
  const { firstTokenNs, arrivalNs } = serveTrace(spec, traces.conversation).requests;
  const sorted = firstTokenNs.map((ns, i) => (ns - arrivalNs[i]) / 1e6).sort();
  return sorted[Math.floor(0.95 * sorted.length)];
}

// The trace's arrivals stand in groups every three seconds: a view that lags at all shows the same
// replica as the best one to a whole group, which is why 50 and 500 ms differ by so little.
for (const router of ["ttft-greedy", "llm-d", "least-loaded(own=0)"]) {
  Deno.test(`${router} herds when its view is stale, and more the staler it is`, () => {
    const [fresh, late, later, latest] = [0, 50, 500, 5000].map((ms) => ttftMsP95(router, ms));
    // Published for a greedy router: 1220, 6589, 6589, 9123 ms of queue.
    assert(late > 1.5 * fresh, `${fresh} ${late}`);
    assertAlmostEquals(later / late, 1, 0.15);
    assert(latest > 1.25 * later, `${later} ${latest}`);
  });
}

Deno.test("kvtier-ms keeps its times with a view that is half a second old, and nearly at five", () => {
  const [fresh, late, latest] = [0, 500, 5000].map((ms) => ttftMsP95("kvtier-ms", ms));
  assertAlmostEquals(late / fresh, 1, 0.05);
  assertAlmostEquals(latest / fresh, 1, 0.1);
});

Deno.test("routers that do not look at the view do not care how old it is", () => {
  for (const router of ["round-robin", "session", "consistent-hash", "sglang-cache-aware"]) {
    assertAlmostEquals(ttftMsP95(router, 5000), ttftMsP95(router, 0), 0);
  }
});

Deno.test("load alone finds few prefixes; where prefixes matter, most, as was published", () => {
  // 4 nodes of 12,500 blocks and a view of 100 ms ago, as in the published comparison on another
  // trace: 44 % for routers that ignore prefixes, 52 to 54 % for those that look.
  const spec: ServingSpec = {
    ...LOCAL,
    stalenessNs: 100e6,
    replicas: LOCAL.replicas.slice(0, 4).map((one) => ({ ...one, blocks: 12_500 })),
    stepModels: [{ ...nothing, tokenNs: TOKEN_NS / 2.5, pairNs: PAIR_NS / 2.5 }],
  };
  const ratio = (router: string) =>
    hitRatio(serveTrace({ ...spec, router }, promptsOnly(traces.conversation)));
  const blind = ["random", "round-robin", "least-loaded"].map(ratio);
  for (const one of blind) assertAlmostEquals(one, blind[0], 0.015);
  for (const router of ["consistent-hash", "ttft-greedy", "kvtier-ms", "longest-prefix"]) {
    assert(ratio(router) > blind[0] + 0.1, router);
  }
});
