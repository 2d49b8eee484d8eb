/**
 * Policies and admitters as definitions written to be read: from the rule, with lists that run
 * oldest first.
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

interface Counted {
  readonly block: number;
  touches: number;
}

/** The oldest entry without touches; touched ones go round again, one touch poorer. */
function secondChance(queue: Counted[]): void {
  while (queue[0].touches > 0) queue.push({ ...queue[0], touches: queue.shift()!.touches - 1 });
  queue.shift();
}

/** Ghosts in order of leaving; the oldest are forgotten. */
class Memory {
  private blocks: number[] = [];
  constructor(private readonly limit: number) {}

  add(block: number): void {
    this.blocks = [...this.blocks, block].slice(-this.limit);
    if (this.limit === 0) this.blocks = [];
  }

  forget(block: number): boolean {
    const had = this.blocks.includes(block);
    this.blocks = this.blocks.filter((other) => other !== block);
    return had;
  }
}

const sieve: Rule = (capacity) => {
  const queue: Counted[] = [];
  let hand = 0;
  return ({ block }) => {
    const found = queue.find((entry) => entry.block === block);
    if (found) found.touches = 1;
    else {
      if (queue.length === capacity) {
        for (;; hand++) {
          if (hand === queue.length) hand = 0;
          if (queue[hand].touches === 0) break;
          queue[hand].touches = 0;
        }
        queue.splice(hand, 1);
        // The hand has left the newest block behind: it starts anew, even if one comes in now.
        if (hand === queue.length) hand = 0;
      }
      queue.push({ block, touches: 0 });
    }
    return found !== undefined;
  };
};

/** A hit in two queues that only counts, up to three. */
function hit(small: Counted[], main: Counted[], block: number): boolean {
  const found = [...small, ...main].find((entry) => entry.block === block);
  if (found) found.touches = Math.min(3, found.touches + 1);
  return found !== undefined;
}

/** libCacheSim's order of steps: a promotion never evicts from the main queue at once. */
const s3Fifo = (share: number, ghosts: number): Rule => (capacity) => {
  const smallLimit = Math.trunc(capacity * share);
  const small: Counted[] = [];
  const main: Counted[] = [];
  const memory = new Memory(Math.trunc(capacity * ghosts));
  const makeRoom = () => {
    if (main.length > capacity - smallLimit) return secondChance(main);
    while (small.length > 0) {
      const { block, touches } = small.shift()!;
      if (touches < 2) return memory.add(block);
      main.push({ block, touches: 0 });
    }
    secondChance(main);
  };
  return ({ block }) => {
    if (hit(small, main, block)) return true;
    if (smallLimit <= 1) return false;
    const target = memory.forget(block) ? main : small;
    if (small.length + main.length === capacity) makeRoom();
    target.push({ block, touches: 0 });
    return false;
  };
};

/** Algorithm 1 of the paper, with room for one block at least in the small queue. */
const s3FifoPaper: Rule = (capacity) => {
  const smallLimit = Math.max(1, Math.trunc(capacity * 0.1));
  const small: Counted[] = [];
  const main: Counted[] = [];
  const memory = new Memory(capacity - smallLimit);
  const evictSmall = () => {
    while (small.length > 0) {
      const { block, touches } = small.shift()!;
      if (touches <= 1) return memory.add(block);
      main.push({ block, touches: 0 });
      if (main.length > capacity - smallLimit) secondChance(main);
    }
  };
  return ({ block }) => {
    if (hit(small, main, block)) return true;
    const target = memory.forget(block) ? main : small;
    while (small.length + main.length >= capacity) {
      if (small.length >= smallLimit) evictSmall();
      else secondChance(main);
    }
    target.push({ block, touches: 0 });
    return false;
  };
};

