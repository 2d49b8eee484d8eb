/** Every number of kv-hierarchy-lab, but where its double residency shows. */
import { assertEquals } from "@std/assert";
import { HierarchyReplayer } from "../../engine/hierarchy.ts";
import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { type LabCase, labCases, labScenario, labTrace } from "../support/hierarchy_lab.ts";
import { checkingModule } from "../support/traces.ts";

const checking = checkingModule();
const cases = await labCases();

function simulateLab(lab: LabCase): Promise<HierarchyResult> {
  const { trace, columns } = labTrace(lab);
  return new HierarchyReplayer(trace, columns, checking)
    .run(labScenario(lab), { checkBooks: true, samples: 0 });
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

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

/** What differs, in words; nothing when the case is reproduced. */
async function differences(lab: LabCase): Promise<string[]> {
  const result = await simulateLab(lab);
  const expected = lab.metrics!;
  if (lab.trace.length === 0) return result.lookups === 0 ? [] : ["look-ups"];
  const ours = labNumbers(result);
  const found: string[] = [];
  for (const [name, value] of Object.entries(ours)) {
    const theirs = expected[name as keyof typeof ours];
    try {
      assertEquals(value, theirs);
    } catch {
      found.push(`${name} ${JSON.stringify(value)} for ${JSON.stringify(theirs)}`);
    }
  }
  const totalMs = result.latencyNs.total / 1e6;
  for (
    const [name, value, theirs] of [
      ["total_latency_ms", totalMs, expected.total_latency_ms],
      ["avg_latency_ms", totalMs / ours.accesses, expected.avg_latency_ms],
      ["overall_hit_rate", 1 - ours.miss_count / ours.accesses, expected.overall_hit_rate],
    ] as const
  ) {
    if (Math.abs(value - theirs) <= 1e-12 * Math.abs(theirs)) continue;
    found.push(`${name} ${value} for ${theirs}`);
  }
  return found;
}

const isOurs = (lab: LabCase) => lab.policy !== "belady_fnu" && lab.error === undefined;
for (const group of ["small", "sweep", "ablation"] as const) {
  Deno.test(`kv-hierarchy-lab, ${group}`, async () => {
    const wrong: string[] = [];
    for (const lab of cases[group].filter(isOurs)) {
      const found = await differences(lab);
      if (found.length > 0) wrong.push(`${lab.id}: ${found.join(", ")}`);
    }
    assertEquals(wrong, []);
  });
}
