/**
 * The eight access patterns of kv-hierarchy-lab at scale and mended: every one depends on its seed,
 * chat is recent by construction, and page sizes come from a stream of their own.
 *
 * @module
 */

import { count, number } from "./parameters.ts";
import {
  type PageKind,
  pageKind,
  type PageParameters,
  pageParameters,
  pageSizes,
} from "./pages.ts";
import { Random, Zipf } from "./random.ts";

interface PatternParameters extends PageParameters {
  readonly hotPages: number;
  readonly burst: number;
  readonly zipf: number;
  readonly noise: number;
}

/** Gives the page of each step, one after the other. */
type Pattern = (parameters: PatternParameters, random: Random) => () => number;

/** Recency: pages by their place in a stack of the last used, and now and then another one. */
function chatContinuation({ pages, hotPages, noise }: PatternParameters, random: Random) {
  const stack = Array.from({ length: Math.min(hotPages, pages) }, (_, page) => page);
  const places = new Zipf(stack.length, 1);
  return () => {
    const place = places.draw(random);
    const page = random.unit() < noise ? random.below(pages) : stack[place];
    const found = stack.indexOf(page);
    stack.splice(found < 0 ? stack.length - 1 : found, 1);
    stack.unshift(page);
    return page;
  };
}

/** Bursts of retrieved pages between draws of hot ones. */
function ragBurst({ pages, hotPages, burst, zipf }: PatternParameters, random: Random) {
  const hot = new Zipf(hotPages, zipf);
  const cold = pages - hotPages;
  let step = 0;
  let first = 0;
  return () => {
    // Of ten accesses seven are hot, as in the small form; a burst reads on from a random place.
    const at = step++ % Math.ceil(burst / 0.3);
    if (at >= burst) return hot.draw(random);
    if (at === 0) first = random.below(cold);
    return hotPages + (first + at) % cold;
  };
}

/** Cycles over a random choice of pages, which noise interrupts. */
function periodicReuse({ pages, hotPages, noise }: PatternParameters, random: Random) {
  const cycle = random.permutation(pages).subarray(0, hotPages);
  let at = 0;
  return () => {
    if (random.unit() < noise) return random.below(pages);
    at = (at + 1) % cycle.length;
    return cycle[at];
  };
}

/** A hot set for 70 % of accesses and a Zipf tail for the others. */
function longTail({ pages, hotPages, zipf }: PatternParameters, random: Random) {
  const names = random.permutation(pages);
  const tail = new Zipf(pages - hotPages, zipf);
  return () => {
    const isHot = random.unit() < 0.7;
    return names[isHot ? random.below(hotPages) : hotPages + tail.draw(random)];
  };
}

/** Runs of pages in order from random beginnings: what was seen once can be foretold. */
function prefetchFriendly({ pages, burst }: PatternParameters, random: Random) {
  const starts = Math.max(1, Math.floor(pages / burst));
  let page = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      left = burst;
      page = random.below(starts) * burst;
    }
    left--;
    return page++ % pages;
  };
}

/** Halves of the pages by turns, each at random: no successor says anything. */
function adversarialPrefetch({ pages }: PatternParameters, random: Random) {
  const half = Math.floor(pages / 2);
  let isUpper = true;
  return () => {
    isUpper = !isUpper;
    return isUpper ? half + random.below(pages - half) : random.below(half);
  };
}

/** Anchors, a flood of others, half the anchors again, another flood. */
function adversarialBurst({ pages, burst }: PatternParameters, random: Random) {
  const third = Math.floor(pages / 3);
  let queue: number[] = [];
  let at = 0;
  const distinct = (from: number, to: number) => {
    const drawn = new Set<number>();
    while (drawn.size < burst) drawn.add(from + random.below(to - from));
    return [...drawn];
  };
  return () => {
    if (at === queue.length) {
      const anchors = distinct(0, third);
      const half = anchors.slice(0, Math.floor(burst / 2));
      queue = [...anchors, ...distinct(third, 2 * third), ...half, ...distinct(2 * third, pages)];
      at = 0;
    }
    return queue[at++];
  };
}

