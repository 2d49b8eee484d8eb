/** The hot paths under `deno bench`: `deno bench --allow-read bench/`. */
import { Folder } from "../engine/fold.ts";
import { Replayer } from "../engine/replayer.ts";
import { expand, mooncake } from "./traces.ts";

const trace = await mooncake("conversation_trace.jsonl.gz");
const replayer = new Replayer(trace);
const { block, firstAccess } = expand(trace);
const lengths = new Uint32Array(trace.requestCount)
  .map((_, r) => firstAccess[r + 1] - firstAccess[r]);
const pairs = new Uint32Array(block.length * 2);
block.forEach((name, i) => pairs[i * 2] = name);
/** The same hashes in an order that leaves nothing to fold: interning alone. */
const scattered = pairs.map((word, i) => i % 2 === 0 ? Math.imul(word, 0x9e3779b1) >>> 0 : 0);

function replay(policy: string, engine: "kernel" | "general"): () => void {
  return () => {
    replayer.run({
      policy: replayer.registry.policy(policy),
      admission: replayer.registry.admitter("always"),
      capacityBlocks: Math.floor(trace.uniqueBlocks / 10),
      touch: "root-first",
      seed: 1,
      engine,
    });
  };
}

Deno.bench("fold the conversation trace", () => {
  const folder = new Folder();
  folder.add(lengths, pairs);
  folder.finish();
});
Deno.bench("intern its hashes, scattered", () => {
  const folder = new Folder();
  folder.add(lengths, scattered);
  folder.finish();
});
Deno.bench("replay lru, kernel", { group: "lru" }, replay("lru", "kernel"));
Deno.bench("replay lru, general engine", { group: "lru" }, replay("lru", "general"));
Deno.bench("replay optimal", replay("optimal", "kernel"));
