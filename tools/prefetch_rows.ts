/**
 * The numbers that the rows about prefetchers quote: what came of prefetches on the Mooncake
 * traces, tail-first.
 *
 * ```sh
 * deno task prefetch-rows
 * ```
 *
 * @module
 */
import { HierarchyReplayer } from "../engine/hierarchy.ts";
import type { HierarchyResult } from "../engine/hierarchy_result.ts";
import { registry } from "../engine/registry.ts";
import type { HierarchyScenario, TierScenario } from "../scenario/hierarchy.ts";
import { exampleHierarchy } from "../scenario/hierarchy_example.ts";
import { openTrace } from "../traces/open.ts";

const BYTES_PER_TOKEN = 327_680;
const BLOCK_TOKENS = 512;
const GB = 1e9;

/** Llama-70B on one node: HBM, DRAM and SSD that hold so many blocks. */
function scenario(
  blocks: readonly number[],
  movement: HierarchyScenario["movement"],
  prefetcher: string,
): HierarchyScenario {
  const [base] = exampleHierarchy({ capacityBlocks: [1] }).tiers;
  const tier = (index: number, read: number, write: number, latencyNs: number): TierScenario => ({
    ...base,
    name: ["hbm", "dram", "ssd"][index],
    capacityBytes: blocks[index] * BYTES_PER_TOKEN * BLOCK_TOKENS,
    readBytesPerSecond: read * GB,
    writeBytesPerSecond: write * GB,
    readLatencyNs: latencyNs,
    writeLatencyNs: latencyNs,
    concurrency: 4,
  });
  return {
    ...exampleHierarchy({ capacityBlocks: [1] }),
    bytesPerToken: BYTES_PER_TOKEN,
    blockTokens: BLOCK_TOKENS,
    tiers: [tier(0, 3350, 3350, 1_000), tier(1, 200, 200, 10_000), tier(2, 28, 16, 100_000)],
    prefill: { nsPerToken: 20_000, nsPerTokenSquared: 0.5 },
    prefetch: { name: prefetcher, maxBlocks: 512 },
    movement,
  };
}

function row(name: string, { prefetch, tiers, requestNs }: HierarchyResult): string {
  const { requested, useful, late, wasted } = prefetch;
  const share = requested > 0 ? `${(100 * useful / requested).toFixed(1)} %` : "–";
  const meanMs = requestNs === undefined ? "–" : (requestNs.mean / 1e6).toFixed(1);
  const values = [tiers[0].hits, requested, useful, late, wasted, share, meanMs];
  return [name.padEnd(12), ...values.map((value) => String(value).padStart(9))].join("");
}

if (import.meta.main) {
  const head = ["hbm hits", "requested", "useful", "late", "wasted", "share", "mean ms"];
  for (const name of ["conversation", "synthetic"]) {
    const replayer = new HierarchyReplayer(await openTrace(`tests/data/${name}_trace.jsonl.gz`));
    for (const blocks of [[500, 5000, 20_000], [2000, 10_000, 40_000]]) {
      for (const movement of ["synchronous", "timed"] as const) {
        console.log(`\n${name}, ${blocks.join(" / ")} blocks, ${movement}`);
        console.log(["".padEnd(12), ...head.map((text) => text.padStart(9))].join(""));
        for (const { name: prefetcher } of registry().prefetchers) {
          const run = await replayer.run(scenario(blocks, movement, prefetcher), { samples: 0 });
          console.log(row(prefetcher, run));
        }
      }
    }
  }
}
