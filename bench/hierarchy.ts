/**
 * Four tiers with full accounting against one tier of the same policy in the general engine.
 *
 * ```sh
 * deno run --allow-all bench/hierarchy.ts [--smoke] [--rounds=5] [--policies=lru,arc]
 * ```
 *
 * Both replay the whole trace through the same policy class, block by block. CPU time, best of the
 * rounds, in turns. The four tiers hold 5 %, 20 %, 50 % and 100 % of the distinct blocks, or, so
 * that all of them are full, 5 %, 10 %, 20 % and 40 %; the single tier holds 5 %.
 *
 * Memory is what the instance grows by: with tiers of four slots, less the expanded accesses, it is
 * what blocks cost; what it grows by with all slots that there can be is what slots cost.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import process from "node:process";
import { HierarchyReplayer } from "../engine/hierarchy.ts";
import type { HierarchyResult } from "../engine/hierarchy_result.ts";
import { Replayer } from "../engine/replayer.ts";
import { exampleHierarchy } from "../scenario/hierarchy_example.ts";
import type { Trace } from "../traces/trace.ts";
import { cpuSeconds, textTable } from "./clock.ts";
import { benchTrace } from "./traces.ts";

const SHARES = [0.05, 0.2, 0.5, 1];
const FULL_SHARES = [0.05, 0.1, 0.2, 0.4];
const FEW_SLOTS = 4;
const PREFILL = { nsPerToken: 175, nsPerTokenSquared: 0.001 };

/** CPU seconds of work that ends in a promise; nothing else runs meanwhile. */
async function cpuSecondsOf<T>(body: () => Promise<T>): Promise<number> {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

interface Row {
  readonly name: string;
  readonly best: number;
  readonly resultHash?: string;
}

/** Best of the rounds, nanoseconds per access. */
async function measure(trace: Trace, policy: string, rounds: number): Promise<Row[]> {
  const blocks = (shares: readonly number[]) =>
    shares.map((share) => Math.ceil(share * trace.uniqueBlocks));
  const capacityBlocks = blocks(SHARES);
  const single = new Replayer(trace);
  const tiers = new HierarchyReplayer(trace);
  const common = { capacityBlocks, tier: { policy }, prefill: PREFILL };
  const scenarios = {
    "4 tiers, exclusive": exampleHierarchy(common),
    "4 full tiers, exclusive": exampleHierarchy({
      ...common,
      capacityBlocks: blocks(FULL_SHARES),
    }),
    "4 tiers, inclusive": exampleHierarchy({ ...common, containment: "inclusive" }),
    "4 tiers, timed": exampleHierarchy({ ...common, movement: "timed", recompute: "cheaper" }),
  };
  const best: Record<string, number> = {};
  const results: Record<string, HierarchyResult> = {};
  const note = (name: string, seconds: number) =>
    best[name] = Math.min(best[name] ?? Infinity, seconds * 1e9 / trace.accesses);
  for (let round = 0; round < rounds; round++) {
    note(
      "1 tier, general engine",
      cpuSeconds(() =>
        single.run({
          policy: single.registry.policy(policy),
          admission: single.registry.admitter("always"),
          capacityBlocks: capacityBlocks[0],
          touch: "tail-first",
          seed: 42,
          engine: "general",
        })
      ).seconds,
    );
    for (const [name, scenario] of Object.entries(scenarios)) {
      note(
        name,
        await cpuSecondsOf(async () => results[name] = await tiers.run(scenario, { samples: 0 })),
      );
    }
  }
  return Object.entries(best).map(([name, value]) => ({
    name,
    best: value,
    resultHash: results[name]?.resultHash,
  }));
}

/** Bytes per block of the trace, and per slot of a tier, of four tiers of a policy. */
async function memoryOf(trace: Trace, policy: string, timed: boolean): Promise<string[]> {
  const grownBy = async (slots: number) => {
    const replayer = new HierarchyReplayer(trace);
    const before = replayer.memoryBytes;
    const capacityBlocks = SHARES.map(() => slots);
    const movement = timed ? "timed" : "synchronous";
    const scenario = exampleHierarchy({ capacityBlocks, movement, tier: { policy } });
    await replayer.run(scenario, { samples: 0 });
    return replayer.memoryBytes - before;
  };
  const few = await grownBy(FEW_SLOTS);
  const all = await grownBy(trace.uniqueBlocks);
  const perBlock = (few - 4 * trace.accesses) / trace.uniqueBlocks;
  const perSlot = (all - few) / (SHARES.length * (trace.uniqueBlocks - FEW_SLOTS));
  return [policy, timed ? "timed" : "synchronous", perBlock.toFixed(1), perSlot.toFixed(1)];
}

if (import.meta.main) {
  const options = parseArgs(Deno.args, { string: ["rounds", "policies"], boolean: ["smoke"] });
  const rounds = Number(options.rounds ?? (options.smoke ? 1 : 5));
  const usual = options.smoke ? "lru" : "lru,fifo,arc,s3-fifo,lfu";
  const policies = String(options.policies ?? usual).split(",");
  const rows = [["trace", "policy", "engine", "ns/access", "× one tier", "result"]];
  for (const name of ["conversation", "synthetic"] as const) {
    const trace = await benchTrace(name, false);
    for (const policy of policies) {
      const measured = await measure(trace, policy, rounds);
      for (const { name: engine, best, resultHash } of measured) {
        const times = (best / measured[0].best).toFixed(2);
        rows.push([name, policy, engine, best.toFixed(1), times, resultHash?.slice(0, 12) ?? ""]);
      }
    }
  }
  console.log(textTable(rows, 3));
  const memory = [["policy", "four tiers", "B/block", "B/slot"]];
  const trace = await benchTrace("conversation", false);
  for (const policy of policies) {
    for (const timed of [false, true]) memory.push(await memoryOf(trace, policy, timed));
  }
  console.log(`\n${textTable(memory, 2)}`);
}
