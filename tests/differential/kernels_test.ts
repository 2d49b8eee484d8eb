/**
 * Kernels against the general engine: every counter, both touch orders, many capacities; and each
 * kernel against itself in slices of other sizes.
 */
import { assertEquals } from "@std/assert";
import { type Counters, Replayer, type RunSpec } from "../../engine/replayer.ts";
import { type Entry, registry } from "../../engine/registry.ts";
import type { Touch } from "../../engine/result.ts";
import { openTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";

const checking = checkingModule();
const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];
const REAL = ["conversation_trace.jsonl.gz", "synthetic_trace.jsonl.gz"];
const REAL_CAPACITIES = [1, 2, 3, 29, 182, 439, 1000, 5000, 18_279, 45_697, 182_790, 400_000];
const SMALL_CAPACITIES = [1, 2, 3, 4, 7, 12, 29, 63, 64, 100, 128, 299, 300, 301, 1000, 20_000];
const SLICES = [1, 7, 1000];
const both = registry().policies.filter((entry) => entry.kernel && entry.general);
const kernels = registry().policies.filter((entry) => entry.kernel);

/** Parameters away from the defaults, where a kernel has any. */
const VARIED: Readonly<Record<string, readonly string[]>> = {
  "clock": ["clock(bits=2)", "clock(bits=7)"],
  "s3-fifo": [
    "s3-fifo(small=0.3;ghost=0)",
    "s3-fifo(ghost=3)",
    "s3-fifo(small=1)",
    "s3-fifo(small=0.5;threshold=1)",
    "s3-fifo(threshold=3)",
  ],
};

function dataFile(name: string): string {
  return decodeURIComponent(new URL(`../data/${name}`, import.meta.url).pathname);
}

function* specs(replayer: Replayer, entry: Entry, capacities: readonly number[]) {
  for (const policy of [entry.name, ...(VARIED[entry.name] ?? [])]) {
    for (const capacityBlocks of capacities) {
      for (const touch of TOUCHES) {
        const spec: RunSpec = {
          policy: replayer.registry.policy(policy),
          admission: replayer.registry.admitter("always"),
          capacityBlocks,
          touch,
          seed: 1,
        };
        yield spec;
      }
    }
  }
}

function describe(spec: RunSpec): string {
  return `${spec.policy.label} at ${spec.capacityBlocks}, ${spec.touch}`;
}

function compareEngines(replayer: Replayer, entry: Entry, capacities: readonly number[]): void {
  for (const spec of specs(replayer, entry, capacities)) {
    const { engine: _general, ...general } = replayer.run({ ...spec, engine: "general" });
    const { engine: _kernel, ...kernel } = replayer.run({ ...spec, engine: "kernel" });
    assertEquals(kernel, general, describe(spec));
  }
}

/** As `replayer.run`, but with calls of `accesses` accesses (and the rest of the last request). */
function runInSlices(replayer: Replayer, spec: RunSpec, accesses: number): Counters {
  const instance = replayer["instance"];
  replayer["packRun"](spec);
  instance.checked("openRun", [replayer["runHeader"]], "open");
  while (instance.call("advance", [accesses], "advance") > 0);
  instance.checked("closeRun", [], "close");
  return replayer["counters"]();
}

/** The same blocks over and over, in requests of equal length. */
function loopRequests(blocks: number, length: number, rounds: number): number[][] {
  return Array.from(
    { length: blocks / length * rounds },
    (_, r) => Array.from({ length }, (_, i) => (r * length + i) % blocks),
  );
}

/** Traces that repeat blocks within requests, at several ranges of reuse. */
const seeded: readonly (readonly [string, Trace])[] = [
  ["few blocks", traceOf(looseRequests(11, 3000, 12))],
  ["some blocks", traceOf(looseRequests(12, 3000, 150))],
  ["many blocks", traceOf(looseRequests(13, 6000, 3000))],
  ["paths", traceOf(treeRequests(14, 3000, 4, 9))],
  ["a loop of 300", traceOf(loopRequests(300, 50, 20))],
  ["a loop in a scan", traceOf(loopRequests(300, 50, 20).map((r, i) => [...r, 1000 + i]))],
  ["no requests", traceOf([])],
  ["empty requests", traceOf([[], [0], [], []])],
];

for (const entry of both) {
  Deno.test(`${entry.name}: kernel and general engine agree on seeded traces`, () => {
    for (const [, trace] of seeded) {
      compareEngines(new Replayer(trace, checking), entry, SMALL_CAPACITIES);
    }
  });
}

for (const file of REAL) {
  Deno.test(`kernels and general engine agree on ${file}`, async (t) => {
    const replayer = new Replayer(await openTrace(dataFile(file)));
    for (const entry of both) {
      await t.step(entry.name, () => compareEngines(replayer, entry, REAL_CAPACITIES));
    }
  });
}

for (const entry of kernels) {
  Deno.test(`${entry.name}: slices of any size give the same counters`, () => {
    for (const [, trace] of seeded) {
      const replayer = new Replayer(trace, checking);
      for (const spec of specs(replayer, entry, [1, 3, 29, 300, 20_000])) {
        const whole = replayer.run({ ...spec, engine: "kernel" });
        for (const accesses of SLICES) {
          const label = `${describe(spec)} by ${accesses}`;
          assertEquals(
            runInSlices(replayer, { ...spec, engine: "kernel" }, accesses),
            whole,
            label,
          );
        }
      }
    }
  });
}

Deno.test("gdsf: as many newcomers as the tier has slots wait in the ring, and none is lost", () => {
  for (const capacityBlocks of [2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65]) {
    const blocks = (first: number, count: number) =>
      Array.from({ length: count }, (_, i) => [first + i]);
    const often = blocks(1, capacityBlocks - 1);
    const newcomers = blocks(1000, capacityBlocks);
    // The first newcomer takes the place of block 0, the others those of blocks touched twice
    // before it came; then all of them are here.
    const requests = [[0], ...often, ...often, ...newcomers, ...newcomers];
    for (const engine of ["general", "kernel"] as const) {
      const replayer = new Replayer(traceOf(requests), checking);
      const { hits, residentBlocks } = replayer.run({
        policy: replayer.registry.policy("gdsf"),
        admission: replayer.registry.admitter("always"),
        capacityBlocks,
        touch: "root-first",
        seed: 1,
        engine,
      });
      assertEquals([hits, residentBlocks], [often.length + newcomers.length, capacityBlocks]);
    }
  }
});
