/**
 * Policies that came with the hierarchy, and those of kv-hierarchy-lab, as definitions written to
 * be read: one tier, all that is resident in order of entry, all touches so far.
 *
 * @module
 */

/** A touch: the block, its place in its request, the request's length. */
export interface Touched {
  readonly block: number;
  readonly depth: number;
  readonly requestBlocks: number;
}

/** Makes an empty tier; a touch then tells whether the block was there. */
export type Rule = (capacity: number) => (touch: Touched) => boolean;

/** What happened so far, this touch included. */
interface Past {
  readonly capacity: number;
  readonly touches: readonly Touched[];
  /** For each eviction, the block and how many touches there were by then. */
  readonly evictions: readonly { readonly block: number; readonly time: number }[];
  /** Number of the touch at which each resident block came in, in order of entry. */
  readonly entered: ReadonlyMap<number, number>;
}

/** The order in which resident blocks are to leave; a key may be several numbers. */
type Order = (block: number, past: Past) => readonly number[];

function less(a: readonly number[], b: readonly number[]): boolean {
  const differs = a.findIndex((value, i) => value !== b[i]);
  return differs >= 0 && a[differs] < b[differs];
}

/** The least leaves; of equals, the first that entered. */
function leastFirst(order: Order, declines: (past: Past) => boolean = () => false): Rule {
  return (capacity) => {
    const touches: Touched[] = [];
    const evictions: { block: number; time: number }[] = [];
    const entered = new Map<number, number>();
    return (touch) => {
      touches.push(touch);
      if (entered.has(touch.block)) return true;
      const past = { capacity, touches, evictions, entered };
      if (declines(past)) return false;
      if (entered.size === capacity) {
        const keys = [...entered.keys()].map((block) => ({ block, key: order(block, past) }));
        const { block } = keys.reduce((best, other) => less(other.key, best.key) ? other : best);
        entered.delete(block);
        evictions.push({ block, time: touches.length });
      }
      entered.set(touch.block, touches.length);
      return false;
    };
  };
}

/** Numbers, from 1, of the touches of a block. */
function timesOf(block: number, { touches }: Past): number[] {
  return touches.flatMap((touch, i) => touch.block === block ? [i + 1] : []);
}

const last = (block: number, past: Past): number => timesOf(block, past).at(-1)!;

/** Touches of the newest stay. */
function touchesHere(block: number, past: Past): number {
  return timesOf(block, past).filter((time) => time >= past.entered.get(block)!).length;
}

/** Where the block stood when it was last touched. */
const placeOf = (block: number, past: Past): Touched => past.touches[last(block, past) - 1];

function windowedRecency(window: number): Rule {
  return leastFirst((block, past) => {
    const begin = past.touches.length - Math.ceil(window * past.capacity);
    return [timesOf(block, past).filter((time) => time > begin).length, last(block, past)];
  });
}

function heavyHitter(halfLife: number): Rule {
  return leastFirst((block, past) => {
    const now = past.touches.length;
    const weight = (time: number) => 2 ** ((time - now) / (halfLife * past.capacity));
    // The oldest first, as sums are rounded.
    return [timesOf(block, past).reduce((sum, time) => sum + weight(time), 0)];
  });
}

const importance = (pin: number, recency: number, frequency: number, depth: number): Rule => {
  const isPinned = (block: number, past: Past) => placeOf(block, past).depth < pin;
  return leastFirst((block, past) => {
    const place = placeOf(block, past).depth;
    const step = Math.trunc((1 - 1 / (1 + place / 100)) * 64);
    // The touch in progress is not yet one of the past.
    const age = past.touches.length - last(block, past);
    const fixed = frequency * Math.min(touchesHere(block, past), 20) / 20 + depth * (1 - step / 64);
    const pinned = isPinned(block, past) ? 1 : 0;
    const score = pinned ? 0 : fixed + recency / (1 + age / past.capacity);
    return [pinned, score, last(block, past)];
  }, (past) => {
    const pinned = [...past.entered.keys()].filter((block) => isPinned(block, past));
    return pinned.length === past.capacity;
  });
};

function slidingWindow(landmarks: number, window: number): Rule {
  return leastFirst((block, past) => {
    const { depth, requestBlocks } = placeOf(block, past);
    const isKept = depth < landmarks || requestBlocks - depth <= window;
    return [isKept ? 1 : 0, last(block, past)];
  });
}

/** Worth grows by the worth of the last victim; `merit` is what a touch finds to be its own. */
function greedyDual(
  recency: number,
  merit: (touch: Touched, past: Past) => number,
): Rule {
  return (capacity) => {
    const touches: Touched[] = [];
    const evictions: { block: number; time: number }[] = [];
    const entered = new Map<number, number>();
    const worth = new Map<number, { worth: number; time: number }>();
    let inflation = 0;
    return (touch) => {
      touches.push(touch);
      const found = entered.has(touch.block);
      if (!found && entered.size === capacity) {
        const [block, least] = [...worth].reduce((best, other) =>
          less([other[1].worth, other[1].time], [best[1].worth, best[1].time]) ? other : best
        );
        inflation = recency * least.worth;
        entered.delete(block);
        worth.delete(block);
        evictions.push({ block, time: touches.length });
      }
      if (!found) entered.set(touch.block, touches.length);
      const own = merit(touch, { capacity, touches, evictions, entered });
      worth.set(touch.block, { worth: inflation + own, time: touches.length });
      return found;
    };
  };
}

