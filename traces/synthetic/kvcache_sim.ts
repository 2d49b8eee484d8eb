/**
 * The session and agent traffic of kvcache-sim, with its parameters and its shape: turns of a
 * session follow each other without a break, and answers are not carried along.
 *
 * @module
 */

import { count, counts, type Kind, kinds, type Making, number, rate } from "./parameters.ts";
import type { Distribution } from "./distribution.ts";
import { Prompt, Regions } from "./prompt.ts";
import { Zipf } from "./random.ts";

interface SessionTraffic {
  readonly sessions: number;
  readonly turns: Distribution;
  readonly ratePerSecond: number;
  readonly systemPrompts: number;
  readonly systemTokens: number;
  readonly contextTokens: number;
  readonly sharedDocuments: number;
  readonly documentsPerSession: number;
  readonly documentZipf: number;
  readonly promptTokens: Distribution;
  readonly outputTokens: number;
  readonly kinds: boolean;
  readonly blockTokens: number;
}

/** Its session generator. */
export const kvcacheSim: Kind<SessionTraffic> = {
  name: "kvcache-sim",
  summary: "kvcache-sim's sessions: four turns back to back after a shared or private context",
  defaultSeed: 42,
  parameters: {
    sessions: count(3000, "sessions; its cluster mode has 8,000"),
    turns: counts("4", "turns of each session"),
    ratePerSecond: rate("30 req/s", "requests; its cluster mode has 200, disaggregated 100"),
    systemPrompts: count(8, "system prompts, taken in turn; its cluster mode has 20"),
    systemTokens: count(128, "length of each system prompt", 0),
    contextTokens: count(4096, "context of each session; its cluster mode has 8,192", 0),
    sharedDocuments: count(0, "documents that contexts are made of; its cluster mode has 200", 0),
    documentsPerSession: count(3, "documents of a session; repeats are dropped"),
    documentZipf: number(1.2, "Zipf exponent of the documents' popularity", 0, 10),
    promptTokens: counts("uniform(min=256; max=2048)", "text that every turn adds"),
    outputTokens: count(128, "answers; never part of a later prompt", 0),
    kinds: kinds(),
    blockTokens: count(16, "tokens of a block"),
  },
  make: makeSessions,
};

function makeSessions(parameters: SessionTraffic, making: Making): void {
  const regions = new Regions();
  const clock = steadyClock(parameters.ratePerSecond, making);
  const context = contexts(parameters, making, regions);
  const turns = making.random("turns");
  const lengths = making.random("lengths");
  for (let index = 0; index < parameters.sessions; index++) {
    const { systemPrompts, systemTokens } = parameters;
    const system = index % systemPrompts;
    const prompt = new Prompt(parameters.kinds)
      .append(regions.child(-1, `system-${system}`), systemTokens, "system");
    context(prompt);
    const own = regions.fresh();
    for (let turn = parameters.turns.draw(turns); turn > 0; turn--) {
      prompt.append(own, parameters.promptTokens.draw(lengths), "question");
      addTurn(making, `session-${index}`, prompt, parameters.outputTokens, clock());
    }
  }
}

function addTurn(
  making: Making,
  session: string,
  prompt: Prompt,
  outputTokens: number,
  arrivalNs: number,
): void {
  making.add({
    arrivalNs,
    session,
    inputTokens: prompt.tokens,
    outputTokens,
    runs: prompt.runs(making.blockTokens),
    kinds: prompt.kinds(making.blockTokens),
  });
}

function steadyClock(ratePerSecond: number, making: Making): () => number {
  const random = making.random("arrivals");
  let nowNs = 0;
  return () => nowNs += Math.round(1e9 / ratePerSecond * random.exponential());
}

/** Puts a session's context into its prompt: documents by popularity, or text of its own. */
function contexts(
  parameters: SessionTraffic,
  making: Making,
  regions: Regions,
): (prompt: Prompt) => void {
  const { contextTokens, sharedDocuments, documentsPerSession, documentZipf } = parameters;
  if (sharedDocuments === 0) {
    return (prompt) => {
      prompt.append(regions.fresh(), contextTokens, "document");
    };
  }
  const documentTokens = Math.max(16, Math.floor(contextTokens / documentsPerSession));
  const popularity = new Zipf(sharedDocuments, documentZipf);
  const random = making.random("documents");
  return (prompt) => {
    const chosen = new Set<number>();
    for (let n = 0; n < documentsPerSession; n++) chosen.add(popularity.draw(random));
    for (const document of chosen) {
      const region = regions.child(prompt.region, `document-${document}`);
      prompt.append(region, documentTokens, "document");
    }
  };
}

interface AgentTraffic {
  readonly sessions: number;
  readonly turns: Distribution;
  readonly ratePerSecond: number;
  readonly systemPrompts: number;
  readonly systemTokens: number;
  readonly toolSets: number;
  readonly toolTokens: number;
  readonly queryTokens: Distribution;
  readonly reasoningTokens: number;
  readonly resultTokens: Distribution;
  readonly outputTokens: number;
  readonly kinds: boolean;
  readonly blockTokens: number;
}

/** Its agent generator, which none of its own modes uses. */
export const kvcacheSimAgents: Kind<AgentTraffic> = {
  name: "kvcache-sim-agents",
  summary: "kvcache-sim's agents: 15 to 50 turns that each add reasoning and a tool result",
  defaultSeed: 42,
  parameters: {
    sessions: count(500, "sessions"),
    turns: counts("uniform(min=15; max=50)", "turns of each session"),
    ratePerSecond: rate("20 req/s", "requests"),
    systemPrompts: count(5, "system prompts, taken in turn"),
    systemTokens: count(256, "length of each system prompt", 0),
    toolSets: count(5, "sets of tool definitions, taken in turn"),
    toolTokens: count(2048, "length of each set", 0),
    queryTokens: counts("uniform(min=128; max=1024)", "the user's question"),
    reasoningTokens: count(256, "reasoning that each later turn adds", 0),
    resultTokens: counts("uniform(min=128; max=4096)", "tool result that each later turn adds"),
    outputTokens: count(128, "answers; never part of a later prompt", 0),
    kinds: kinds(),
    blockTokens: count(16, "tokens of a block"),
  },
  make: makeAgents,
};

function makeAgents(parameters: AgentTraffic, making: Making): void {
  const regions = new Regions();
  const clock = steadyClock(parameters.ratePerSecond, making);
  const turns = making.random("turns");
  const lengths = making.random("lengths");
  for (let index = 0; index < parameters.sessions; index++) {
    const { systemPrompts, systemTokens, toolSets, toolTokens, reasoningTokens } = parameters;
    const system = regions.child(-1, `system-${index % systemPrompts}`);
    const prompt = new Prompt(parameters.kinds).append(system, systemTokens, "system");
    prompt.append(regions.child(system, `tools-${index % toolSets}`), toolTokens, "tools");
    const own = regions.fresh();
    prompt.append(own, parameters.queryTokens.draw(lengths), "question");
    for (let turn = parameters.turns.draw(turns); turn > 0; turn--) {
      addTurn(making, `agent-${index}`, prompt, parameters.outputTokens, clock());
      prompt.append(own, reasoningTokens, "answer");
      prompt.append(own, parameters.resultTokens.draw(lengths), "tool result");
    }
  }
}
