/**
 * A trace as large as the largest public one (85 M accesses): seconds, memory, and the answer.
 *
 * ```sh
 * deno run --allow-read --allow-sys bench/large.ts [--smoke] [--copies=300] [--policies=lru,…]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Replayer } from "../engine/replayer.ts";
import { cpuSeconds, residentMiB, textTable } from "./clock.ts";
import { copies, mooncake } from "./traces.ts";

const args = parseArgs(Deno.args, { string: ["copies", "policies"], boolean: ["smoke"] });
const count = Number(args.copies ?? (args.smoke ? 2 : 300));
const policies = String(args.policies ?? "lru,s3-fifo,optimal").split(",");

const trace = copies(await mooncake("conversation_trace.jsonl.gz"), count);
console.log(`${trace.accesses} accesses, ${trace.uniqueBlocks} blocks, ${trace.path}`);
const rows = [["policy", "touch", "run", "hits", "CPU s", "M/s", "engine MiB"]];
for (const policy of policies) {
  for (const touch of ["root-first", "tail-first"] as const) {
    const replayer = new Replayer(trace);
    const memory = replayer["instance"]["exports"].memory;
    // The first run of an instance also expands the trace and links the uses of each block.
    for (const run of ["first", "again"]) {
      const { seconds, value } = cpuSeconds(() =>
        replayer.run({
          policy: replayer.registry.policy(policy),
          admission: replayer.registry.admitter("always"),
          capacityBlocks: Math.floor(trace.uniqueBlocks / 10),
          touch,
          seed: 1,
        })
      );
      rows.push([
        policy,
        touch,
        run,
        String(value.hits),
        seconds.toFixed(2),
        (trace.accesses / seconds / 1e6).toFixed(0),
        (memory.buffer.byteLength / 2 ** 20).toFixed(0),
      ]);
    }
  }
}
console.log(textTable(rows, 3));
console.log(`\nthe process holds ${residentMiB().toFixed(0)} MiB, the generated trace included`);