/** Phases by turns: hot pages, a warm set, a stride over all. */
function mixedLocality({ pages, hotPages, burst }: PatternParameters, random: Random) {
  const names = random.permutation(pages);
  const warm = Math.min(pages - hotPages, hotPages * 2);
  const stride = 5 + 2 * random.below(8);
  let step = -1;
  return () => {
    step++;
    const phase = Math.floor(step / burst) % 3;
    if (phase === 0) return names[random.below(hotPages)];
    if (phase === 1) return names[hotPages + random.below(warm)];
    return names[step * stride % pages];
  };
}

type Numbers = Pick<PatternParameters, "hotPages" | "burst" | "zipf" | "noise">;

const PATTERNS: readonly (readonly [string, string, Pattern, Numbers, string])[] = [
  [
    "chat-continuation",
    "pages by how recently they were used, with some new ones",
    chatContinuation,
    { hotPages: 256, burst: 1, zipf: 1, noise: 1 / 17 },
    "hotPages: recent pages; noise: accesses to any page",
  ],
  [
    "rag-burst",
    "bursts of retrieved pages between draws of hot ones",
    ragBurst,
    { hotPages: 512, burst: 96, zipf: 0.8, noise: 0 },
    "hotPages and zipf: the hot set; burst: pages of a retrieval",
  ],
  [
    "periodic-reuse",
    "a cycle over some pages, with noise",
    periodicReuse,
    { hotPages: 576, burst: 1, zipf: 1, noise: 0.05 },
    "hotPages: pages of the cycle; noise: accesses to any page",
  ],
  [
    "long-tail",
    "a hot set for 70 % of accesses, a Zipf tail for the others",
    longTail,
    { hotPages: 320, burst: 1, zipf: 1, noise: 0 },
    "hotPages: the hot set; zipf: the tail's exponent",
  ],
  [
    "prefetch-friendly",
    "runs of pages in order, from random beginnings",
    prefetchFriendly,
    { hotPages: 1, burst: 48, zipf: 1, noise: 0 },
    "burst: pages of a run",
  ],
  [
    "adversarial-prefetch",
    "halves of the pages by turns, each at random",
    adversarialPrefetch,
    { hotPages: 1, burst: 1, zipf: 1, noise: 0 },
    "",
  ],
  [
    "adversarial-burst",
    "anchors, a flood, half the anchors again, another flood",
    adversarialBurst,
    { hotPages: 1, burst: 384, zipf: 1, noise: 0 },
    "burst: pages of a flood",
  ],
  [
    "mixed-locality",
    "phases of hot pages, warm pages and a stride",
    mixedLocality,
    { hotPages: 384, burst: 1920, zipf: 1, noise: 0 },
    "hotPages: the hot set, half of the warm one; burst: steps of a phase",
  ],
];

/** The eight at scale: 32 times the pages, 256 times the accesses. */
export const PATTERN_KINDS: readonly PageKind<PatternParameters>[] = PATTERNS.map(
  ([name, summary, pattern, numbers, uses]) =>
    pageKind<PatternParameters>({
      name,
      summary,
      defaultSeed: 1,
      parameters: {
        ...pageParameters(4_096, 65_536, 2_048),
        hotPages: count(numbers.hotPages, uses || "not used"),
        burst: count(numbers.burst, uses || "not used"),
        zipf: number(numbers.zipf, uses || "not used", 0, 10),
        noise: number(numbers.noise, uses || "not used", 0, 1),
      },
      stream(parameters, seed) {
        const { pages, length, hotPages, burst } = parameters;
        const least = Math.max(hotPages + 1, name === "adversarial-burst" ? 3 * burst : 2);
        if (pages < least) throw new RangeError(`pages is below the ${least} that ${name} needs`);
        const next = pattern(parameters, new Random(seed, "accesses"));
        return {
          accesses: Uint32Array.from({ length }, next),
          scalars: pageSizes(parameters, seed),
        };
      },
    }),
);
