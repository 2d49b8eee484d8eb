/**
 * The eight workloads of kv-hierarchy-lab, number for number: its seeds give its traces.
 *
 * They are small and some do not depend on the seed; `patterns.ts` has forms at scale.
 *
 * @module
 */

import { PyRandom } from "../py_random.ts";
import { count } from "./parameters.ts";
import { type PageKind, pageKind, type PageParameters, pageParameters } from "./pages.ts";

interface LabParameters extends PageParameters {
  readonly period: number;
  readonly burst: number;
}

type Order = (parameters: LabParameters, random: PyRandom) => number[];

function pagesFrom(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}

function steps(length: number, page: (step: number) => number): number[] {
  return Array.from({ length }, (_, step) => page(step));
}

function chatContinuation({ pages, length }: LabParameters, random: PyRandom): number[] {
  const working = pagesFrom(0, Math.min(12, pages));
  return steps(length, (step) => {
    if (step % 17 === 0) {
      const page = random.randrange(0, pages);
      working[random.randrange(0, working.length)] = page;
    }
    return random.choice(working.slice(-8));
  });
}

function ragBurst({ pages, length }: LabParameters, random: PyRandom): number[] {
  const hot = pagesFrom(0, Math.min(16, pages));
  const cold = pagesFrom(hot.length, pages);
  const order: number[] = [];
  for (let round = Math.floor(length / 20); round > 0; round--) {
    order.push(...random.choices(hot, 14), ...random.sample(cold, 6));
  }
  return order.slice(0, length);
}

function longTail({ pages, length }: LabParameters, random: PyRandom): number[] {
  const hot = pagesFrom(0, Math.min(10, pages));
  const tail = pagesFrom(hot.length, pages);
  const weights = tail.map((_, index) => 1 / (index + 1));
  return steps(
    length,
    () => random.random() < 0.7 ? random.choice(hot) : random.choices(tail, 1, weights)[0],
  );
}

function adversarialPrefetch({ pages, length }: LabParameters, random: PyRandom): number[] {
  const half = Math.floor(pages / 2);
  return steps(
    length,
    (step) => step % 2 === 0 ? random.randrange(0, half) : random.randrange(half, pages),
  );
}

function adversarialBurst({ pages, length, burst }: LabParameters, random: PyRandom): number[] {
  const third = Math.floor(pages / 3);
  const order: number[] = [];
  while (order.length < length) {
    const anchor = random.sample(pagesFrom(0, third), burst);
    order.push(...anchor, ...random.sample(pagesFrom(third, 2 * third), burst));
    order.push(...anchor.slice(0, Math.floor(burst / 2)));
    order.push(...random.sample(pagesFrom(2 * third, pages), burst));
  }
  return order.slice(0, length);
}

function mixedLocality({ pages, length }: LabParameters, random: PyRandom): number[] {
  const hot = pagesFrom(0, 12);
  const warm = pagesFrom(12, 32);
  return steps(length, (step) => {
    const phase = Math.floor(step / 60) % 3;
    if (phase === 2) return step * 5 % pages;
    return random.choice(phase === 0 ? hot : warm);
  });
}

/** Numbers of each page, from a generator of their own with the same seed. */
function labSizes({ pages, baseScalars }: LabParameters, seed: number): Uint32Array {
  const random = new PyRandom(seed);
  return Uint32Array.from({ length: pages }, () => baseScalars + random.randint(-64, 64));
}

interface Published {
  readonly name: string;
  readonly summary: string;
  /** Pages, accesses, seed, numbers of a page. */
  readonly numbers: readonly [pages: number, length: number, seed: number, scalars: number];
  readonly leastPages: number;
  readonly order: Order;
}

const PUBLISHED: readonly Published[] = [
  {
    name: "chat-continuation",
    summary: "one of eight slots at random, one slot replaced every 17 steps",
    numbers: [64, 256, 7, 2048],
    leastPages: 1,
    order: chatContinuation,
  },
  {
    name: "rag-burst",
    summary: "14 draws of 16 hot pages, then 6 of the others, again and again",
    numbers: [96, 320, 11, 2304],
    leastPages: 22,
    order: ragBurst,
  },
  {
    name: "periodic-reuse",
    summary: "nine pages in a cycle, whatever the seed",
    numbers: [80, 320, 13, 2048],
    leastPages: 1,
    order: ({ pages, length, period }) => steps(length, (step) => step % period * 3 % pages),
  },
  {
    name: "long-tail",
    summary: "ten hot pages for 70 % of accesses, a tail with weights 1/n for the others",
    numbers: [128, 400, 17, 2048],
    leastPages: 11,
    order: longTail,
  },
  {
    name: "prefetch-friendly",
    summary: "all pages in order, again and again, whatever the seed",
    numbers: [48, 240, 19, 2048],
    leastPages: 1,
    order: ({ pages, length }) => steps(length, (step) => step % pages),
  },
  {
    name: "adversarial-prefetch",
    summary: "halves of the pages by turns, each at random",
    numbers: [64, 256, 23, 2048],
    leastPages: 2,
    order: adversarialPrefetch,
  },
  {
    name: "adversarial-burst",
    summary: "bursts of new pages between an anchor and its half return",
    numbers: [96, 320, 29, 2112],
    leastPages: 36,
    order: adversarialBurst,
  },
  {
    name: "mixed-locality",
    summary: "sixty steps each of 12 hot pages, 20 warm ones, and a stride",
    numbers: [112, 360, 31, 2176],
    leastPages: 32,
    order: mixedLocality,
  },
];

/** The eight, with the published sizes, lengths and seeds. */
export const LAB_KINDS: readonly PageKind<LabParameters>[] = PUBLISHED.map(
  ({ name, summary, numbers: [pages, length, seed, scalars], leastPages, order }) =>
    pageKind<LabParameters>({
      name: `lab-${name}`,
      summary: `kv-hierarchy-lab: ${summary}`,
      defaultSeed: seed,
      parameters: {
        ...pageParameters(pages, length, scalars),
        period: count(9, "`periodic-reuse`: accesses of a cycle"),
        burst: count(12, "`adversarial-burst`: pages of a burst"),
      },
      stream(parameters, seed) {
        const least = name === "adversarial-burst" ? parameters.burst * 3 : leastPages;
        if (parameters.pages < least) {
          throw new RangeError(`pages is below the ${least} that ${name} needs`);
        }
        const accesses = Uint32Array.from(order(parameters, new PyRandom(seed)));
        return { accesses, scalars: labSizes(parameters, seed) };
      },
    }),
);
