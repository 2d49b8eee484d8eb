/**
 * The exact curve of the optimum over all capacities, from few replays.
 *
 * MIN with bypass packs intervals (from one use of a block to its next) of equal weight under a
 * capacity. That linear program is totally unimodular, so its hits are concave in the capacity, and
 * whole at whole capacities. A stretch whose slope is the same at both ends is therefore a straight
 * line, and one whose slopes differ by one bends once, where the two lines meet.
 *
 * Source: Carlisle and Lloyd, "On the k-coloring of intervals", Discrete Applied Mathematics 1995,
 * for the program; the search by tangents is ours.
 *
 * @module
 */
import type { Curve, CurvePoint } from "./curve.ts";

/** Hits of one replay. */
export interface ReplayHits {
  /** Block hits. */
  readonly hits: number;
  /** Hits in the leading runs. */
  readonly prefixHits: number;
}

/** Replays a trace under one policy from an empty cache of so many blocks, 1 or more. */
export type ReplayAt = (capacityBlocks: number) => ReplayHits;

/** What the optimum's curve is known to be, before any replay, and how long to look. */
export interface OptimumOptions {
  /** Distinct blocks of the trace: a cache of this size holds everything. */
  readonly uniqueBlocks: number;
  /** Hits of a cache that holds everything. */
  readonly ceilingHits: number;
  /** Whether prefix hits equal block hits, as on prefix trees; then they need no points. */
  readonly isPrefixTree: boolean;
  /** Most replays; without it, as many as an exact curve takes. */
  readonly replaysMax?: number;
  /** Called before each replay with how many were made. */
  readonly onReplay?: (made: number) => void;
}

/** A part of the curve that is not settled yet, with lines that bound it from above. */
interface Stretch {
  readonly a: number;
  readonly hitsA: number;
  readonly b: number;
  readonly hitsB: number;
  /** No step after `a` is higher than this. */
  readonly steep: number;
  /** No step before `b` is lower than this. */
  readonly flat: number;
}

/**
 * The optimum's hits at every capacity.
 *
 * @param replay The exact optimum with bypass at one capacity.
 * @returns An exact curve, or, when the replays ran out, its replayed points with `errorHits`, the
 * most that the hits between two points can be above the line through them; never below it.
 * Without a prefix tree `prefixPoints` holds the replayed capacities only.
 *
 * @example Hits 3, 5, 6 at 1, 2, 3 blocks
 * ```ts
 * import { optimumCurve } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const hits = [0, 3, 5, 6, 6, 6];
 * const replay = (blocks: number) => ({ hits: hits[blocks], prefixHits: hits[blocks] });
 * const facts = { uniqueBlocks: 5, ceilingHits: 6, isPrefixTree: true };
 * assertEquals(optimumCurve(replay, facts).points, [[1, 3], [2, 5], [3, 6]]);
 * ```
 */
export function optimumCurve(replay: ReplayAt, options: OptimumOptions): Curve {
  const search = new Search(replay, options);
  search.run();
  return search.curve();
}

class Search {
  private readonly known = new Map<number, number>();
  private readonly prefix = new Map<number, number>();
  private open: Stretch[] = [];
  private replays = 0;

  constructor(private readonly replay: ReplayAt, private readonly options: OptimumOptions) {}

  run(): void {
    const { uniqueBlocks, ceilingHits } = this.options;
    if (uniqueBlocks === 0 || ceilingHits === 0) return;
    this.known.set(uniqueBlocks, ceilingHits);
    const first = this.at(1);
    this.add({ a: 1, hitsA: first, b: uniqueBlocks, hitsB: ceilingHits, steep: first, flat: 0 });
    const most = this.options.replaysMax ?? Infinity;
    // A stretch takes one replay or two.
    while (this.open.length > 0 && this.replays + 2 <= most) this.split(this.widest());
  }

  curve(): Curve {
    const errorHits = Math.ceil(Math.max(0, ...this.open.map(gap)));
    const points = bends([...this.known].sort(([a], [b]) => a - b));
    const sampled = [...this.prefix].sort(([a], [b]) => a - b);
    return {
      policy: "optimal",
      exact: this.open.length === 0,
      points,
      prefixPoints: this.options.isPrefixTree ? points : sampled,
      errorHits,
    };
  }

  private at(capacity: number): number {
    const found = this.known.get(capacity);
    if (found !== undefined) return found;
    this.options.onReplay?.(this.replays);
    this.replays++;
    const { hits, prefixHits } = this.replay(capacity);
    this.known.set(capacity, hits);
    this.prefix.set(capacity, prefixHits);
    return hits;
  }

  /** Settles a stretch that its slopes decide, or leaves it to be split. */
  private add(stretch: Stretch): void {
    const { a, hitsA, b, hitsB, steep, flat } = stretch;
    if (b - a < 2) return;
    const rise = hitsB - hitsA;
    if (rise === steep * (b - a) || rise === flat * (b - a)) return;
    if (steep - flat === 1) {
      // Steps are whole: as many steep ones as the rise needs, then flat ones.
      const bend = a + rise - flat * (b - a);
      this.known.set(bend, hitsA + steep * (bend - a));
      return;
    }
    this.open.push(stretch);
  }

  /** Replays where the lines from both ends meet: there the curve may be furthest from its chord. */
  private split(stretch: Stretch): void {
    const { a, hitsA, b, hitsB, steep, flat } = stretch;
    const middle = Math.min(b - 1, Math.max(a + 1, Math.floor(meeting(stretch))));
    const hits = this.at(middle);
    const left = { a, hitsA, b: middle, hitsB: hits, steep };
    if (hits - hitsA === steep * (middle - a) && hitsB - hits === flat * (b - middle)) return;
    const next = this.at(middle + 1);
    const step = next - hits;
    this.add({ ...left, flat: step });
    this.add({ a: middle + 1, hitsA: next, b, hitsB, steep: step, flat });
  }

  private widest(): Stretch {
    let most = 0;
    for (let i = 1; i < this.open.length; i++) {
      if (gap(this.open[i]) > gap(this.open[most])) most = i;
    }
    const [stretch] = this.open.splice(most, 1);
    return stretch;
  }
}

/** Where the steep line through `a` meets the flat one through `b`. */
function meeting({ a, hitsA, b, hitsB, steep, flat }: Stretch): number {
  return a + (hitsB - hitsA - flat * (b - a)) / (steep - flat);
}

/** Most that the curve can be above the chord: at the meeting of the lines that bound it. */
function gap(stretch: Stretch): number {
  const { a, hitsA, b, hitsB, steep } = stretch;
  const run = meeting(stretch) - a;
  return steep * run - (hitsB - hitsA) * run / (b - a);
}

/** Leaves out the points on the line between their neighbours, and the level end. */
function bends(points: readonly CurvePoint[]): CurvePoint[] {
  const kept: CurvePoint[] = [];
  for (const point of points) {
    while (kept.length > 0 && isOnLine(kept.at(-2) ?? [0, 0], kept[kept.length - 1], point)) {
      kept.pop();
    }
    kept.push(point);
  }
  const last = kept.at(-1);
  const before = kept.at(-2);
  if (last !== undefined && before !== undefined && last[1] === before[1]) kept.pop();
  return kept;
}

function isOnLine([x0, y0]: CurvePoint, [x1, y1]: CurvePoint, [x2, y2]: CurvePoint): boolean {
  return (y1 - y0) * (x2 - x1) === (y2 - y1) * (x1 - x0);
}
