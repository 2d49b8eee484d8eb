/**
 * A part of the blocks of a trace, chosen by chance, as a trace of its own.
 *
 * @module
 */
import { Random } from "../traces/synthetic/random.ts";
import type { Trace } from "../traces/trace.ts";

/**
 * Keeps one block of every `oneIn`, by chance, in all of its references.
 *
 * Blocks are numbered anew from 0 in their old order, so that a run of blocks is still a run, and
 * the work grows with extents and distinct blocks, not with references. All requests stay, many of
 * them without blocks. The part has no hash.
 *
 * @param oneIn Whole number, 1 or more.
 * @param seed Safe integer, 0 or more.
 * @param stream Name of the sample; samples of one seed are independent.
 */
export function sampledTrace(trace: Trace, oneIn: number, seed: number, stream: string): Trace {
  const ranks = ranksOf(trace.uniqueBlocks, oneIn, new Random(seed, `sample/${stream}`));
  const { firstBlock, blockCount } = trace.extents;
  const keptFirst = new Uint32Array(firstBlock.length);
  const keptCount = new Uint32Array(firstBlock.length);
  const firstExtent = new Uint32Array(trace.requestCount + 1);
  let length = 0;
  let accesses = 0;
  for (let row = 0; row < trace.requestCount; row++) {
    const begin = length;
    const end = trace.requests.firstExtent[row + 1];
    for (let extent = trace.requests.firstExtent[row]; extent < end; extent++) {
      const first = ranks[firstBlock[extent]];
      const count = ranks[firstBlock[extent] + blockCount[extent]] - first;
      if (count === 0) continue;
      accesses += count;
      const last = length - 1;
      if (length > begin && keptFirst[last] + keptCount[last] === first) {
        keptCount[last] += count;
        continue;
      }
      keptFirst[length] = first;
      keptCount[length++] = count;
    }
    firstExtent[row + 1] = length;
  }
  return {
    ...trace,
    accesses,
    uniqueBlocks: ranks[trace.uniqueBlocks],
    requests: { ...trace.requests, firstExtent },
    extents: {
      firstBlock: keptFirst.slice(0, length),
      blockCount: keptCount.slice(0, length),
    },
    hash: "",
  };
}

/**
 * For each block, and for the end, how many blocks before it are kept.
 *
 * One of every `oneIn` neighbours is kept, not each by its own chance: neighbours in the order of
 * first touch mostly share their requests, and a draw that spreads over them varies far less.
 */
function ranksOf(blocks: number, oneIn: number, random: Random): Uint32Array {
  const ranks = new Uint32Array(blocks + 1);
  let kept = 0;
  for (let begin = 0; begin < blocks; begin += oneIn) {
    const chosen = begin + random.below(oneIn);
    const end = Math.min(blocks, begin + oneIn);
    ranks.fill(kept, begin, Math.min(end, chosen + 1));
    if (chosen < end) ranks.fill(++kept, chosen + 1, end);
  }
  ranks[blocks] = kept;
  return ranks;
}
