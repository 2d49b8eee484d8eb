/**
 * The four textbook streams: loop, scan, Zipf and uniform.
 *
 * @module
 */

import { count, duration, type Kind, type Making, number } from "./parameters.ts";
import { Zipf } from "./random.ts";

/** What all streams have. */
interface Stream {
  readonly requests: number;
  readonly blocks: number;
  readonly stepNs: number;
  readonly blockTokens: number;
}

function stream(requests: number, blocks: number) {
  return {
    requests: count(requests, "requests"),
    blocks: count(blocks, "distinct blocks at most"),
    stepNs: duration("1 ms", "from one request to the next"),
    blockTokens: count(16, "tokens of a block"),
  };
}

function addSteps(
  { requests, stepNs }: Stream,
  making: Making,
  blocksOf: (request: number) => Iterable<number>,
): void {
  for (let request = 0; request < requests; request++) {
    making.add({ arrivalNs: request * stepNs, blocks: blocksOf(request) });
  }
}

interface LoopStream extends Stream {
  readonly requestBlocks: number;
}

/** Blocks in a circle: LRU finds none of them when one does not fit. */
export const loop: Kind<LoopStream> = {
  name: "loop",
  summary: "blocks in a circle: 600 of them, ten times round, all in every request",
  defaultSeed: 1,
  parameters: {
    ...stream(10, 600),
    requestBlocks: count(600, "consecutive blocks of one request"),
  },
  make(parameters, making) {
    const { blocks, requestBlocks } = parameters;
    if (requestBlocks > blocks) throw new RangeError("requestBlocks is above blocks");
    const offsets = Array.from({ length: requestBlocks }, (_, offset) => offset);
    addSteps(
      parameters,
      making,
      (request) => offsets.map((offset) => (request * requestBlocks + offset) % blocks),
    );
  },
};

interface ZipfStream extends Stream {
  readonly zipf: number;
}

/** One block a request, by popularity. */
export const zipf: Kind<ZipfStream> = {
  name: "zipf",
  summary: "one block a request, of Zipf popularity",
  defaultSeed: 1,
  parameters: { ...stream(100_000, 10_000), zipf: number(1, "Zipf exponent", 0, 10) },
  make(parameters, making) {
    const popularity = new Zipf(parameters.blocks, parameters.zipf);
    const names = making.random("names").permutation(parameters.blocks);
    const random = making.random("accesses");
    addSteps(parameters, making, () => [names[popularity.draw(random)]]);
  },
};

/** One block a request, all alike. */
export const uniform: Kind<Stream> = {
  name: "uniform",
  summary: "one block a request, all equally popular",
  defaultSeed: 1,
  parameters: stream(100_000, 10_000),
  make(parameters, making) {
    const random = making.random("accesses");
    addSteps(parameters, making, () => [random.below(parameters.blocks)]);
  },
};

interface ScanStream extends ZipfStream {
  readonly scanBlocks: number;
  readonly scanShare: number;
}

/** Zipf traffic that scans of blocks never seen again run across. */
export const scan: Kind<ScanStream> = {
  name: "scan",
  summary: "Zipf traffic, crossed by scans of blocks that are never seen again",
  defaultSeed: 1,
  parameters: {
    ...stream(100_000, 5_000),
    zipf: number(0.8, "Zipf exponent", 0, 10),
    scanBlocks: count(1_000, "blocks of one scan"),
    scanShare: number(0.5, "share of requests that belong to scans", 0, 0.99),
  },
  make(parameters, making) {
    const { blocks, scanBlocks, scanShare } = parameters;
    const popularity = new Zipf(blocks, parameters.zipf);
    const names = making.random("names").permutation(blocks);
    const random = making.random("accesses");
    const scans = making.random("scans");
    // Scans start at such a rate that the share comes out.
    const start = scanShare / (scanShare + (1 - scanShare) * scanBlocks);
    let left = 0;
    let nextScanned = blocks;
    addSteps(parameters, making, () => {
      if (left === 0 && scans.unit() < start) left = scanBlocks;
      if (left === 0) return [names[popularity.draw(random)]];
      left--;
      return [nextScanned++];
    });
  },
};
