/** Every number of kv-hierarchy-lab, but where its double residency shows. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HierarchyReplayer } from "../../engine/hierarchy.ts";
import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { EngineError } from "../../errors/errors.ts";
import { type LabCase, labCases, labScenario, labTrace } from "../support/hierarchy_lab.ts";
import { LabTwin, type TwinResult } from "../support/hierarchy_lab_twin.ts";
import { checkingModule } from "../support/traces.ts";

const checking = checkingModule();
const cases = await labCases();

/**
 * The cases in which the lab chose a page as victim while it was promoting it, so that the page
 * stood in two tiers: our numbers are held against the lab's rules without that.
 */
const TOUCHED: Readonly<Record<string, readonly string[]>> = {
  small: [
    "lru/T3s/duplicate",
    "heavy_hitter/T3s/duplicate",
    "cost_aware/T3s/duplicate",
    "predictive/T4/S1/uniform",
    "predictive/T3s/duplicate",
    "predictive/T4/repeated-steps",
    "random0/predictive",
    "random1/regret_aware",
    "random9/windowed_recency",
    "random9/heavy_hitter",
    "random9/cost_aware",
    "random9/regret_aware",
    "random10/windowed_recency",
    "random10/cost_aware",
    "random10/predictive",
    "random10/regret_aware",
    "random11/windowed_recency",
    "random11/regret_aware",
  ],
  sweep: [
    "small_fp16_prefetch/rag_burst//belady_fnu",
    "small_fp16_prefetch/long_tail_mix//belady_fnu",
    "small_fp16_prefetch/prefetch_friendly//belady_fnu",
    "small_fp16_prefetch/adversarial_burst//predictive",
    "small_fp16_prefetch/adversarial_burst//belady_fnu",
    "small_fp16_prefetch/mixed_locality//belady_fnu",
    "small_fp16_prefetch/adversarial_prefetch//belady_fnu",
    "small_fp16_no_prefetch/rag_burst//belady_fnu",
    "small_fp16_no_prefetch/long_tail_mix//belady_fnu",
    "small_fp16_no_prefetch/prefetch_friendly//belady_fnu",
    "small_fp16_no_prefetch/adversarial_burst//belady_fnu",
    "small_fp16_no_prefetch/mixed_locality//belady_fnu",
    "small_fp16_no_prefetch/adversarial_prefetch//belady_fnu",
  ],
  ablation: [
    "medium/adversarial_burst/7/belady_fnu",
    "constrained/chat_continuation/7/cost_aware",
    "constrained/chat_continuation/7/regret_aware_w1.0_h8",
    "constrained/chat_continuation/7/regret_aware_w1.0_h24",
    "constrained/chat_continuation/7/regret_aware_w1.0_h64",
    "constrained/chat_continuation/7/regret_aware_w6.0_h8",
    "constrained/chat_continuation/7/regret_aware_w6.0_h24",
    "constrained/chat_continuation/7/regret_aware_w6.0_h64",
    "constrained/chat_continuation/7/regret_aware_w12.0_h8",
    "constrained/chat_continuation/7/regret_aware_w12.0_h24",
    "constrained/chat_continuation/7/regret_aware_w12.0_h64",
    "constrained/adversarial_burst/7/belady_fnu",
    "medium/adversarial_burst/42/belady_fnu",
    "constrained/chat_continuation/42/cost_aware",
    "constrained/chat_continuation/42/regret_aware_w1.0_h8",
    "constrained/chat_continuation/42/regret_aware_w1.0_h24",
    "constrained/chat_continuation/42/regret_aware_w1.0_h64",
    "constrained/chat_continuation/42/regret_aware_w6.0_h8",
    "constrained/chat_continuation/42/regret_aware_w6.0_h24",
    "constrained/chat_continuation/42/regret_aware_w6.0_h64",
    "constrained/chat_continuation/42/regret_aware_w12.0_h8",
    "constrained/chat_continuation/42/regret_aware_w12.0_h24",
    "constrained/chat_continuation/42/regret_aware_w12.0_h64",
    "constrained/adversarial_burst/42/belady_fnu",
  ],
};

