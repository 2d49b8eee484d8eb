/**
 * kv-hierarchy-lab's engine by its published rules, written to be read: it says which cases its
 * double residency touches, and what comes out without it.
 *
 * @module
 */
import type { LabCase } from "./hierarchy_lab.ts";

/** What one run of the twin found. */
export interface TwinResult {
  readonly misses: number;
  readonly evictions: number;
  readonly bytesMoved: number;
  readonly bytesPrefetched: number;
  readonly requested: number;
  readonly useful: number;
  readonly wasted: number;
  readonly totalMs: number;
  readonly tierHits: readonly number[];
  readonly peakBytes: readonly number[];
  /** Pages of each tier at the end, in order of entry. */
  readonly residency: readonly (readonly number[])[];
  /** Times that a page was chosen to leave its tier while it was being promoted from it. */
  readonly faults: number;
}

const PENALTY_MS = { fp16: 0, fp8: 0.01, int4: 0.03, int2: 0.06 } as const;
const NEVER = 1e9;

/** Frequencies, recencies, regret: what all tiers know of a page. */
class Memory {
  private step = -1;
  private position = -1;
  private readonly touches = new Map<number, number>();
  private readonly last = new Map<number, number>();
  private readonly regret = new Map<number, number>();
  private readonly evicted = new Map<number, number>();
  private readonly followers = new Map<number, Map<number, number>>();
  private window: number[] = [];
  private before: number | undefined;

  constructor(private readonly lab: LabCase) {}

  private parameter(name: string, normal: number): number {
    return this.lab.params[name] ?? normal;
  }

  onAccess(page: number, step: number): void {
    this.step = step;
    this.position++;
    this.touches.set(page, (this.touches.get(page) ?? 0) + 1);
    this.last.set(page, step);
    this.window = [...this.window, page].slice(-this.parameter("window_size", 32));
    if (this.before !== undefined) {
      const counts = this.followers.get(this.before) ?? new Map<number, number>();
      this.followers.set(this.before, counts);
      counts.set(page, (counts.get(page) ?? 0) + 1);
    }
    this.before = page;
    const horizon = this.parameter("regret_horizon", 24);
    let regret = this.regret.get(page);
    if (regret !== undefined) regret *= this.parameter("decay", 0.98);
    const left = this.evicted.get(page);
    this.evicted.delete(page);
    if (left !== undefined && step - left <= horizon) {
      regret = (regret ?? 0) + (horizon - (step - left) + 1) / horizon;
    }
    if (regret !== undefined) this.regret.set(page, regret);
  }

  onInsert(page: number): void {
    if (this.lab.policy === "lru") this.last.set(page, this.step);
  }

  onEvict(page: number): void {
    this.evicted.set(page, this.step);
  }

  /** Pages to fetch after one, most frequent first. */
  predicted(page: number): number[] {
    if (this.lab.policy !== "predictive") return [];
    return [...(this.followers.get(page) ?? [])]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 2)
      .filter(([, count]) => count >= this.parameter("min_confidence", 2))
      .map(([follower]) => follower);
  }

  /** The least goes. */
  score(page: number): number {
    const touches = this.touches.get(page) ?? 0;
    const last = this.last.get(page) ?? -1;
    const share = last / Math.max(this.step, 1);
    const weight = (name: string, normal: number) => this.parameter(name, normal);
    switch (this.lab.policy) {
      case "windowed_recency":
        return this.window.filter((other) => other === page).length * 1_000_000 + last;
      case "heavy_hitter":
        return touches * 10_000 + last;
      case "cost_aware":
        return weight("freq_weight", 2) * touches + weight("recency_weight", 1) * share -
          weight("size_penalty", 0.4) * (this.lab.pages[page][0] / 1024);
      case "predictive":
        return touches * 100 + last;
      case "regret_aware":
        return weight("freq_weight", 1.5) * touches + weight("recency_weight", 1) * share +
          weight("regret_weight", 6) * (this.regret.get(page) ?? 0);
      case "belady_fnu":
        return -this.nextUse(page);
      default:
        return last;
    }
  }

  private nextUse(page: number): number {
    const next = this.lab.trace.findIndex(([, other], at) => at > this.position && other === page);
    return next < 0 ? NEVER : next;
  }
}

/** The lab's engine. `conserve` keeps a page that is being promoted from being a victim. */
export class LabTwin {
  private readonly memory: Memory;
  private readonly tiers: Set<number>[];
  private readonly used: number[];
  private readonly peaks: number[];
  private readonly tierHits: number[];
  private readonly pending = new Set<number>();
  private readonly counts = {
    misses: 0,
    evictions: 0,
    bytesMoved: 0,
    bytesPrefetched: 0,
    requested: 0,
    useful: 0,
    wasted: 0,
    totalMs: 0,
    faults: 0,
  };
  /** The page that is being promoted. */
  private moving: number | undefined;

