/**
 * Replays of policies that have no curve of their own, one job each.
 *
 * @module
 */
import { Replayer } from "../engine/replayer.ts";
import type { Touch } from "../engine/result.ts";
import type { Trace } from "../traces/trace.ts";
import type { ReplayHits } from "./optimum_curve.ts";

/** One replay from an empty cache, everything admitted. */
export interface ReplayJob {
  /** Registered name, with parameters that are not the defaults. */
  readonly policy: string;
  readonly capacityBlocks: number;
}

/** Replays jobs, in any order and on as many threads as it likes; the answers are in theirs. */
export type ReplayAll = (
  jobs: readonly ReplayJob[],
  onDone: (done: number, job: ReplayJob) => void,
) => Promise<readonly ReplayHits[]>;

/** What all replays of a trace share. */
export interface ReplayFacts {
  readonly touch: Touch;
  readonly seed: number;
  readonly module?: WebAssembly.Module;
}

/** Replays one job after the other in this thread, block by block. */
export function replayInTurn(trace: Trace, { touch, seed, module }: ReplayFacts): ReplayAll {
  let replayer: Replayer | undefined;
  return (jobs, onDone) => {
    const found = jobs.map((job, index) => {
      replayer ??= new Replayer(trace, module);
      const { registry } = replayer;
      const { hits, prefixHits } = replayer.run({
        policy: registry.policy(job.policy),
        admission: registry.admitter("always"),
        capacityBlocks: job.capacityBlocks,
        touch,
        seed,
      });
      onDone(index + 1, job);
      return { hits, prefixHits };
    });
    return Promise.resolve(found);
  };
}