function costAware(attention: number): Rule {
  const cost = ({ requestBlocks }: Touched) => 1 + attention * (requestBlocks - 1) / 2;
  return greedyDual(1, (touch, past) => touchesHere(touch.block, past) * cost(touch));
}

interface RegretParameters {
  readonly horizon: number;
  readonly weight: number;
  readonly frequency: number;
  readonly recency: number;
  readonly decay: number;
}

/** Runs through the block's touches: how often, and how much regret there is now. */
function regretOf(block: number, past: Past, { horizon, decay }: RegretParameters) {
  const reach = Math.ceil(horizon * past.capacity);
  let regret = 0;
  let touches = 0;
  let before = 0;
  for (const time of timesOf(block, past)) {
    const evicted = past.evictions.findLast((eviction) =>
      eviction.block === block && eviction.time > before && eviction.time <= time
    );
    regret *= Math.max(0, 1 - (1 - decay) * (time - before) / reach);
    const gap = evicted === undefined ? undefined : time - evicted.time;
    touches = gap !== undefined && gap > reach ? 1 : touches + 1;
    if (gap !== undefined && gap <= reach) {
      regret = Math.min(1, regret + (reach - gap + 1) / (reach + 1));
    }
    before = time;
  }
  return { regret, touches };
}

function regretAware(parameters: RegretParameters): Rule {
  return greedyDual(parameters.recency, ({ block }, past) => {
    const { regret, touches } = regretOf(block, past, parameters);
    return parameters.frequency * touches + parameters.weight * regret;
  });
}

/** The lab's: f touches ever, l the position of the last, t the position now. */
type Score = (f: number, l: number, t: number, block: number, past: Past) => number;

function lab(score: Score): Rule {
  return leastFirst((block, past) => {
    const times = timesOf(block, past);
    return [score(times.length, times.at(-1)! - 1, past.touches.length - 1, block, past)];
  });
}

function labRegret(horizon: number, decay: number): Rule {
  return lab((f, l, t, block, past) => {
    let regret = 0;
    let before = 0;
    for (const time of timesOf(block, past)) {
      regret *= decay;
      const evicted = past.evictions.findLast((eviction) =>
        eviction.block === block && eviction.time > before && eviction.time <= time
      );
      const gap = time - (evicted?.time ?? -Infinity);
      if (gap <= horizon) regret += (horizon - gap + 1) / horizon;
      before = time;
    }
    return 1.5 * f + l / Math.max(t, 1) + 6 * regret;
  });
}

/** By policy, as they are chosen on the command line. */
export const RULES: Readonly<Record<string, Rule>> = {
  "windowed-recency": windowedRecency(4),
  "windowed-recency(window=1)": windowedRecency(1),
  "windowed-recency(window=0.4)": windowedRecency(0.4),
  "heavy-hitter": heavyHitter(1),
  "heavy-hitter(halfLife=5)": heavyHitter(5),
  "cost-aware": costAware(0.0096),
  "cost-aware(attention=0.75)": costAware(0.75),
  "regret-aware": regretAware({ horizon: 1, weight: 1, frequency: 1, recency: 1, decay: 0.5 }),
  "regret-aware(horizon=2.5;weight=0.5;frequency=2;recency=0.75;decay=0.25)": regretAware({
    horizon: 2.5,
    weight: 0.5,
    frequency: 2,
    recency: 0.75,
    decay: 0.25,
  }),
  "importance": importance(0, 1, 1, 2),
  "importance(pin=1)": importance(1, 1, 1, 2),
  "importance(pin=0;recency=3;frequency=0.5;depth=40)": importance(0, 3, 0.5, 40),
  "importance(pin=2;recency=0)": importance(2, 0, 1, 2),
  "importance(pin=0;recency=0;frequency=0)": importance(0, 0, 0, 2),
  "importance(pin=0;recency=20;frequency=2;depth=0)": importance(0, 20, 2, 0),
  "sliding-window(landmarks=1;window=1)": slidingWindow(1, 1),
  "sliding-window(landmarks=0;window=2)": slidingWindow(0, 2),
  "lab-lru": lab((_f, l) => l),
  "lab-windowed-recency(window=3)": lab((_f, l, t, block, past) =>
    1e6 * timesOf(block, past).filter((time) => time - 1 > t - 3).length + l
  ),
  "lab-heavy-hitter": lab((f, l) => 10_000 * f + l),
  "lab-cost-aware": lab((f, l, t) => 2 * f + l / Math.max(t, 1)),
  "lab-predictive": lab((f, l) => 100 * f + l),
  "lab-regret-aware": labRegret(24, 0.98),
  "lab-regret-aware(horizon=4;decay=0.5)": labRegret(4, 0.5),
};
