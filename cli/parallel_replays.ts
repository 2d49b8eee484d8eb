/**
 * Replays of a trace over worker threads, one job each.
 *
 * @module
 */
import {
  EngineBug,
  EngineError,
  engineModule,
  type KvtierError,
  type ReplayAll,
  type ReplayHits,
  type Touch,
  type Trace,
} from "kvtier";
import { createRunner } from "../sweep/compare_cells.ts";
import type { ErrorData } from "../sweep/messages.ts";
import { type Chunk, runChunks } from "../sweep/pool.ts";
import type { CellSpec } from "../sweep/runner.ts";
import { shareTrace } from "../sweep/shared_trace.ts";

/** Below so many accesses in all a worker takes longer to start than the replays take. */
const WORTH_WORKERS = 20_000_000;

/** A replay block by block holds its accesses, and links them, in this many bytes each. */
const BYTES_PER_ACCESS = 16;

/** All workers together stay below this. */
const MEMORY_BYTES = 4 * 2 ** 30;

/** Replays jobs on as many threads as are worth it; the same answers with any number of them. */
export function parallelReplays(trace: Trace, touch: Touch, seed: number): ReplayAll {
  return async (jobs, onDone) => {
    const shared = shareTrace(trace);
    const found: ReplayHits[] = Array.from(jobs, () => ({ hits: 0, prefixHits: 0 }));
    let done = 0;
    async function* chunks(): AsyncGenerator<Chunk> {
      for (const [index, { policy, capacityBlocks }] of jobs.entries()) {
        const capacity = String(capacityBlocks);
        const spec: CellSpec = { policy, admission: "always", capacity, touch, seed };
        yield { trace: shared, tasks: [{ index, key: "", spec }] };
      }
      await Promise.resolve();
    }
    await runChunks(chunks(), {
      workers: workersFor(trace, jobs.length),
      runner: { specifier: import.meta.resolve("../sweep/compare_cells.ts"), createRunner },
      module: engineModule(),
      fail,
      onDone: ({ tasks: [{ index }] }, [metrics]) => {
        const { hits, prefixHits } = JSON.parse(metrics);
        found[index] = { hits, prefixHits };
        onDone(++done, jobs[index]);
        return Promise.resolve();
      },
    });
    return found;
  };
}

function workersFor({ accesses }: Trace, jobs: number): number {
  if (accesses * jobs < WORTH_WORKERS) return 0;
  const room = Math.floor(MEMORY_BYTES / (accesses * BYTES_PER_ACCESS));
  const workers = Math.min(navigator.hardwareConcurrency, jobs, room);
  return workers < 2 ? 0 : workers;
}

/** What a replay was refused for, as if it had been made here. */
function fail({ name, message, problems }: ErrorData): KvtierError {
  const [first, ...more] = problems ?? [];
  if (first !== undefined && name !== "EngineBug") return new EngineError(first, more);
  return new EngineBug(first ?? { code: "engine/worker", message: `Cannot replay: ${message}` });
}
