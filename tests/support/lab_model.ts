/**
 * kv-hierarchy-lab's engine and policies as a model to be read: synchronous, exclusive, new blocks
 * into the slowest tier, every access promoted to the fastest.
 *
 * The lab makes room in the fastest tier before it takes the promoted page out of its source, so
 * the cascade can demote that very page and leave it in two tiers. With `conserving`, a cascade
 * that meets the promoted page finds that it has left for the fastest tier, and its place free.
 * Where the cascade never meets it, both agree.
 *
 * @module
 */
import { LabPolicy } from "./lab_policies.ts";

/** A tier as the golden file has it. */
export interface LabTier {
  readonly name: string;
  readonly capacity_bytes: number;
  readonly read_latency_ms: number;
  readonly write_latency_ms: number;
  readonly bandwidth_bytes_per_ms: number;
}

/** Page, bytes, quantisation scheme. */
export type LabPage = readonly [id: string, bytes: number, scheme: string];

/** What is replayed. */
export interface LabCase {
  readonly tiers: readonly LabTier[];
  readonly pages: readonly LabPage[];
  /** Step and page. */
  readonly trace: readonly (readonly [step: number, page: string])[];
  readonly policy: string;
  readonly params: Readonly<Record<string, number>>;
  readonly prefetch_enabled: boolean;
  readonly max_prefetch_candidates: number;
}

/** Step, kind, page, source, target, latency in ms, bytes. */
export type LabEvent = readonly [
  number,
  string,
  string,
  string | null,
  string | null,
  number,
  number,
];

/** Latency of reading one page of a scheme, in ms. */
export const PENALTY_MS: Readonly<Record<string, number>> = {
  fp16: 0,
  fp8: 0.01,
  int4: 0.03,
  int2: 0.06,
};

interface State extends LabTier {
  readonly pages: Map<string, number>;
  used: number;
  peak: number;
}

/** Replays a case and answers as the golden file does. */
export class LabModel {
  private readonly tiers: State[];
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly schemes: ReadonlyMap<string, string>;
  readonly policy: LabPolicy;
  readonly events: LabEvent[] = [];
  private readonly pending = new Set<string>();
  private readonly counts = {
    accesses: 0,
    miss_count: 0,
    eviction_count: 0,
    prefetch_requests: 0,
    useful_prefetches: 0,
    wasted_prefetches: 0,
    demand_bytes_moved: 0,
    prefetch_bytes_moved: 0,
  };
  private totalMs = 0;
  private readonly tierHits = new Map<string, number>();
  /** Times that the cascade met the page whose promotion caused it. */
  conflicts = 0;
  private promoting: string | undefined;

  constructor(private readonly asked: LabCase, private readonly conserving: boolean) {
    this.tiers = asked.tiers.map((tier) => ({ ...tier, pages: new Map(), used: 0, peak: 0 }));
    this.sizes = new Map(asked.pages.map(([id, bytes]) => [id, bytes]));
    this.schemes = new Map(asked.pages.map(([id, _, scheme]) => [id, scheme]));
    this.policy = new LabPolicy(asked.policy, asked.params, this.sizes);
    for (const [step, page] of asked.trace) this.access(step, page);
    this.counts.wasted_prefetches += this.pending.size;
  }

  private access(step: number, page: string): void {
    const tier = this.tierOf(page);
    this.policy.onAccess(page, step);
    this.counts.accesses++;
    if (tier === this.tiers[0]) {
      this.countHit(tier);
      this.totalMs += tier.read_latency_ms + this.penalty(page);
    } else {
      this.counts.miss_count++;
      if (tier === undefined) this.insertCold(page, step);
      else this.countHit(tier);
      this.promote(page, this.tierOf(page)!, step, false);
    }
    if (this.pending.delete(page)) this.counts.useful_prefetches++;
    if (this.asked.prefetch_enabled) this.prefetch(page, step);
  }

  private countHit(tier: State): void {
    this.tierHits.set(tier.name, (this.tierHits.get(tier.name) ?? 0) + 1);
  }

  private prefetch(page: string, step: number): void {
    const named = this.policy.prefetches(page).slice(0, this.asked.max_prefetch_candidates);
    for (const candidate of named) {
      if (this.tierOf(candidate) === this.tiers[0]) continue;
      if (this.tierOf(candidate) === undefined) this.insertCold(candidate, step);
      if (this.pending.has(candidate)) continue;
      this.pending.add(candidate);
      this.counts.prefetch_requests++;
      this.promote(candidate, this.tierOf(candidate)!, step, true);
    }
  }

