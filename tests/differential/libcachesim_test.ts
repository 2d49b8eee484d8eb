/**
 * Miss counts against libCacheSim's, on real traces, at capacities from 0.1 % of the blocks to all.
 *
 * Policies that are a rule must give the same count to the unit, in the general engine and in their
 * kernel. Those that draw random numbers or hash block names may differ by one point of miss ratio.
 */
import { assert, assertEquals } from "@std/assert";
import { Replayer } from "../../engine/replayer.ts";
import { openTrace } from "../../traces/open.ts";

/** Our names, and libCacheSim's. */
const EXACT: Readonly<Record<string, string>> = {
  "fifo": "fifo",
  "lru": "lru",
  "clock": "clock",
  "lfu": "lfu",
  "lfu-da": "lfuda",
  "slru": "slru",
  "2q": "twoq",
  "arc": "arc",
  "lirs": "lirs",
  "s3-fifo": "s3fifo",
  "sieve": "sieve",
  "gdsf": "gdsf",
  "qdlp": "qdlp",
  "cacheus": "cacheus",
  "optimal-demand": "belady",
};
const NEAR: Readonly<Record<string, string>> = {
  "random": "random",
  "w-tinylfu": "wtinylfu",
  "hyperbolic": "hyperbolic",
  "lhd": "lhd",
  "lecar": "lecar",
};
const NEAR_RATIO = 0.01;

const FILES: Readonly<Record<string, string>> = {
  mooncake_conversation: "conversation_trace.jsonl.gz",
  mooncake_synthetic: "synthetic_trace.jsonl.gz",
};

/** One count of libCacheSim. */
interface Golden {
  readonly trace: string;
  readonly policy: string;
  readonly capacityBlocks: number;
  readonly accesses: number;
  readonly misses: number;
}

function dataFile(name: string): string {
  return decodeURIComponent(new URL(`../data/${name}`, import.meta.url).pathname);
}

async function readGolden(): Promise<Golden[]> {
  const file = await Deno.open(dataFile("libcachesim_mooncake.csv.gz"));
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trim().split("\n").slice(1).map((line) => {
    const [trace, policy, capacity, accesses, misses] = line.split(",");
    return {
      trace,
      policy,
      capacityBlocks: Number(capacity),
      accesses: Number(accesses),
      misses: Number(misses),
    };
  });
}

const golden = await readGolden();
const replayers = new Map<string, Replayer>();

/** One instance per trace, made when a test first needs it. */
async function replayerOf(trace: string): Promise<Replayer> {
  let replayer = replayers.get(trace);
  if (replayer === undefined) {
    replayer = new Replayer(await openTrace(dataFile(FILES[trace])));
    replayers.set(trace, replayer);
  }
  return replayer;
}

/** Misses of every engine that can run the policy, at each capacity that libCacheSim ran. */
async function* missesOf(name: string, library: string) {
  for (const row of golden.filter(({ policy }) => policy === library)) {
    const replayer = await replayerOf(row.trace);
    const policy = replayer.registry.policy(name);
    const admission = replayer.registry.admitter("always");
    for (const engine of ["general", "kernel"] as const) {
      if (!policy.entry[engine]) continue;
      const { capacityBlocks } = row;
      const spec = { policy, admission, capacityBlocks, seed: 1, engine };
      const { accesses, hits } = replayer.run({ ...spec, touch: "root-first" });
      const label = `${name} (${engine}) at ${capacityBlocks} blocks of ${row.trace}`;
      assertEquals(accesses, row.accesses, label);
      yield { misses: accesses - hits, row, label };
    }
  }
}

for (const [name, library] of Object.entries(EXACT)) {
  Deno.test(`${name} misses exactly as often as libCacheSim's ${library}`, async () => {
    const capacities = new Set<number>();
    for await (const { misses, row, label } of missesOf(name, library)) {
      assertEquals(misses, row.misses, label);
      capacities.add(row.capacityBlocks);
    }
    assert(capacities.size >= 10, `${name} was compared at ${capacities.size} capacities only`);
  });
}

for (const [name, library] of Object.entries(NEAR)) {
  Deno.test(`${name} is within a point of libCacheSim's ${library}`, async () => {
    const capacities = new Set<number>();
    for await (const { misses, row, label } of missesOf(name, library)) {
      const apart = Math.abs(misses - row.misses) / row.accesses;
      assert(apart <= NEAR_RATIO, `${label}: ${misses} misses, libCacheSim ${row.misses}`);
      capacities.add(row.capacityBlocks);
    }
    assert(capacities.size >= 10, `${name} was compared at ${capacities.size} capacities only`);
  });
}