  constructor(private readonly lab: LabCase, private readonly conserve: boolean) {
    this.memory = new Memory(lab);
    this.tiers = lab.tiers.map(() => new Set());
    this.used = lab.tiers.map(() => 0);
    this.peaks = lab.tiers.map(() => 0);
    this.tierHits = lab.tiers.map(() => 0);
  }

  run(): TwinResult {
    for (const [step, page] of this.lab.trace) this.access(step, page);
    this.counts.wasted += this.pending.size;
    const residency = this.tiers.map((tier) => [...tier]);
    return { ...this.counts, tierHits: this.tierHits, peakBytes: this.peaks, residency };
  }

  private access(step: number, page: number): void {
    this.memory.onAccess(page, step);
    const at = this.tierOf(page);
    if (at >= 0) this.tierHits[at]++;
    if (at === 0) {
      this.counts.totalMs += this.lab.tiers[0].read_latency_ms + this.penalty(page);
    } else {
      this.counts.misses++;
      this.promote(page, false);
    }
    if (this.pending.delete(page)) this.counts.useful++;
    if (!this.lab.prefetch) return;
    for (const next of this.memory.predicted(page).slice(0, this.lab.prefetchMax)) {
      if (this.tierOf(next) === 0 || this.pending.has(next)) continue;
      this.pending.add(next);
      this.counts.requested++;
      this.promote(next, true);
    }
  }

  private tierOf(page: number): number {
    return this.tiers.findIndex((tier) => tier.has(page));
  }

  private bytes(page: number): number {
    return this.lab.pages[page][0];
  }

  private penalty(page: number): number {
    return PENALTY_MS[this.lab.pages[page][1]];
  }

  private costMs(source: number, target: number, page: number): number {
    const from = this.lab.tiers[source];
    const to = this.lab.tiers[target];
    const bandwidth = Math.min(from.bandwidth_bytes_per_ms, to.bandwidth_bytes_per_ms);
    return from.read_latency_ms + to.write_latency_ms + this.bytes(page) / bandwidth +
      this.penalty(page);
  }

  private add(tier: number, page: number): void {
    if (this.tiers[tier].has(page)) return;
    this.tiers[tier].add(page);
    this.used[tier] += this.bytes(page);
    this.peaks[tier] = Math.max(this.peaks[tier], this.used[tier]);
  }

  private remove(tier: number, page: number): void {
    if (this.tiers[tier].delete(page)) this.used[tier] -= this.bytes(page);
  }

  private promote(page: number, isPrefetch: boolean): void {
    let source = this.tierOf(page);
    if (source < 0) {
      source = this.tiers.length - 1;
      this.makeRoom(source, page);
      this.add(source, page);
      this.memory.onInsert(page);
    }
    if (source === 0) return;
    this.moving = page;
    this.makeRoom(0, page);
    this.moving = undefined;
    this.remove(source, page);
    this.add(0, page);
    this.counts.totalMs += this.costMs(source, 0, page);
    this.counts.bytesMoved += this.bytes(page);
    if (isPrefetch) this.counts.bytesPrefetched += this.bytes(page);
    this.memory.onInsert(page);
  }

  private makeRoom(tier: number, page: number): boolean {
    while (this.used[tier] + this.bytes(page) > this.lab.tiers[tier].capacity_bytes) {
      const victim = this.victim(tier);
      if (victim === undefined) return false;
      this.evict(tier, victim);
    }
    return true;
  }

  private victim(tier: number): number | undefined {
    let victim: number | undefined;
    let least = Infinity;
    for (const page of this.tiers[tier]) {
      if (this.conserve && page === this.moving) continue;
      const score = this.memory.score(page);
      if (score < least) [victim, least] = [page, score];
    }
    return victim;
  }

  private evict(tier: number, page: number): void {
    if (page === this.moving) this.counts.faults++;
    this.remove(tier, page);
    this.counts.evictions++;
    this.memory.onEvict(page);
    if (tier === 0 && this.pending.delete(page)) this.counts.wasted++;
    let from = tier;
    for (let lower = tier + 1; lower < this.tiers.length; lower++) {
      from = lower;
      if (!this.makeRoom(lower, page)) continue;
      this.add(lower, page);
      this.counts.totalMs += this.costMs(tier, lower, page);
      this.counts.bytesMoved += this.bytes(page);
      return;
    }
    if (from !== this.tiers.length - 1) throw new Error("a page got lost");
  }
}