  private tierOf(page: string): State | undefined {
    return this.tiers.find(({ pages }) => pages.has(page));
  }

  private penalty(page: string): number {
    return PENALTY_MS[this.schemes.get(page)!];
  }

  private add(tier: State, page: string): void {
    if (tier.pages.has(page)) return;
    tier.pages.set(page, this.sizes.get(page)!);
    tier.used += this.sizes.get(page)!;
    tier.peak = Math.max(tier.peak, tier.used);
  }

  private remove(tier: State, page: string): void {
    if (tier.pages.delete(page)) tier.used -= this.sizes.get(page)!;
  }

  private insertCold(page: string, step: number): void {
    const coldest = this.tiers.at(-1)!;
    this.makeRoom(this.tiers.length - 1, page, step);
    this.add(coldest, page);
    this.policy.onInsert(page);
  }

  private promote(page: string, source: State, step: number, isPrefetch: boolean): void {
    const fastest = this.tiers[0];
    if (fastest.pages.has(page)) return;
    this.promoting = page;
    this.makeRoom(0, page, step);
    this.promoting = undefined;
    this.remove(source, page);
    this.add(fastest, page);
    this.move(page, source, fastest, step, isPrefetch ? "prefetch" : "promote");
    this.policy.onInsert(page);
  }

  private makeRoom(index: number, page: string, step: number): void {
    const tier = this.tiers[index];
    const size = this.sizes.get(page)!;
    while (tier.used + size > tier.capacity_bytes) {
      if (tier.pages.size === 0) throw new RangeError(`${page} does not fit into ${tier.name}`);
      this.evict(index, this.policy.victim([...tier.pages.keys()]), step);
    }
  }

  private evict(index: number, page: string, step: number): void {
    const tier = this.tiers[index];
    const lower = this.tiers[index + 1];
    this.remove(tier, page);
    if (page === this.promoting) {
      this.conflicts++;
      if (this.conserving) return;
    }
    this.counts.eviction_count++;
    this.policy.onEvict(page);
    if (index === 0 && this.pending.delete(page)) this.counts.wasted_prefetches++;
    if (lower === undefined) {
      const bytes = this.sizes.get(page)!;
      this.events.push([step, "evict", page, tier.name, null, 0, bytes]);
      return;
    }
    this.makeRoom(index + 1, page, step);
    this.add(lower, page);
    this.move(page, tier, lower, step, "demote");
  }

  private move(page: string, source: State, target: State, step: number, kind: string): void {
    const bytes = this.sizes.get(page)!;
    const bandwidth = Math.max(
      Math.min(source.bandwidth_bytes_per_ms, target.bandwidth_bytes_per_ms),
      1,
    );
    const latencyMs = source.read_latency_ms + target.write_latency_ms + bytes / bandwidth +
      this.penalty(page);
    this.totalMs += latencyMs;
    this.counts[kind === "prefetch" ? "prefetch_bytes_moved" : "demand_bytes_moved"] += bytes;
    this.events.push([step, kind, page, source.name, target.name, latencyMs, bytes]);
  }

  /** The golden file's metrics. */
  metrics() {
    const { counts } = this;
    const share = (part: number, whole: number) => whole === 0 ? 0 : part / whole;
    const perAccess = (value: number) => share(value, counts.accesses);
    return {
      ...counts,
      avg_latency_ms: perAccess(this.totalMs),
      overall_hit_rate: counts.accesses === 0 ? 0 : 1 - counts.miss_count / counts.accesses,
      bytes_moved: counts.demand_bytes_moved + counts.prefetch_bytes_moved,
      prefetch_usefulness: share(counts.useful_prefetches, counts.prefetch_requests),
      tier_hit_rate: Object.fromEntries(
        [...this.tierHits].map(([name, hits]) => [name, perAccess(hits)]),
      ),
      peak_footprint_bytes: counts.accesses === 0
        ? {}
        : Object.fromEntries(this.tiers.map(({ name, peak }) => [name, peak])),
      total_latency_ms: this.totalMs,
      tier_hits: Object.fromEntries(this.tierHits),
    };
  }

  /** Pages of each tier in order of entry, and their bytes. */
  residency() {
    return {
      final_residency: Object.fromEntries(
        this.tiers.map(({ name, pages }) => [name, [...pages.keys()]]),
      ),
      final_used_bytes: Object.fromEntries(this.tiers.map(({ name, used }) => [name, used])),
    };
  }
}
