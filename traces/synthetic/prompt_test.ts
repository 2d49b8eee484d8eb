import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import { traceInfo } from "../info.ts";
import type { Trace } from "../trace.ts";
import { Prompt } from "./prompt.ts";
import type { SynthSpec } from "./spec.ts";
import { synthesize } from "./synthesize.ts";

/** Each workload that knows what its blocks hold, and all kinds that it makes. */
const SPECS: readonly (readonly [SynthSpec, readonly string[]])[] = [
  [
    { kind: "chat", sessions: 60, contextTokens: 2000, onLimit: "summarise" },
    ["system", "question", "answer", "summary"],
  ],
  [
    { kind: "chat", sessions: 60, contextTokens: 2000, onLimit: "drop-oldest" },
    ["system", "question", "answer", "history"],
  ],
  [{ kind: "rag", requests: 60 }, ["system", "document", "question"]],
  [{ kind: "rag", requests: 60, reuse: "chunk" }, ["system", "padding", "document", "question"]],
  [
    { kind: "agents", sessions: 12, turns: "60", systemTokens: "9000" },
    ["system", "question", "answer", "tool result", "history", "summary"],
  ],
  [{ kind: "kvcache-sim", sessions: 20 }, ["system", "document", "question"]],
  [
    { kind: "kvcache-sim-agents", sessions: 5 },
    ["system", "tools", "question", "answer", "tool result"],
  ],
];

/** Extents of each request with neighbours joined, as without kinds. */
function joined({ requests: { firstExtent }, extents, requestCount }: Trace): number[][] {
  return Array.from({ length: requestCount }, (_, row) => {
    const flat: number[] = [];
    for (let e = firstExtent[row]; e < firstExtent[row + 1]; e++) {
      const [first, count] = [extents.firstBlock[e], extents.blockCount[e]];
      const last = flat.length - 1;
      if (last > 0 && flat[last - 1] + flat[last] === first) flat[last] += count;
      else flat.push(first, count);
    }
    return flat;
  });
}

for (const [spec, names] of SPECS) {
  Deno.test(`${spec.kind} says what its blocks hold: ${names.join(", ")}`, async () => {
    const plain = await synthesize(spec);
    const trace = await synthesize({ ...spec, kinds: "yes" });
    assertEquals(plain.kindNames, undefined);
    assertEquals([...trace.kindNames!].sort(), [...names].sort());
    assertNotEquals(trace.hash, plain.hash);
    assertEquals(joined(trace), joined(plain));
    assertEquals(trace.requests.inputTokens, plain.requests.inputTokens);
    assertEquals(trace.requests.arrivalNs, plain.requests.arrivalNs);
    const shares = traceInfo(trace).kinds!.map(({ share }) => share);
    assert(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
  });
}

Deno.test("a document's first blocks are documents, and the block across a seam is the later", () => {
  const prompt = new Prompt(true).append(0, 40, "system").append(1, 30, "document")
    .append(1, 20, "answer").append(2, 1, "question");
  assertEquals(prompt.runs(16).map(([, count]) => count), [2, 2, 1]);
  assertEquals(prompt.kinds(16), [["system", 2], ["document", 2], ["answer", 1], ["question", 0]]);
  assertEquals(prompt.fork(50).kinds(16), [["system", 2], ["document", 1]]);
  assertEquals(new Prompt(false).append(0, 40, "system").kinds(16), undefined);
});

Deno.test("workloads that know nothing of prompts refuse kinds", async () => {
  await assertRejects(() => synthesize({ kind: "loop", kinds: "yes" }), UsageError, "kinds");
  await assertRejects(() => synthesize({ kind: "chat", kinds: "maybe" }), UsageError, "kinds");
});
