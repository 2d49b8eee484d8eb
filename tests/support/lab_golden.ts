/**
 * What kv-hierarchy-lab itself gave: small cases, its sweep and its ablation, with the literal
 * traces and sizes. Made by running it unmodified; see tests/data/README.md.
 *
 * @module
 */
import type { LabCase, LabEvent, LabTier } from "./lab_model.ts";

/** Metrics by name, as the golden file has them. */
export type LabMetrics = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** A small case with everything that happened. */
export interface SmallCase extends LabCase {
  readonly id: string;
  readonly metrics: LabMetrics;
  readonly events: readonly LabEvent[];
  readonly final_residency: Readonly<Record<string, readonly string[]>>;
  readonly final_used_bytes: Readonly<Record<string, number>>;
  readonly final_regret?: Readonly<Record<string, number>>;
  readonly error?: string;
}

/** A row of the sweep or the ablation. */
export interface SweepRow {
  readonly scenario: string;
  readonly workload: string;
  readonly policy: string;
  readonly seed?: number;
  readonly metrics: LabMetrics;
  readonly events: number;
  readonly events_sha256: string;
}

interface Workload {
  readonly num_scalars: readonly number[];
  readonly trace: readonly number[];
}

interface Scenario {
  readonly tiers: readonly LabTier[];
  readonly quantization_scheme: string;
  readonly prefetch_enabled: boolean;
}

interface Part {
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly scenarios: Readonly<Record<string, Scenario>>;
}

interface Golden extends Part {
  readonly small: readonly SmallCase[];
  readonly sweep: readonly SweepRow[];
  readonly ablation: Part & { readonly rows: readonly SweepRow[] };
}

const BYTES: Readonly<Record<string, number>> = { fp16: 2, fp8: 1, int4: 0.5, int2: 0.25 };

async function read(): Promise<Golden> {
  const file = await Deno.open(new URL("../data/kv_hierarchy_lab.json.gz", import.meta.url));
  const text = file.readable.pipeThrough(new DecompressionStream("gzip"));
  return await new Response(text).json();
}

const golden = await read();

/** Cases with complete events. */
export const SMALL: readonly SmallCase[] = golden.small;

/** A row of the sweep or the ablation, and the case that it came from. */
export interface GoldenRow {
  readonly name: string;
  readonly row: SweepRow;
  readonly asked: LabCase;
}

function caseOf(part: Part, row: SweepRow): LabCase {
  const key = row.seed === undefined ? row.workload : `${row.workload}/seed${row.seed}`;
  const { num_scalars, trace } = part.workloads[key];
  const { tiers, quantization_scheme, prefetch_enabled } = part.scenarios[row.scenario];
  const regret = /^regret_aware_w([\d.]+)_h(\d+)$/.exec(row.policy);
  const bytes = (scalars: number) => Math.max(1, Math.trunc(scalars * BYTES[quantization_scheme]));
  return {
    tiers,
    pages: num_scalars.map((scalars, i) => [`page-${i}`, bytes(scalars), quantization_scheme]),
    trace: trace.map((page, step) => [step, `page-${page}`]),
    policy: regret === null ? row.policy : "regret_aware",
    params: regret === null
      ? {}
      : { regret_weight: Number(regret[1]), regret_horizon: Number(regret[2]) },
    prefetch_enabled,
    max_prefetch_candidates: 2,
  };
}

function rowsOf(part: Part, rows: readonly SweepRow[]): GoldenRow[] {
  // `belady_fnu` was added to the lab from outside; it is no policy of its own.
  return rows.filter(({ policy }) => policy !== "belady_fnu").map((row) => ({
    name: [row.scenario, row.workload, row.seed ?? "", row.policy].join(" "),
    row,
    asked: caseOf(part, row),
  }));
}

/** All rows of the sweep and the ablation. */
export const ROWS: readonly GoldenRow[] = [
  ...rowsOf(golden, golden.sweep),
  ...rowsOf(golden.ablation, golden.ablation.rows),
];
