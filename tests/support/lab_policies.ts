/**
 * kv-hierarchy-lab's six policies as definitions written to be read: one object for all tiers.
 *
 * @module
 */

/** What a policy knows of a page. */
interface Page {
  touches: number;
  last: number;
  regret: number;
  evicted: number | undefined;
}

const DEFAULTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  lru: {},
  windowed_recency: { window_size: 32 },
  heavy_hitter: {},
  cost_aware: { freq_weight: 2, recency_weight: 1, size_penalty: 0.4 },
  predictive: { min_confidence: 2, max_prefetches: 2 },
  regret_aware: {
    regret_horizon: 24,
    regret_weight: 6,
    freq_weight: 1.5,
    recency_weight: 1,
    decay: 0.98,
  },
};

/** One of the six by its name. */
export class LabPolicy {
  private readonly pages = new Map<string, Page>();
  private readonly touched: string[] = [];
  private readonly p: Readonly<Record<string, number>>;
  private step = 0;

  constructor(
    private readonly name: string,
    params: Readonly<Record<string, number>>,
    private readonly sizes: ReadonlyMap<string, number>,
  ) {
    this.p = { ...DEFAULTS[name], ...params };
  }

  private page(id: string): Page {
    let page = this.pages.get(id);
    if (page === undefined) {
      page = { touches: 0, last: -1, regret: 0, evicted: undefined };
      this.pages.set(id, page);
    }
    return page;
  }

  onAccess(id: string, step: number): void {
    this.step = step;
    this.touched.push(id);
    const page = this.page(id);
    page.touches++;
    page.last = step;
    page.regret *= this.p.decay ?? 1;
    const gap = step - (page.evicted ?? -Infinity);
    const horizon = this.p.regret_horizon ?? 0;
    if (gap <= horizon) page.regret += (horizon - gap + 1) / horizon;
    page.evicted = undefined;
  }

  onInsert(id: string): void {
    if (this.name === "lru") this.page(id).last = this.step;
  }

  onEvict(id: string): void {
    if (this.name === "regret_aware") this.page(id).evicted = this.step;
  }

  /** The least score; of equals, the first. */
  victim(ids: readonly string[]): string {
    return ids.reduce((best, id) => this.score(id) < this.score(best) ? id : best);
  }

  private score(id: string): number {
    const { p } = this;
    const { touches, last, regret } = this.page(id);
    const recency = () => p.recency_weight * last / Math.max(this.step, 1);
    switch (this.name) {
      case "lru":
        return last;
      case "windowed_recency":
        return this.touched.slice(-p.window_size).filter((other) => other === id).length * 1e6 +
          last;
      case "heavy_hitter":
        return touches * 10_000 + last;
      case "predictive":
        return touches * 100 + last;
      case "cost_aware":
        return p.freq_weight * touches + recency() - p.size_penalty * (this.sizes.get(id)! / 1024);
      case "regret_aware":
        return p.freq_weight * touches + recency() + p.regret_weight * regret;
      default:
        throw new RangeError(this.name);
    }
  }

  /** Pages worth fetching after an access. */
  prefetches(id: string): string[] {
    if (this.name !== "predictive") return [];
    const counts = new Map<string, number>();
    this.touched.slice(1).forEach((next, i) => {
      if (this.touched[i] === id) counts.set(next, (counts.get(next) ?? 0) + 1);
    });
    return [...counts]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, this.p.max_prefetches)
      .filter(([, count]) => count >= this.p.min_confidence)
      .map(([next]) => next);
  }

  /** Regret of the pages that have any entry, as the golden file tells it. */
  regrets(): Record<string, number> {
    const known = [...this.pages].filter(([, { regret }]) => regret !== 0);
    return Object.fromEntries(known.map(([id, { regret }]) => [id, regret]));
  }
}
