/**
 * What is missing in a store, cut into chunks of one trace each.
 *
 * @module
 */
import { ENGINE_HASH } from "../engine/wasm.ts";
import type { Trace } from "../traces/trace.ts";
import type { SweepJob } from "./job.ts";
import { canonicalJson, type Cell, cellAt, textHash } from "./plan.ts";
import type { Chunk } from "./pool.ts";
import type { CellTask, Row } from "./runner.ts";
import type { Range } from "./shard.ts";
import { shareTrace } from "./shared_trace.ts";
import type { SweepStore } from "./store.ts";

/** Work in one chunk, in look-ups: enough to forget the cost of handing it out. */
const CHUNK_ACCESSES = 4_000_000;
const CHUNK_CELLS = 256;

/** Cells of one trace, before they are cut into chunks. */
interface Group {
  readonly input: number;
  /** Undefined when the trace is the same for all seeds. */
  readonly seed?: number;
  readonly cells: Cell[];
}

/** What is missing, trace by trace: each is opened once, used up, and forgotten. */
function groupsOf(
  { plan, inputs }: SweepJob,
  { start, end }: Range,
  stored: ReadonlySet<number>,
): Group[] {
  const groups = new Map<string, Group>();
  for (let index = start; index < end; index++) {
    if (stored.has(index)) continue;
    const cell = cellAt(plan, index);
    const seed = inputs[cell.input].seeded ? { seed: cell.seed } : {};
    const name = `${cell.input} ${seed.seed}`;
    const group = groups.get(name) ?? { input: cell.input, ...seed, cells: [] };
    group.cells.push(cell);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Traces that no seed changes are opened at once, and must be what earlier rows ran on. */
async function openFixed(
  { inputs }: SweepJob,
  store: SweepStore,
  used: ReadonlySet<number>,
): Promise<Map<number, Trace>> {
  const noted = new Set(store.traces().map(({ input }) => input));
  const opened = new Map<number, Trace>();
  for (const [input, source] of inputs.entries()) {
    if (source.seeded || !(noted.has(input) || used.has(input))) continue;
    const trace = shareTrace(await source.open(store.manifest.seeds[0]));
    store.noteTrace({ input, hash: trace.hash });
    opened.set(input, trace);
  }
  return opened;
}

/** What is missing, in chunks of one trace each, in the order in which they are handed out. */
export async function* chunksOf(
  job: SweepJob,
  store: SweepStore,
  range: Range,
  stored: ReadonlySet<number>,
  workers: number,
): AsyncGenerator<Chunk> {
  const groups = groupsOf(job, range, stored);
  const fixed = await openFixed(job, store, new Set(groups.map(({ input }) => input)));
  for (const { input, seed, cells } of groups) {
    const trace = fixed.get(input) ?? shareTrace(await job.inputs[input].open(seed ?? 0));
    if (seed !== undefined) store.noteTrace({ input, seed, hash: trace.hash });
    const size = chunkCells(trace.accesses, cells.length, workers);
    for (let at = 0; at < cells.length; at += size) {
      yield { trace, tasks: await tasksOf(job, trace, cells.slice(at, at + size)) };
    }
  }
}

/** Few enough for every worker to have some, many enough to forget the cost of a chunk. */
function chunkCells(accesses: number, cells: number, workers: number): number {
  const even = Math.ceil(cells / (4 * Math.max(workers, 1)));
  return Math.max(1, Math.min(even, CHUNK_CELLS, Math.floor(CHUNK_ACCESSES / (accesses + 1))));
}

async function tasksOf(
  { plan, specOf }: SweepJob,
  trace: Trace,
  cells: readonly Cell[],
): Promise<CellTask[]> {
  return await Promise.all(cells.map(async (cell) => {
    const spec = specOf(cell);
    const key = await textHash(canonicalJson([plan.kind, spec, trace.hash]));
    return { index: cell.index, key, spec };
  }));
}

/** The rows of a finished chunk. */
export function rowsOf({ trace, tasks }: Chunk, metrics: readonly string[]): Row[] {
  return tasks.map(({ index, key }, at) => ({
    index,
    key,
    metrics: metrics[at],
    engine: ENGINE_HASH,
    trace: trace.hash,
  }));
}
