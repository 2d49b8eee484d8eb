/**
 * A whole comparison in one process: seven policies at five capacities on the conversation trace,
 * from the file to the counters. What matters is the CPU time of the process, so run it alone:
 *
 * ```sh
 * deno run --allow-read bench/compare.ts
 * ```
 *
 * @module
 */
import process from "node:process";
import { Replayer } from "../engine/replayer.ts";
import { cpuSeconds, residentMiB } from "./clock.ts";
import { mooncake } from "./traces.ts";

const POLICIES = ["lru", "fifo", "clock", "sieve", "s3-fifo", "arc", "optimal"];
const PARTS = [0.01, 0.05, 0.1, 0.25, 0.5];

const { user, system } = process.cpuUsage();
const started = (user + system) / 1e6;
const before = process.cpuUsage();
const trace = await mooncake("conversation_trace.jsonl.gz");
const read = process.cpuUsage(before);
const { seconds, value } = cpuSeconds(() => {
  const replayer = new Replayer(trace);
  return POLICIES.flatMap((policy) =>
    PARTS.map((part) =>
      replayer.run({
        policy: replayer.registry.policy(policy),
        admission: replayer.registry.admitter("always"),
        capacityBlocks: Math.floor(trace.uniqueBlocks * part),
        touch: "root-first",
        seed: 1,
      }).hits
    )
  );
});
const total = process.cpuUsage();
const line = (what: string, amount: number) =>
  console.log(`${what.padEnd(28)} ${amount.toFixed(3)}`);
line("CPU seconds before main", started);
line("  reading the trace", (read.user + read.system) / 1e6);
line(`  ${value.length} replays`, seconds);
line("CPU seconds of the process", (total.user + total.system) / 1e6);
line("resident MiB", residentMiB());
console.log(`hits ${value.join(" ")}`);
