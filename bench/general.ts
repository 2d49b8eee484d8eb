/**
 * The general engine: nanoseconds per access of every policy, at a tenth of the blocks.
 *
 * ```sh
 * deno run --allow-read bench/general.ts [--smoke] [--rounds=5]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Replayer } from "../engine/replayer.ts";
import { cpuSeconds, textTable } from "./clock.ts";
import { mooncake } from "./traces.ts";

const FILES = {
  conversation: "conversation_trace.jsonl.gz",
  synthetic: "synthetic_trace.jsonl.gz",
} as const;

const args = parseArgs(Deno.args, { string: ["rounds"], boolean: ["smoke"] });
const rounds = Number(args.rounds ?? (args.smoke ? 1 : 5));
const rows = [["trace", "policy", "touch", "hits", "ns", "M/s"]];
for (const [name, file] of Object.entries(FILES)) {
  const trace = await mooncake(file, args.smoke ? 200 : undefined);
  const replayer = new Replayer(trace);
  for (const entry of replayer.registry.policies.filter((entry) => entry.general)) {
    for (const touch of ["root-first", "tail-first"] as const) {
      let best = Infinity;
      let hits = 0;
      for (let round = 0; round < rounds; round++) {
        const { seconds, value } = cpuSeconds(() =>
          replayer.run({
            policy: replayer.registry.policy(entry.name),
            admission: replayer.registry.admitter("always"),
            capacityBlocks: Math.floor(trace.uniqueBlocks / 10),
            touch,
            seed: 1,
            engine: "general",
          })
        );
        hits = value.hits;
        best = Math.min(best, seconds);
      }
      const ns = best * 1e9 / trace.accesses;
      rows.push([name, entry.name, touch, String(hits), ns.toFixed(1), (1000 / ns).toFixed(1)]);
    }
  }
}
console.log(textTable(rows, 3));
console.log(`\nCPU time, best of ${rounds} rounds`);
