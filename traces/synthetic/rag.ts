/**
 * Retrieval: single requests that put popular documents before a question.
 *
 * A prefix cache reuses a document only after the same text, so what stands first decides; a cache
 * of chunks reuses it anywhere.
 *
 * @module
 */

import { type ArrivalParameters, arrivalParameters, Arrivals } from "./arrivals.ts";
import { systemPrompts } from "./chat.ts";
import type { Distribution } from "./distribution.ts";
import { choice, count, counts, type Kind, kinds, type Making, number } from "./parameters.ts";
import { type Prompt, Regions } from "./prompt.ts";
import { Zipf } from "./random.ts";

interface RagParameters extends ArrivalParameters {
  readonly requests: number;
  readonly systemPrompts: number;
  readonly systemZipf: number;
  readonly systemTokens: Distribution;
  readonly documents: number;
  readonly documentZipf: number;
  readonly chunksPerDocument: number;
  readonly chunkZipf: number;
  readonly chunkTokens: Distribution;
  readonly retrieved: number;
  readonly order: "relevance" | "popularity" | "random";
  readonly reuse: "prefix" | "chunk";
  readonly questionTokens: Distribution;
  readonly outputTokens: Distribution;
  readonly kinds: boolean;
  readonly blockTokens: number;
}

/** Retrieval-augmented requests. */
export const rag: Kind<RagParameters> = {
  name: "rag",
  summary: "retrieval: Zipf documents, whose order decides what a prefix cache can reuse",
  defaultSeed: 1,
  parameters: {
    requests: count(5000, "requests; kvcache-sim's default run has 5,000"),
    ...arrivalParameters("2 req/s", "ours"),
    systemPrompts: count(20, "distinct system prompts; kvcache-sim's cluster has 20"),
    systemZipf: number(0, "Zipf exponent of their popularity; kvcache-sim takes turns", 0, 10),
    systemTokens: counts("128", "length of each system prompt; kvcache-sim"),
    documents: count(200, "documents; kvcache-sim's cluster has 200"),
    documentZipf: number(1.2, "Zipf exponent of their popularity; kvcache-sim's cluster", 0, 10),
    chunksPerDocument: count(1, "chunks that a document is cut into; kvcache-sim: whole documents"),
    chunkZipf: number(
      1,
      "Zipf exponent of a chunk's position: the beginning is found more often",
      0,
      10,
    ),
    chunkTokens: counts("2730", "length of each chunk; kvcache-sim: 8,192 over 3"),
    retrieved: count(3, "chunks asked for; repeats are dropped; kvcache-sim's cluster has 3"),
    order: choice(
      ["relevance", "popularity", "random"],
      "relevance",
      "order in the prompt: as drawn, the most popular first, or shuffled",
    ),
    reuse: choice(
      ["prefix", "chunk"],
      "prefix",
      "whether a block is known by all before it, or a chunk is the same anywhere",
    ),
    questionTokens: counts("uniform(min=512; max=4096)", "question; kvcache-sim's cluster"),
    outputTokens: counts("128", "answer; kvcache-sim"),
    kinds: kinds(),
    blockTokens: count(16, "tokens of a block; kvcache-sim"),
  },
  make,
};

interface Chunk {
  readonly key: string;
  readonly tokens: number;
}

function make(parameters: RagParameters, making: Making): void {
  const regions = new Regions();
  const arrivals = new Arrivals(parameters, making.random("arrivals"));
  const prompts = systemPrompts(parameters, making, regions);
  const retrieve = retriever(parameters, making);
  const lengths = making.random("lengths");
  const { blockTokens } = making;
  for (let index = 0; index < parameters.requests; index++) {
    const { prompt, tenant } = prompts();
    for (const chunk of retrieve()) appendChunk(prompt, chunk, regions, parameters);
    const questionTokens = Math.max(1, parameters.questionTokens.draw(lengths));
    prompt.append(regions.fresh(), questionTokens, "question");
    making.add({
      arrivalNs: arrivals.next(),
      tenant,
      inputTokens: prompt.tokens,
      outputTokens: parameters.outputTokens.draw(lengths),
      runs: prompt.runs(blockTokens),
      kinds: prompt.kinds(blockTokens),
    });
  }
}

function appendChunk(
  prompt: Prompt,
  { key, tokens }: Chunk,
  regions: Regions,
  { reuse, blockTokens }: RagParameters,
): void {
  if (reuse === "prefix") {
    prompt.append(regions.child(prompt.region, key), tokens, "document");
    return;
  }
  // A chunk that may stand anywhere begins and ends with a block; the gap before it is filled.
  const gap = (blockTokens - prompt.tokens % blockTokens) % blockTokens;
  prompt.append(regions.fresh(), gap, "padding");
  prompt.append(regions.child(-1, key), tokens, "document", prompt.tokens / blockTokens);
}

/** Draws the chunks of a request, in the order in which they stand in the prompt. */
function retriever(parameters: RagParameters, making: Making): () => Chunk[] {
  const { documents, documentZipf, chunksPerDocument, chunkZipf, retrieved, order } = parameters;
  const lengths = making.random("chunk-lengths");
  const tokens = Array.from(
    { length: documents * chunksPerDocument },
    () => Math.max(1, parameters.chunkTokens.draw(lengths)),
  );
  const popularity = new Zipf(documents, documentZipf);
  const positions = new Zipf(chunksPerDocument, chunkZipf);
  const random = making.random("documents");
  const shuffling = making.random("order");
  return () => {
    const ranks = new Set<number>();
    for (let n = 0; n < retrieved; n++) {
      ranks.add(popularity.draw(random) * chunksPerDocument + positions.draw(random));
    }
    let list = [...ranks];
    if (order === "popularity") list.sort((a, b) => a - b);
    if (order === "random") list = [...shuffling.permutation(list.length)].map((at) => list[at]);
    return list.map((rank) => ({ key: `chunk-${rank}`, tokens: tokens[rank] }));
  };
}
