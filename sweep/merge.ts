/**
 * Shards put together: nothing missing, nothing contradicted, the same hash as in one go.
 *
 * @module
 */
import { FileError, type Problem } from "../errors/errors.ts";
import { differences, type TraceRecord } from "./manifest.ts";
import type { Row } from "./runner.ts";
import { rangesText, WHOLE } from "./shard.ts";
import { STORE_NAME, sweepHash, SweepStore } from "./store.ts";
import type { SweepOutcome } from "./sweep.ts";

const WRITE_ROWS = 1000;

/**
 * Merges the results of shards into one store.
 *
 * @param folders Folders of stores, or folders that hold folders of shards.
 * @param out Folder of the whole; made when missing.
 * @throws {FileError} If cells are missing, two shards disagree about one, or they are not of one
 * grid, scenario, engine and set of traces; nothing is written then.
 */
export async function mergeSweeps(
  folders: readonly string[],
  out: string,
): Promise<SweepOutcome> {
  const file = `${out}/${STORE_NAME}`;
  if (await SweepStore.openIfAny(out).then(closed)) {
    throw new FileError({
      code: "sweep/results-there",
      message: "Cannot merge: there are results already",
      place: { file },
      mend: ["choose another --out"],
    });
  }
  const stores: SweepStore[] = [];
  try {
    for (const folder of await shardFolders(folders)) stores.push(await SweepStore.open(folder));
    checkManifests(stores);
    const traces = mergeTraces(stores);
    const rows = await mergeRows(stores);
    await writeWhole(out, stores[0], rows, traces);
    return {
      folder: out,
      cells: rows.length,
      kept: rows.length,
      resultHash: await sweepHash([rows]),
    };
  } finally {
    for (const store of stores) store.close();
  }
}

function closed(store: SweepStore | undefined): boolean {
  store?.close();
  return store !== undefined;
}

/** Folders as given, and for one without a store the shards in it. */
async function shardFolders(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const names: string[] = [];
    const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
    if (!entries.some(({ name }) => name === STORE_NAME)) {
      for (const { name } of entries) if (/^shard-\d+-of-\d+$/.test(name)) names.push(name);
    }
    found.push(
      ...(names.length === 0 ? [folder] : names.sort().map((name) => `${folder}/${name}`)),
    );
  }
  return found;
}

function checkManifests([first, ...others]: readonly SweepStore[]): void {
  const problems = others.flatMap(({ manifest, file }) =>
    differences(first.manifest, manifest, "merge", file)
  );
  if (problems.length > 0) throw new FileError(problems[0], problems.slice(1));
}

function mergeTraces(stores: readonly SweepStore[]): TraceRecord[] {
  const merged = new Map<string, TraceRecord & { readonly file: string }>();
  const problems: Problem[] = [];
  for (const store of stores) {
    const { file, manifest } = store;
    for (const record of store.traces()) {
      const name = `${record.input} ${record.seed}`;
      const known = merged.get(name);
      if (known === undefined) merged.set(name, { ...record, file });
      else if (known.hash !== record.hash) {
        problems.push({
          code: "sweep/other-trace",
          message: `Cannot merge: the trace ${manifest.inputs[record.input]} is another one`,
          place: { file },
          found: `trace ${record.hash.slice(0, 12)}`,
          expected: `${known.hash.slice(0, 12)}, as in ${known.file}`,
        });
      }
    }
  }
  if (problems.length > 0) throw new FileError(problems[0], problems.slice(1));
  return [...merged.values()].map(({ file: _, ...record }) => record);
}

async function mergeRows(stores: readonly SweepStore[]): Promise<Row[]> {
  const { cells } = stores[0].manifest;
  const rows: Row[] = new Array(cells);
  const owners: string[] = new Array(cells);
  const problems: Problem[] = [];
  for (const store of stores) {
    const clashes = new Map<string, number[]>();
    for (const row of await store.rows()) {
      const known = rows[row.index];
      if (row.index >= cells) throw strange(store.file, row.index, cells);
      if (known === undefined) {
        rows[row.index] = row;
        owners[row.index] = store.file;
      } else if (!isSame(known, row)) {
        const file = owners[row.index];
        clashes.set(file, [...clashes.get(file) ?? [], row.index]);
      }
    }
    for (const [file, indices] of clashes) problems.push(overlap(store.file, file, indices));
  }
  const missing = Array.from({ length: cells }, (_, index) => index)
    .filter((index) => rows[index] === undefined);
  if (missing.length > 0) problems.push(gap(stores, missing, cells));
  if (problems.length > 0) throw new FileError(problems[0], problems.slice(1));
  return rows;
}

function isSame(a: Row, b: Row): boolean {
  return a.key === b.key && a.metrics === b.metrics && a.engine === b.engine && a.trace === b.trace;
}

function strange(file: string, index: number, cells: number): FileError {
  return new FileError({
    code: "sweep/damaged",
    message: "Cannot merge: a row belongs to no cell",
    place: { file, key: `cell ${index}` },
    expected: `cells below ${cells}`,
  });
}

function overlap(file: string, other: string, indices: readonly number[]): Problem {
  return {
    code: "sweep/overlap",
    message: "Cannot merge: two shards ran the same cells and do not agree",
    place: { file, key: `cell ${indices[0]}` },
    found: `cells ${rangesText(indices)} differ from ${other}`,
    mend: ["one of the two is not what it says; run these shards again"],
  };
}

function gap(stores: readonly SweepStore[], missing: readonly number[], cells: number): Problem {
  const present = stores.map(({ manifest: { shard } }) => `${shard.number}/${shard.of}`);
  return {
    code: "sweep/gap",
    message: `Cannot merge: ${missing.length} of ${cells} cells are missing`,
    place: { file: stores[0].file },
    found: `no cells ${rangesText(missing)}; shards ${present.join(", ")}`,
    mend: ["name all shards, and finish those that were interrupted with --resume"],
  };
}

/** In a folder beside, then moved: the merged file is there whole or not at all. */
async function writeWhole(
  out: string,
  first: SweepStore,
  rows: readonly Row[],
  traces: readonly TraceRecord[],
): Promise<void> {
  const temporary = `${out}/.merging-${Deno.pid}`;
  await Deno.mkdir(temporary, { recursive: true });
  try {
    const store = await SweepStore.create(temporary, { ...first.manifest, shard: WHOLE });
    try {
      for (const trace of traces) store.noteTrace(trace);
      for (let at = 0; at < rows.length; at += WRITE_ROWS) {
        await store.write(rows.slice(at, at + WRITE_ROWS));
      }
    } finally {
      store.close(true);
    }
    await Deno.rename(`${temporary}/${STORE_NAME}`, `${out}/${STORE_NAME}`);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}