function simulateLab(lab: LabCase): Promise<HierarchyResult> {
  const { trace, columns } = labTrace(lab);
  return new HierarchyReplayer(trace, columns, checking)
    .run(labScenario(lab), { checkBooks: true, samples: 0 });
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

type Numbers = ReturnType<typeof labNumbers>;

/** Our result as the lab would have printed it; integers, and the latency in milliseconds. */
function labNumbers(result: HierarchyResult) {
  const tiers = result.tiers.length;
  const moved = sumOf(
    result.trafficBytes.flatMap((matrix) =>
      matrix.slice(0, tiers).flatMap((row) => row.slice(0, tiers))
    ),
  );
  const { prefetch } = result;
  return {
    accesses: result.lookups,
    miss_count: result.lookups - result.tiers[0].hits,
    eviction_count: sumOf(result.tiers.map((tier) => tier.evictions)),
    bytes_moved: moved,
    // The lab books the demotions that a prefetch makes necessary as demand.
    demand_bytes_moved: moved - prefetch.bytes,
    prefetch_bytes_moved: prefetch.bytes,
    prefetch_requests: prefetch.requested,
    useful_prefetches: prefetch.useful,
    wasted_prefetches: prefetch.wasted,
    tier_hits: Object.fromEntries(
      result.tiers.filter((tier) => tier.hits > 0).map((tier) => [tier.name, tier.hits]),
    ),
    peak_footprint_bytes: Object.fromEntries(
      result.tiers.map((tier) => [tier.name, tier.peakBytes]),
    ),
  };
}

/** What the lab printed, in the same terms. */
function expected(lab: LabCase): Numbers {
  const metrics = lab.metrics!;
  return {
    accesses: metrics.accesses,
    miss_count: metrics.miss_count,
    eviction_count: metrics.eviction_count,
    bytes_moved: metrics.bytes_moved,
    demand_bytes_moved: metrics.demand_bytes_moved,
    prefetch_bytes_moved: metrics.prefetch_bytes_moved,
    prefetch_requests: metrics.prefetch_requests,
    useful_prefetches: metrics.useful_prefetches,
    wasted_prefetches: metrics.wasted_prefetches,
    tier_hits: metrics.tier_hits,
    peak_footprint_bytes: metrics.peak_footprint_bytes,
  };
}

/** What the twin found, in the same terms. */
function twinNumbers(lab: LabCase, twin: TwinResult): Numbers {
  const byTier = (values: readonly number[]) =>
    Object.fromEntries(lab.tiers.map((tier, index) => [tier.name, values[index]]));
  const hits = Object.entries(byTier(twin.tierHits)).filter(([, count]) => count > 0);
  return {
    accesses: lab.trace.length,
    miss_count: twin.misses,
    eviction_count: twin.evictions,
    bytes_moved: twin.bytesMoved,
    demand_bytes_moved: twin.bytesMoved - twin.bytesPrefetched,
    prefetch_bytes_moved: twin.bytesPrefetched,
    prefetch_requests: twin.requested,
    useful_prefetches: twin.useful,
    wasted_prefetches: twin.wasted,
    tier_hits: Object.fromEntries(hits),
    peak_footprint_bytes: byTier(twin.peakBytes),
  };
}

function assertLatency(lab: LabCase, value: number, theirs: number): void {
  const difference = Math.abs(value - theirs);
  assert(difference <= 1e-12 * Math.abs(theirs), `${lab.id}: ${value} ms for ${theirs} ms`);
}

const played = (lab: LabCase) => lab.error === undefined && lab.trace.length > 0;

for (const group of ["small", "sweep", "ablation"] as const) {
  Deno.test(`kv-hierarchy-lab, ${group}: every number where no page is in two tiers`, async () => {
    const touched: string[] = [];
    for (const lab of cases[group].filter(played)) {
      const result = await simulateLab(lab);
      const ours = labNumbers(result);
      const totalMs = result.latencyNs.total / 1e6;
      const published = new LabTwin(lab, false).run();
      assertEquals(twinNumbers(lab, published), expected(lab), `twin, ${lab.id}`);
      if (published.faults > 0) {
        touched.push(lab.id);
        const conserved = new LabTwin(lab, true).run();
        assertEquals(ours, twinNumbers(lab, conserved), `conserved, ${lab.id}`);
        assertLatency(lab, totalMs, conserved.totalMs);
        continue;
      }
      assertEquals(ours, expected(lab), lab.id);
      const metrics = lab.metrics!;
      assertLatency(lab, totalMs, metrics.total_latency_ms);
      assertLatency(lab, totalMs / ours.accesses, metrics.avg_latency_ms);
      assertEquals(1 - ours.miss_count / ours.accesses, metrics.overall_hit_rate, lab.id);
      const { prefetch } = result;
      const usefulness = prefetch.requested > 0 ? prefetch.useful / prefetch.requested : 0;
      assertEquals(usefulness, metrics.prefetch_usefulness, lab.id);
    }
    assertEquals(touched, TOUCHED[group]);
  });
}

Deno.test("kv-hierarchy-lab: an empty trace gives zeros, an oversize page is refused", async () => {
  for (const lab of cases.small.filter((lab) => !played(lab))) {
    if (lab.error !== undefined) {
      await assertRejects(() => simulateLab(lab), EngineError, "cannot hold one block");
    } else {
      assertEquals(expected(lab), labNumbersOfNothing(await simulateLab(lab)), lab.id);
    }
  }
});

/** The lab reports no tiers at all when nothing happened. */
function labNumbersOfNothing(result: HierarchyResult): Numbers {
  return { ...labNumbers(result), peak_footprint_bytes: {} };
}

Deno.test("kv-hierarchy-lab's page in two tiers is in one here", async () => {
  const lab = cases.small.find(({ id }) => id === "lru/T3s/duplicate")!;
  assertEquals(lab.residency, { t0: [2], t1: [0], t2: [1, 2] });
  const result = await simulateLab(lab);
  assertEquals(result.tiers.map((tier) => tier.residentBlocks), [1, 0, 2]);
  assertEquals(result.tiers.map((tier) => tier.usedBytes), [1024, 0, 2048]);
});

// Detaching first also keeps the lower tiers from evicting for a place that is about to be free.
Deno.test("detaching before making room never moves more bytes than copying, for LRU", async () => {
  for (const lab of cases.sweep.filter(({ policy }) => policy === "lru")) {
    const { trace, columns } = labTrace(lab);
    const replayer = new HierarchyReplayer(trace, columns, checking);
    const copied = await replayer.run(labScenario(lab));
    const detached = await replayer.run({ ...labScenario(lab), exchange: "detach" });
    assert(labNumbers(detached).bytes_moved <= labNumbers(copied).bytes_moved, lab.id);
  }
});
