/**
 * The simulation of `example.ts` over time.
 *
 * @module
 */

import type { LoggedStep, Timeline } from "../../engine/serving_result.ts";
import { TimeBuckets } from "../../serving/evidence/buckets.ts";

const COLUMN_NS = 2 ** 24;
const COLUMNS = 11;
const LOADED_BYTES = 4 << 20;

/** All that is loaded crosses its link in the second column, from 16.8 to 33.6 ms. */
export function exampleTimeline(steps: readonly LoggedStep[]): Timeline {
  const sums = (weigh: (step: LoggedStep) => number) => {
    const buckets = new TimeBuckets(0, COLUMNS * COLUMN_NS, COLUMNS);
    for (const step of steps) buckets.add(step.startNs, step.endNs, weigh(step));
    return buckets.means().map((mean) => mean * COLUMN_NS);
  };
  return {
    columnNs: COLUMN_NS,
    links: [0, LOADED_BYTES].map((bytes, link) => ({
      kind: "h2d#",
      links: [link],
      carriedBytes: new Float64Array(COLUMNS).fill(bytes, 1, 2),
    })),
    roles: [{
      role: "unified",
      replicas: 2,
      busyNs: sums(() => 1),
      heldBlockNs: sums(({ heldBlocks }) => heldBlocks),
    }],
  };
}
