/**
 * The golden data of kv-hierarchy-lab, and its scenarios in our terms.
 *
 * @module
 */
import type { BlockColumns } from "../../engine/hierarchy.ts";
import type { HierarchyScenario, TierScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy, NATIVE_SCHEME } from "../../scenario/hierarchy_example.ts";
import type { Trace } from "../../traces/trace.ts";

/** A tier as the lab writes it down. */
export interface LabTier {
  readonly name: string;
  readonly capacity_bytes: number;
  readonly read_latency_ms: number;
  readonly write_latency_ms: number;
  readonly bandwidth_bytes_per_ms: number;
}

/** What the lab found, as far as we compare it. */
export interface LabMetrics {
  readonly accesses: number;
  readonly miss_count: number;
  readonly eviction_count: number;
  readonly avg_latency_ms: number;
  readonly overall_hit_rate: number;
  readonly bytes_moved: number;
  readonly demand_bytes_moved: number;
  readonly prefetch_bytes_moved: number;
  readonly prefetch_requests: number;
  readonly useful_prefetches: number;
  readonly wasted_prefetches: number;
  readonly prefetch_usefulness: number;
  readonly tier_hit_rate: Readonly<Record<string, number>>;
  readonly peak_footprint_bytes: Readonly<Record<string, number>>;
  readonly total_latency_ms: number;
  readonly tier_hits: Readonly<Record<string, number>>;
}

type Scheme = "fp16" | "fp8" | "int4" | "int2";

/** One case with everything that it needs. */
export interface LabCase {
  readonly id: string;
  readonly tiers: readonly LabTier[];
  /** Bytes and scheme of each page, by its number. */
  readonly pages: readonly (readonly [bytes: number, scheme: Scheme])[];
  /** Step and page of each access. */
  readonly trace: readonly (readonly [step: number, page: number])[];
  readonly policy: string;
  readonly params: Readonly<Record<string, number>>;
  readonly prefetch: boolean;
  readonly prefetchMax: number;
  readonly metrics?: LabMetrics;
  /** Pages of each tier at the end, where the lab's copy says. */
  readonly residency?: Readonly<Record<string, readonly number[]>>;
  readonly error?: string;
}

interface SmallCase {
  readonly id: string;
  readonly tiers: readonly LabTier[];
  readonly pages: readonly (readonly [string, number, Scheme])[];
  readonly trace: readonly (readonly [number, string])[];
  readonly policy: string;
  readonly params: Readonly<Record<string, number>>;
  readonly prefetch_enabled: boolean;
  readonly max_prefetch_candidates: number;
  readonly metrics?: LabMetrics;
  readonly final_residency?: Readonly<Record<string, readonly string[]>>;
  readonly error?: string;
}

interface LabScenario {
  readonly tiers: readonly LabTier[];
  readonly quantization_scheme: Scheme;
  readonly prefetch_enabled: boolean;
}

interface Workload {
  readonly num_scalars: readonly number[];
  readonly trace: readonly number[];
}

interface Row {
  readonly seed?: number;
  readonly scenario: string;
  readonly workload: string;
  readonly policy: string;
  readonly metrics: LabMetrics;
}

interface Golden {
  readonly small: readonly SmallCase[];
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly scenarios: Readonly<Record<string, LabScenario>>;
  readonly sweep: readonly Row[];
  readonly ablation: {
    readonly workloads: Readonly<Record<string, Workload>>;
    readonly scenarios: Readonly<Record<string, LabScenario>>;
    readonly rows: readonly Row[];
  };
}

/** Bytes of a number, and the milliseconds that the lab charges for each transfer of a page. */
const SCHEMES: Readonly<Record<Scheme, readonly [bytes: number, penaltyMs: number]>> = {
  fp16: [2, 0],
  fp8: [1, 0.01],
  int4: [0.5, 0.03],
  int2: [0.25, 0.06],
};

/** All cases, group by group. */
export interface LabCases {
  readonly small: readonly LabCase[];
  readonly sweep: readonly LabCase[];
  readonly ablation: readonly LabCase[];
}

/** Reads the golden file. */
export async function labCases(): Promise<LabCases> {
  const file = new URL("../data/kv_hierarchy_lab.json.gz", import.meta.url);
  const stream = (await Deno.open(file)).readable.pipeThrough(new DecompressionStream("gzip"));
  const golden = await new Response(stream).json() as Golden;
  return {
    small: golden.small.map(smallCase),
    sweep: golden.sweep.map((row) =>
      rowCase(row, golden.scenarios[row.scenario], golden.workloads[row.workload])
    ),
    ablation: golden.ablation.rows.map((row) => {
      const workload = golden.ablation.workloads[`${row.workload}/seed${row.seed}`];
      return rowCase(row, golden.ablation.scenarios[row.scenario], workload);
    }),
  };
}

