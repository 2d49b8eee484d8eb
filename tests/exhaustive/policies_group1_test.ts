/**
 * Every trace of up to eight touches of up to five blocks, and some long random ones, against
 * definitions written to be read.
 *
 * Policies cannot tell one block from another by its name, so traces that differ by a renaming are
 * one. All prefixes of a trace are traces too: equal totals mean equal outcomes touch by touch.
 */
import { assertEquals } from "@std/assert";
import { Replayer, type RunSpec } from "../../engine/replayer.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";
import { RULES } from "./rules_group1.ts";
import { everyTrace } from "./small_traces.ts";

/** Replays one trace under every rule, and through the kernels where there are some. */
function compare(trace: readonly number[], capacities: readonly number[]): void {
  const replayer = new Replayer(traceOf(trace.map((block) => [block])), checking);
  const admission = replayer.registry.admitter("always");
  for (const [spec, rule] of Object.entries(RULES)) {
    const policy = replayer.registry.policy(spec);
    const engines = policy.entry.kernel ? ["general", "kernel"] as const : ["general"] as const;
    for (const capacityBlocks of capacities) {
      const touch = rule(capacityBlocks);
      const expected = trace.filter((block) => touch(block)).length;
      for (const engine of engines) {
        const run = { policy, capacityBlocks, admission, touch: "root-first", seed: 1, engine };
        const { hits } = replayer.run(run as RunSpec);
        const where = `${spec} (${engine}) at ${capacityBlocks} blocks on ${trace}`;
        assertEquals(hits, expected, where);
      }
    }
  }
}

const checking = checkingModule();

Deno.test("policies equal their definitions on every short trace", () => {
  for (let length = 1; length <= 8; length++) {
    for (const trace of everyTrace(length, 5)) compare(trace, [1, 2, 3]);
  }
});

Deno.test("policies equal their definitions on long random traces", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const next = numbersFrom(seed);
    const blocks = 4 + (seed % 12);
    const touch = () => Math.min(next() % blocks, next() % blocks);
    compare(Array.from({ length: 300 }, touch), [1, 2, 3, 4, 5, 7, 10]);
  }
});
