/**
 * Workloads that touch one page (block) at a time, and the sizes of their pages.
 *
 * @module
 */

import type { Declarations, Kind } from "./parameters.ts";
import { count, duration } from "./parameters.ts";
import { Random } from "./random.ts";

/** A stream of pages. */
export interface PageStream {
  /** Page of each step. */
  readonly accesses: Uint32Array;
  /** Numbers that each page holds, by page. A page takes so many times the bytes of a number. */
  readonly scalars: Uint32Array;
}

/** What all streams of pages have. */
export interface PageParameters {
  readonly pages: number;
  readonly length: number;
  readonly baseScalars: number;
  readonly stepNs: number;
  readonly blockTokens: number;
}

/** The parameters, with defaults of the caller's. */
export function pageParameters(
  pages: number,
  length: number,
  baseScalars: number,
): Declarations<PageParameters> {
  return {
    pages: count(pages, "pages", 1, 2 ** 24),
    length: count(length, "accesses", 1, 2 ** 24),
    baseScalars: count(baseScalars, "numbers of a page, up to 64 more or fewer", 65, 2 ** 24),
    stepNs: duration("1 ms", "from one access to the next"),
    blockTokens: count(16, "tokens of a page"),
  };
}

/** A family whose stream of pages can be asked for by itself. */
export interface PageKind<P extends PageParameters> extends Kind<P> {
  stream(parameters: P, seed: number): PageStream;
}

/** Makes a family from its stream: each access is a request of one block. */
export function pageKind<P extends PageParameters>(
  kind: Omit<PageKind<P>, "make">,
): PageKind<P> {
  return {
    ...kind,
    make(parameters, making, seed) {
      const { accesses } = kind.stream(parameters, seed);
      const { stepNs } = parameters;
      accesses.forEach((page, step) => making.add({ arrivalNs: step * stepNs, blocks: [page] }));
    },
  };
}

/** Sizes from a stream of their own, so that they say nothing about the order of accesses. */
export function pageSizes({ pages, baseScalars }: PageParameters, seed: number): Uint32Array {
  const random = new Random(seed, "sizes");
  return Uint32Array.from(
    { length: pages },
    () => random.between(baseScalars - 64, baseScalars + 64),
  );
}

/**
 * Sizes by block of the trace: blocks are numbered by first touch, so page sizes are put into that
 * order. Pages that are never touched have no block.
 */
export function scalarsByBlock({ accesses, scalars }: PageStream): Uint32Array {
  const pages = new Set<number>(accesses);
  return Uint32Array.from(pages, (page) => scalars[page]);
}