function smallCase(small: SmallCase): LabCase {
  const numbers = new Map(small.pages.map(([name], index) => [name, index]));
  const residency = small.final_residency && Object.fromEntries(
    Object.entries(small.final_residency).map(([tier, names]) => [
      tier,
      names.map((name) => numbers.get(name)!),
    ]),
  );
  return {
    id: small.id,
    tiers: small.tiers,
    pages: small.pages.map(([, bytes, scheme]) => [bytes, scheme]),
    trace: small.trace.map(([step, name]) => [step, numbers.get(name)!]),
    policy: small.policy,
    params: small.params,
    prefetch: small.prefetch_enabled,
    prefetchMax: small.max_prefetch_candidates,
    metrics: small.metrics,
    residency,
    error: small.error,
  };
}

function rowCase(row: Row, scenario: LabScenario, workload: Workload): LabCase {
  const scheme = scenario.quantization_scheme;
  const [policy, weight, horizon] = row.policy.split(/_w|_h(?=\d)/);
  return {
    id: [row.scenario, row.workload, row.seed ?? "", row.policy].join("/"),
    tiers: scenario.tiers,
    pages: workload.num_scalars.map((
      scalars,
    ) => [Math.max(1, Math.trunc(scalars * SCHEMES[scheme][0])), scheme]),
    trace: workload.trace.map((page, step) => [step, page]),
    policy: weight === undefined ? row.policy : policy,
    params: weight === undefined
      ? {}
      : { regret_weight: Number(weight), regret_horizon: Number(horizon) },
    prefetch: scenario.prefetch_enabled,
    prefetchMax: 2,
    metrics: row.metrics,
  };
}

/** The lab's names of parameters, in ours. */
const PARAMETERS: Readonly<Record<string, string>> = {
  window_size: "window",
  regret_horizon: "horizon",
  regret_weight: "weight",
  freq_weight: "frequency",
  recency_weight: "recency",
  decay: "decay",
  size_penalty: "size",
};

function policySpec({ policy, params }: LabCase): string {
  if (policy === "belady_fnu") return "furthest-next-use";
  const values = Object.entries(params)
    .filter(([name]) => name in PARAMETERS)
    .map(([name, value]) => `${PARAMETERS[name]}=${value}`);
  return `lab-${policy.replaceAll("_", "-")}(${values.join(";")})`;
}

/** A case as a scenario: integer nanoseconds and bytes per second. */
export function labScenario(lab: LabCase): HierarchyScenario {
  const tiers = lab.tiers.map((tier): TierScenario => ({
    ...exampleHierarchy({ capacityBlocks: [1] }).tiers[0],
    name: tier.name,
    capacityBytes: tier.capacity_bytes,
    readBytesPerSecond: tier.bandwidth_bytes_per_ms * 1000,
    writeBytesPerSecond: tier.bandwidth_bytes_per_ms * 1000,
    readLatencyNs: Math.round(tier.read_latency_ms * 1e6),
    writeLatencyNs: Math.round(tier.write_latency_ms * 1e6),
    // Sizes are bytes already, odd ones too: a number is a byte.
    scheme: { ...NATIVE_SCHEME, bitsPerNumber: 8 },
    policy: policySpec(lab),
  }));
  const confidence = lab.params.min_confidence ?? 2;
  const predicts = lab.policy === "predictive" && lab.prefetch;
  return {
    ...exampleHierarchy({ capacityBlocks: [1] }),
    name: lab.id,
    bitsPerNumber: 8,
    tiers,
    entry: "slowest",
    touch: "root-first",
    exchange: "copy",
    prefetch: {
      name: predicts ? `lab-markov(confidence=${confidence})` : "none",
      maxBlocks: lab.prefetchMax,
    },
  };
}

/** The trace of a case: a request of one block for each access. */
export function labTrace(lab: LabCase): { trace: Trace; columns: BlockColumns; pages: number[] } {
  const pages: number[] = [];
  const numbers = new Map<number, number>();
  for (const [, page] of lab.trace) {
    if (numbers.has(page)) continue;
    numbers.set(page, pages.length);
    pages.push(page);
  }
  const count = lab.trace.length;
  const trace: Trace = {
    path: lab.id,
    format: "memory",
    blockTokens: 16,
    requestCount: count,
    accesses: count,
    uniqueBlocks: pages.length,
    reuse: "hashes",
    requests: {
      inputTokens: new Uint32Array(count).fill(16),
      firstExtent: Uint32Array.from({ length: count + 1 }, (_, index) => index),
    },
    extents: {
      firstBlock: Uint32Array.from(lab.trace, ([, page]) => numbers.get(page)!),
      blockCount: new Uint32Array(count).fill(1),
    },
    hash: "",
    notes: [],
  };
  const columns = {
    blockBytes: Uint32Array.from(pages, (page) => lab.pages[page][0]),
    blockReadNs: Uint32Array.from(
      pages,
      (page) => Math.round(SCHEMES[lab.pages[page][1]][1] * 1e6),
    ),
    steps: Float64Array.from(lab.trace, ([step]) => step),
  };
  return { trace, columns, pages };
}
