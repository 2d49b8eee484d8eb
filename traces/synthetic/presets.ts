/**
 * Named settings of the families, with the pressure under which policies differ.
 *
 * @module
 */

/** A family with settings, and where a policy falls short on it. */
export interface SynthPreset {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  /** Parameters as people write them. */
  readonly set: Readonly<Record<string, string | number>>;
  /** Where `policy` is at least ten points of block hit ratio below the optimum. */
  readonly pressure?: { readonly policy: string; readonly capacity: string };
}

function pressed(
  kind: string,
  [policy, capacity]: readonly [string, string],
  set: Readonly<Record<string, string | number>>,
  summary: string,
): SynthPreset {
  return { name: `${kind}-pressure`, kind, summary, set, pressure: { policy, capacity } };
}

/** All presets. `…-pressure` is a family where policies differ from the optimum. */
export const SYNTH_PRESETS: readonly SynthPreset[] = [
  {
    name: "agents-tracelab",
    kind: "agents",
    summary:
      "agents with TraceLab's pauses: 1 s for a tool, 121.5 s for a person (25.7 % over 300 s)",
    set: {
      toolTime: "lognormal(median=1 s; p90=10 s; max=1 h)",
      humanTime: "lognormal(median=121.5 s; p90=717 s; max=24 h)",
    },
  },
  {
    name: "agents-delegating",
    kind: "agents",
    summary: "agents that often start sub-agents, each a fork with all of its parent's prompt",
    set: { subAgentShare: 0.03, subAgentPrefix: "parent", sessions: 50 },
  },
  {
    name: "kvcache-sim-cluster",
    kind: "kvcache-sim",
    summary: "kvcache-sim's cluster mode: contexts of three shared documents out of 200",
    set: {
      sessions: 8000,
      rate: "200 req/s",
      systemPrompts: 20,
      contextTokens: 8192,
      sharedDocuments: 200,
      promptTokens: "uniform(min=512; max=4096)",
    },
  },
  pressed(
    "chat",
    ["lru", "5%"],
    { rate: "1 session/s", turns: "geometric(mean=8)" },
    "many conversations at once, longer ones: their thinking outlasts a small cache",
  ),
  pressed(
    "rag",
    ["lru", "1%"],
    { documents: 500 },
    "more documents: prefixes return after a small cache has forgotten them",
  ),
  pressed(
    "agents",
    ["lru", "1%"],
    { rate: "0.2 sessions/s" },
    "twenty times the arrivals: a hundred agents take turns",
  ),
  pressed(
    "kvcache-sim",
    ["lru", "1%"],
    {
      sessions: 4000,
      turns: 1,
      contextTokens: 8192,
      sharedDocuments: 200,
      documentsPerSession: 1,
      documentZipf: 0.8,
    },
    "one turn a session and shared documents: reuse that does not come at once",
  ),
  pressed(
    "kvcache-sim-agents",
    ["lfu", "0.5%"],
    { sessions: 200 },
    "turns come back to back, so that LRU is the optimum and LFU keeps what is over",
  ),
  pressed(
    "chat-continuation",
    ["lru", "2%"],
    { noise: 0.2 },
    "more pages from anywhere",
  ),
  pressed("rag-burst", ["lru", "10%"], { burst: 192 }, "bursts twice as long"),
  pressed("periodic-reuse", ["lru", "10%"], { hotPages: 1024 }, "a longer cycle"),
  pressed("long-tail", ["lru", "10%"], { zipf: 0.6 }, "a flatter tail"),
  pressed("prefetch-friendly", ["lru", "10%"], { burst: 96 }, "runs twice as long"),
  pressed("adversarial-prefetch", ["lru", "10%"], { pages: 8192 }, "twice the pages"),
  pressed("adversarial-burst", ["lru", "25%"], { burst: 768 }, "floods twice as long"),
  pressed("mixed-locality", ["lru", "10%"], { hotPages: 768 }, "hot and warm sets twice as large"),
  pressed(
    "loop",
    ["lru", "500"],
    { requests: 6000, requestBlocks: 1 },
    "600 blocks in a circle, one a request: LRU finds none in 500 slots",
  ),
  pressed("scan", ["lru", "2%"], { scanShare: 0.6 }, "more scanning"),
  pressed("zipf", ["fifo", "5%"], { zipf: 0.8 }, "a flatter popularity"),
  pressed("uniform", ["lru", "25%"], { blocks: 5000 }, "nothing to learn, and much to know"),
];
