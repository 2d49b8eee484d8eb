/**
 * Runs a grid: what is missing in the store is computed, chunk by chunk, and written.
 *
 * @module
 */
import { FileError } from "../errors/errors.ts";
import { VERSION } from "../engine/version.ts";
import { ENGINE_HASH, engineModule } from "../engine/wasm.ts";
import { chunksOf, rowsOf } from "./chunks.ts";
import type { SweepJob } from "./job.ts";
import { differences, type Manifest } from "./manifest.ts";
import { cellError } from "./messages.ts";
import {
  canonicalJson,
  cellCount,
  cellText,
  combinationCount,
  settingsAt,
  type SweepPlan,
  textHash,
} from "./plan.ts";
import { runChunks } from "./pool.ts";
import { type Shard, shardRange, WHOLE } from "./shard.ts";
import { sweepHash, SweepStore } from "./store.ts";

/** How to run a grid; everything but the folder has a default. */
export interface SweepOptions {
  /** Folder of the results; made when missing. A shard writes into a folder of its own in it. */
  readonly out: string;
  /** Worker threads; 0 runs in this thread. Default: one for each processor. */
  readonly workers?: number;
  /** Go on where an earlier process stopped. Without it, results that are there are refused. */
  readonly resume?: boolean;
  readonly shard?: Shard;
  /** Called after each chunk with cells done, cells in all, and cells that were there before. */
  readonly onProgress?: (done: number, total: number, kept: number) => void;
  /** Stops at once; what is stored stays, and `resume` goes on from there. */
  readonly signal?: AbortSignal;
}

/** What a sweep did. */
export interface SweepOutcome {
  /** Folder of the store. */
  readonly folder: string;
  /** Cells of this sweep, or of this shard. */
  readonly cells: number;
  /** Cells that an earlier process had run. */
  readonly kept: number;
  /** SHA-256 over all rows by index; the same however the cells were run. */
  readonly resultHash: string;
}

/**
 * Runs all cells of a grid, or of one shard of it, that are not stored yet.
 *
 * @throws {FileError} If the results that are there belong to another grid, scenario, engine or
 * trace, or the disk is full.
 * @throws {KvtierError} What a cell threw, with the cell; finished cells are kept.
 */
export async function sweep(job: SweepJob, options: SweepOptions): Promise<SweepOutcome> {
  const { plan } = job;
  const shard = options.shard ?? WHOLE;
  const cells = cellCount(plan);
  const { start, end } = shardRange(shard, cells);
  const manifest = await manifestFor(job, cells, shard);
  const folder = shardFolder(options.out, shard);
  const store = await openStore(folder, manifest, options.resume === true);
  let isComplete = false;
  try {
    const stored = new Set(await storedCells(store, start, end));
    const total = end - start;
    let done = stored.size;
    options.onProgress?.(done, total, stored.size);
    const workers = Math.min(workersOf(options), total - stored.size);
    await runChunks(chunksOf(job, store, { start, end }, stored, workers), {
      workers,
      runner: job.runner,
      module: engineModule(),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      fail: (data, indices) => cellError(data, cellsText(plan, indices), plan.name),
      onDone: async (chunk, metrics) => {
        await store.write(rowsOf(chunk, metrics));
        done += chunk.tasks.length;
        options.onProgress?.(done, total, stored.size);
      },
    });
    const resultHash = await sweepHash(store.batches());
    isComplete = true;
    return { folder, cells: total, kept: stored.size, resultHash };
  } finally {
    store.close(isComplete);
  }
}

function workersOf({ workers }: SweepOptions): number {
  return workers ?? navigator.hardwareConcurrency ?? 1;
}

/** The folder of a shard: the folder itself for the whole. */
export function shardFolder(out: string, { number, of }: Shard): string {
  if (of === 1) return out;
  return `${out}/shard-${String(number).padStart(String(of).length, "0")}-of-${of}`;
}

function cellsText(plan: SweepPlan, indices: readonly number[]): string {
  if (indices.length === 1) return cellText(plan, indices[0]);
  return indices.length === 0 ? "any cell" : `one of cells ${indices[0]}-${indices.at(-1)}`;
}

async function manifestFor(job: SweepJob, cells: number, shard: Shard): Promise<Manifest> {
  const { name, gridText, kind, scenarios, inputs, axes, seeds } = job.plan;
  const combinations = Array.from({ length: combinationCount(job.plan) }, (_, combination) => ({
    combination,
    settings: settingsAt(job.plan, combination),
    seed: seeds[0],
  }));
  const specs = scenarios.flatMap((_, scenario) =>
    combinations.map((each) => job.specOf({ scenario, ...each }))
  );
  return {
    version: VERSION,
    gridName: name,
    gridText,
    gridHash: await textHash(gridText),
    kind,
    scenarios,
    inputs,
    axes,
    seeds,
    specHash: await textHash(specs.map(canonicalJson).join("\n")),
    engineHash: ENGINE_HASH,
    cells,
    shard,
  };
}

async function openStore(
  folder: string,
  manifest: Manifest,
  resume: boolean,
): Promise<SweepStore> {
  await makeFolder(folder);
  const found = await SweepStore.openIfAny(folder);
  // What has no rows holds no results: a first attempt that was refused may be mended.
  const store = resume ? found : await found?.orNothing();
  if (store === undefined) return await SweepStore.create(folder, manifest);
  try {
    if (!resume) throw resultsThere(store.file);
    const problems = differences(manifest, store.manifest, "resume", store.file);
    if (problems.length > 0) throw new FileError(problems[0], problems.slice(1));
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new FileError(
      {
        code: "file/folder",
        message: `Cannot make the folder of the results: ${(error as Error).message}`,
        place: { file: folder },
        mend: ["check the path and its permissions, or choose another --out"],
      },
      [],
      { cause: error },
    );
  }
}

function resultsThere(file: string): FileError {
  return new FileError({
    code: "sweep/results-there",
    message: "Cannot sweep: there are results already",
    place: { file },
    mend: ["go on with --resume, or choose another --out"],
  });
}

/** Indices of the rows, which must belong to this part of the grid and be what was written. */
async function storedCells(store: SweepStore, start: number, end: number): Promise<number[]> {
  const batches = await Array.fromAsync(store.batches(), (rows) => rows.map(({ index }) => index));
  const indices = batches.flat();
  const stray = indices.find((index) => index < start || index >= end);
  if (stray === undefined) return indices;
  const { number, of } = store.manifest.shard;
  throw new FileError({
    code: "sweep/other-shard",
    message: "Cannot resume: the results are those of another shard",
    place: { file: store.file, key: `cell ${stray}` },
    found: `shard ${number}/${of}`,
    expected: `cells from ${start} up to, but without, ${end}`,
  });
}
