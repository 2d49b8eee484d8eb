/**
 * Prefetchers as definitions written to be read: what they name after each look-up, from all that
 * came before.
 *
 * @module
 */

/** A request: its session, and its blocks in order of look-up. */
export interface Asked {
  readonly session: number;
  readonly blocks: readonly number[];
}

/** What is named after the last look-up of `now`, given the requests that ended before. */
export type Rule = (before: readonly Asked[], now: Asked) => number[];

/** Items from most to least of something; equals stay as they are. */
function most<T>(items: readonly T[], of: (item: T) => number): T[] {
  return items.toSorted((a, b) => of(b) - of(a));
}

/** How often each block came, in order of first sight. */
function counts(blocks: readonly number[]): [number, number][] {
  const seen = new Map<number, number>();
  for (const block of blocks) seen.set(block, (seen.get(block) ?? 0) + 1);
  return [...seen];
}

function stream(before: readonly Asked[], now: Asked): number[] {
  return [...before, now].flatMap(({ blocks }) => blocks);
}

/** Every block that came just after `block`, in order. */
function followers(blocks: readonly number[], block: number): number[] {
  return blocks.slice(1).filter((_, i) => blocks[i] === block);
}

export const labMarkov = (successors: number, confidence: number): Rule => (before, now) => {
  const blocks = stream(before, now);
  return most(counts(followers(blocks, blocks.at(-1)!)), ([, count]) => count)
    .slice(0, successors)
    .filter(([, count]) => count >= confidence)
    .map(([block]) => block);
};

/** At most three successors; a fourth wears the third down, one for one. */
function kept(blocks: readonly number[], block: number): { block: number; count: number }[] {
  let ways: { block: number; count: number }[] = [];
  for (const next of followers(blocks, block)) {
    let way = ways.find((known) => known.block === next);
    if (way === undefined && ways.length === 3 && --ways[2].count > 0) continue;
    if (way === undefined) {
      ways = ways.slice(0, 2);
      ways.push(way = { block: next, count: 0 });
    }
    way.count++;
    // It stands before all that came less often, behind those that came as often.
    const others = ways.filter((other) => other !== way);
    const at = others.findIndex((other) => other.count < way.count);
    ways = others.toSpliced(at < 0 ? others.length : at, 0, way);
  }
  return ways;
}

export const markov =
  (successors: number, confidence: number, lookahead: number): Rule => (before, now) => {
    const blocks = stream(before, now);
    const asked = blocks.at(-1)!;
    const named = new Set<number>();
    let from = asked;
    for (let step = 0; step < lookahead; step++) {
      const sure = kept(blocks, from).filter(({ count }) => count >= confidence);
      for (const { block } of sure.slice(0, successors)) named.add(block);
      if (sure.length === 0) break;
      from = sure[0].block;
    }
    named.delete(asked);
    return [...named];
  };

/** Of each request, what is among the last `history` look-ups. */
function remembered(before: readonly Asked[], now: Asked, history: number): Asked[] {
  let room = history - now.blocks.length;
  return before.toReversed().map((request) => {
    const blocks = room > 0 ? request.blocks.slice(-room) : [];
    room -= request.blocks.length;
    return { ...request, blocks };
  });
}

export const session =
  (window: number, lookahead: number, history = Infinity): Rule => (before, now) => {
    const block = now.blocks.at(-1)!;
    const votes = remembered(before, now, history)
      .filter((request) => request.session === now.session && request.blocks.includes(block))
      .slice(0, window)
      .flatMap(({ blocks }) => {
        const at = blocks.indexOf(block) + 1;
        return blocks.slice(at, at + lookahead);
      });
    return most(counts(votes), ([, count]) => count).map(([block]) => block);
  };

export const stride = (confidence: number, lookahead: number): Rule => (before, now) => {
  const blocks = stream(before, now);
  const step = blocks.at(-1)! - blocks.at(-2)!;
  const steps = blocks.slice(1).map((block, i) => block - blocks[i]).slice(-confidence);
  const same = steps.length === confidence && steps.every((other) => other === step);
  if (!same || step === 0) return [];
  const next = Array.from({ length: lookahead }, (_, i) => blocks.at(-1)! + step * (i + 1));
  return next.filter((block) => block >= 0 && block <= Math.max(...blocks));
};