const qdlp = (share: number, ghosts: number): Rule => (capacity) => {
  const smallLimit = Math.trunc(capacity * share);
  const small: Counted[] = [];
  const main: Counted[] = [];
  const memory = new Memory(Math.trunc(capacity * ghosts));
  const enterMain = (block: number) => {
    if (main.length === capacity - smallLimit) secondChance(main);
    main.push({ block, touches: 0 });
  };
  return ({ block }) => {
    if (hit(small, main, block)) return true;
    if (smallLimit <= 1) return false;
    const cameBack = memory.forget(block);
    while (small.length + main.length === capacity) {
      const oldest = small.shift();
      if (oldest === undefined) secondChance(main);
      else if (oldest.touches > 0) enterMain(oldest.block);
      else memory.add(oldest.block);
    }
    if (cameBack) enterMain(block);
    else small.push({ block, touches: 0 });
    return false;
  };
};

/** A resident block and what its worth is made of. */
interface Held {
  readonly block: number;
  readonly touches: number;
  readonly depth: number;
  readonly size: number;
  readonly last: number;
  readonly worth: number;
}

/** One of the held leaves; `inflation` is the worth of the last that did. */
function choosing(choose: (held: readonly Held[], now: number) => Held): Rule {
  return (capacity) => {
    let held: Held[] = [];
    let now = 0;
    let inflation = 0;
    return ({ block, depth, requestBlocks }) => {
      now++;
      const found = held.find((entry) => entry.block === block);
      held = held.filter((entry) => entry !== found);
      if (held.length === capacity) {
        const victim = choose(held, now);
        held = held.filter((entry) => entry !== victim);
        inflation = victim.worth;
      }
      const touches = (found?.touches ?? 0) + 1;
      const size = found?.size ?? requestBlocks;
      held.push({ block, touches, depth, size, last: now, worth: inflation + touches });
      return found !== undefined;
    };
  };
}

/** The first in an order leaves. */
function ordered(order: (a: Held, b: Held) => number): Rule {
  return choosing((held) => held.toSorted(order)[0]);
}

const gdsf = ordered((a, b) => a.worth - b.worth || a.last - b.last);
const lengthAware = ordered((a, b) =>
  a.touches - b.touches || b.depth - a.depth || a.last - b.last
);

/** Within a size class the oldest stands for all; of equals, the smaller class goes. */
const sizeAwareLru = choosing((held, now) => {
  const sizeClass = (entry: Held) => Math.trunc(Math.log2(entry.size));
  const weight = (entry: Held) => (now - entry.last) * entry.size;
  const oldest = new Map<number, Held>();
  for (const entry of held.toSorted((a, b) => b.last - a.last)) oldest.set(sizeClass(entry), entry);
  const order = (a: Held, b: Held) => weight(b) - weight(a) || sizeClass(a) - sizeClass(b);
  return [...oldest.values()].toSorted(order)[0];
});

/** By policy and admission, as they are chosen on the command line. */
export const RULES: Readonly<Record<string, Rule>> = {
  "sieve always": sieve,
  "s3-fifo always": s3Fifo(0.1, 0.9),
  "s3-fifo(small=0.7;ghost=1) always": s3Fifo(0.7, 1),
  "s3-fifo-paper always": s3FifoPaper,
  "qdlp(small=0.7;ghost=1) always": qdlp(0.7, 1),
  "gdsf always": gdsf,
  "length-aware always": lengthAware,
  "size-aware-lru always": sizeAwareLru,
  "lru second-hit": secondHit(Infinity),
  "lru second-hit(window=1)": secondHit(1),
  "lru prefix-depth(depth=2)": filtered((touch) => touch.depth < 2),
};

/** LRU over what the filter lets in; the others change nothing. */
function filtered(admits: (touch: Touched) => boolean): Rule {
  return (capacity) => {
    let queue: number[] = [];
    return (touch) => {
      const found = queue.includes(touch.block);
      if (!found && !admits(touch)) return false;
      queue = [...queue.filter((block) => block !== touch.block), touch.block].slice(-capacity);
      return found;
    };
  };
}

/** A first miss is noted and used up by the second, unless `window` capacities were noted since. */
function secondHit(window: number): Rule {
  return (capacity) => {
    let noted: number[] = [];
    let used = new Set<number>();
    return filtered(({ block }) => {
      const at = noted.lastIndexOf(block);
      if (at >= 0 && !used.has(at) && noted.length - 1 - at < window * capacity) {
        used = used.add(at);
        return true;
      }
      noted = [...noted, block];
      return false;
    })(capacity);
  };
}
