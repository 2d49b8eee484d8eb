/**
 * Policies as definitions written to be read: from the rule, with lists that run oldest first.
 *
 * @module
 */

/** Makes an empty tier; touching a block then tells whether it was there. */
export type Rule = (capacity: number) => (block: number) => boolean;

/** Takes a block out of a list and tells whether it was in it. */
function take(list: number[], block: number): boolean {
  const at = list.indexOf(block);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

const fifo: Rule = (capacity) => {
  const queue: number[] = [];
  return (block) => {
    if (queue.includes(block)) return true;
    if (queue.length === capacity) queue.shift();
    queue.push(block);
    return false;
  };
};

/** LRU gives up the oldest touch, MRU the newest. */
function byLastTouch(giveUp: (queue: number[]) => void): Rule {
  return (capacity) => {
    const queue: number[] = [];
    return (block) => {
      const hit = take(queue, block);
      if (queue.length === capacity) giveUp(queue);
      queue.push(block);
      return hit;
    };
  };
}

const clock = (bits: number): Rule => (capacity) => {
  let queue: { block: number; rounds: number }[] = [];
  return (block) => {
    const found = queue.find((entry) => entry.block === block);
    if (found) {
      found.rounds = Math.min(found.rounds + 1, 2 ** bits - 1);
      return true;
    }
    if (queue.length === capacity) {
      while (queue[0].rounds > 0) {
        const [{ block, rounds }, ...rest] = queue;
        queue = [...rest, { block, rounds: rounds - 1 }];
      }
      queue.shift();
    }
    queue.push({ block, rounds: 0 });
    return false;
  };
};

/** A block with a rank; `since` is when it got that rank. */
interface Ranked {
  readonly block: number;
  readonly touches: number;
  readonly rank: number;
  readonly since: number;
}

/** The lowest rank leaves, the one that has it longest first. */
function byRank(rankOf: (touches: number, age: number) => number): Rule {
  return (capacity) => {
    let held: Ranked[] = [];
    let now = 0;
    let age = 0;
    return (block) => {
      now++;
      const found = held.find((entry) => entry.block === block);
      held = held.filter((entry) => entry !== found);
      if (held.length === capacity) {
        held.sort((a, b) => a.rank - b.rank || a.since - b.since);
        age = held.shift()!.rank;
      }
      const touches = (found?.touches ?? 0) + 1;
      held.push({ block, touches, rank: rankOf(touches, age), since: now });
      return found !== undefined;
    };
  };
}

/**
 * libCacheSim's reading: a hit adds the age; the age is the lowest rank, once something left. Ranks
 * may double at every hit, so both sides stop at 2⁶².
 */
const lfuDa: Rule = (capacity) => {
  const most = 2n ** 62n;
  const ranks = new Map<number, bigint>(); // in the order in which they were given
  let age = 0n;
  const lowest = () => [...ranks.values()].reduce((least, rank) => rank < least ? rank : least);
  const give = (block: number, rank: bigint) => ranks.set(block, rank < most ? rank : most);
  return (block) => {
    const rank = ranks.get(block);
    if (rank !== undefined) {
      ranks.delete(block);
      give(block, rank + age);
      if (age > 0n) age = lowest();
      return true;
    }
    if (ranks.size === capacity) {
      age = lowest();
      ranks.delete([...ranks.keys()].find((block) => ranks.get(block) === age)!);
      if (ranks.size > 0) age = lowest();
    }
    give(block, age + 1n);
    return false;
  };
};

const slru = (most: number): Rule => (capacity) => {
  const segments = Array.from({ length: Math.min(most, capacity) }, (): number[] => []);
  const room = Math.floor(capacity / segments.length);
  return (block) => {
    const from = segments.findIndex((segment) => take(segment, block));
    if (from < 0) {
      const held = segments.reduce((sum, segment) => sum + segment.length, 0);
      if (held === capacity) segments.find((segment) => segment.length > 0)!.shift();
      (segments.find((segment) => segment.length < room) ?? segments[0]).push(block);
      return false;
    }
    const to = Math.min(from + 1, segments.length - 1);
    segments[to].push(block);
    if (segments[to].length > room) {
      segments[from].push(segments[to].shift()!);
      while (from === 0 && segments[0].length > room) segments[0].shift();
    }
    return true;
  };
};

const slruPaper = (share: number): Rule => (capacity) => {
  const probationary: number[] = [];
  const guarded: number[] = [];
  return (block) => {
    const hit = take(guarded, block) || take(probationary, block);
    if (hit) {
      guarded.push(block);
      if (guarded.length > Math.floor(capacity * share)) probationary.push(guarded.shift()!);
      return true;
    }
    if (probationary.length + guarded.length === capacity) {
      (probationary.length > 0 ? probationary : guarded).shift();
    }
    probationary.push(block);
    return false;
  };
};

const twoQueue = (inShare: number, outShare: number): Rule => (capacity) => {
  const newcomers: number[] = [];
  const names: number[] = [];
  const main: number[] = [];
  const newcomersMost = Math.max(1, Math.floor(capacity * inShare));
  return (block) => {
    if (newcomers.includes(block)) return true;
    if (take(main, block)) {
      main.push(block);
      return true;
    }
    const returning = take(names, block);
    if (newcomers.length + main.length === capacity) {
      if (newcomers.length > newcomersMost || main.length === 0) {
        names.push(newcomers.shift()!);
        if (names.length > Math.floor(capacity * outShare)) names.shift();
      } else main.shift();
    }
    (returning ? main : newcomers).push(block);
    return false;
  };
};

/** Figure 4 of the paper. */
const arc: Rule = (capacity) => {
  const t1: number[] = [], t2: number[] = [], b1: number[] = [], b2: number[] = [];
  let p = 0;
  const replace = (fromB2: boolean) => {
    const once = t1.length > 0 && (t1.length > p || (fromB2 && t1.length === p));
    if (once) b1.push(t1.shift()!);
    else b2.push(t2.shift()!);
  };
  return (block) => {
    if (take(t1, block) || take(t2, block)) {
      t2.push(block);
      return true;
    }
    if (b1.includes(block)) {
      p = Math.min(capacity, p + Math.max(b2.length / b1.length, 1));
      replace(false);
      take(b1, block);
      t2.push(block);
    } else if (b2.includes(block)) {
      p = Math.max(0, p - Math.max(b1.length / b2.length, 1));
      replace(true);
      take(b2, block);
      t2.push(block);
    } else {
      const known = t1.length + t2.length + b1.length + b2.length;
      if (t1.length === capacity) t1.shift();
      else if (t1.length + b1.length === capacity) {
        b1.shift();
        replace(false);
      } else if (known >= capacity) {
        if (known === 2 * capacity) b2.shift();
        replace(false);
      }
      t1.push(block);
    }
    return false;
  };
};

/** What sets libCacheSim's LIRS apart: it `demotes` on a hit, and bounds its stack (`most`). */
interface LirsOptions {
  readonly hir: number;
  readonly most: number;
  readonly demotes: boolean;
}

const lirs = ({ hir, most, demotes }: LirsOptions): Rule => (capacity) => {
  let stack: number[] = [];
  const lir = new Set<number>();
  const queue: number[] = [];
  let ghosts: number[] = [];
  const queueMost = Math.min(Math.max(1, Math.floor(capacity * hir)), Math.max(1, capacity - 1));
  const lirMost = capacity - queueMost;
  const climb = (block: number) => {
    take(stack, block);
    if (lirMost > 0) stack.push(block);
  };
  const demoteBottom = () => {
    const bottom = stack.find((block) => lir.has(block))!;
    lir.delete(bottom);
    take(stack, bottom);
    queue.push(bottom);
  };
  const evict = () => {
    const victim = queue.shift()!;
    if (stack.includes(victim)) ghosts.push(victim);
  };
  const prune = () => {
    const bottom = stack.findIndex((block) => lir.has(block));
    stack = bottom < 0 ? [] : stack.slice(bottom);
    ghosts = ghosts.filter((block) => stack.includes(block));
  };
  return (block) => {
    const hit = lir.has(block) || queue.includes(block);
    if (!hit && lir.size + queue.length === capacity) evict();
    const returns = !lir.has(block) && stack.includes(block);
    take(queue, block);
    take(ghosts, block);
    if (returns || (!hit && lir.size < lirMost)) {
      climb(block);
      lir.add(block);
      if (lir.size > lirMost) demoteBottom();
    } else if (!lir.has(block)) {
      queue.push(block);
      if (hit && demotes && queueMost > 1 && lir.size === lirMost) {
        demoteBottom();
        prune();
        if (queue.length > queueMost) evict();
      }
    }
    const pushed = !stack.includes(block);
    climb(block);
    if (lir.has(block) || !pushed) prune();
    while (stack.length > most * capacity && ghosts.length > 0) take(stack, ghosts.shift()!);
    return hit;
  };
};

/** By the name (and parameters) of the policy that must equal it. */
export const RULES: Readonly<Record<string, Rule>> = {
  "fifo": fifo,
  "lru": byLastTouch((queue) => queue.shift()),
  "mru": byLastTouch((queue) => queue.pop()),
  "clock": clock(1),
  "clock(bits=2)": clock(2),
  "lfu": byRank((touches) => touches),
  "lfu-da": lfuDa,
  "lfu-da-paper": byRank((touches, age) => touches + age),
  "slru": slru(4),
  "slru(segments=2)": slru(2),
  "slru-paper": slruPaper(0.8),
  "slru-paper(protected=0.5)": slruPaper(0.5),
  "2q": twoQueue(0.25, 0.5),
  "2q(in=0.4;out=1)": twoQueue(0.4, 1),
  "arc": arc,
  "lirs": lirs({ hir: 0.01, most: 2, demotes: true }),
  "lirs(hir=0.5;stack=1)": lirs({ hir: 0.5, most: 1, demotes: true }),
  "lirs-paper": lirs({ hir: 0.01, most: Infinity, demotes: false }),
  "lirs-paper(hir=0.7)": lirs({ hir: 0.7, most: Infinity, demotes: false }),
};
