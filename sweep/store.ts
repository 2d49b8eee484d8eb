/**
 * Results of a sweep on disk: one SQLite file, a row per cell, written chunk by chunk.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { FileError } from "../errors/errors.ts";
import { createDatabase, damaged, guarded, openDatabase } from "./database.ts";
import { type Manifest, otherTrace, type TraceRecord } from "./manifest.ts";
import { textHash } from "./plan.ts";
import type { Row } from "./runner.ts";

/** Name of the file in the folder of a sweep. */
export const STORE_NAME = "results.sqlite";

const ALL_SEEDS = -1;
const BATCH_ROWS = 4096;

/** The rows of one sweep, or of one shard of it. */
export class SweepStore {
  private readonly insert: StatementSync;

  private constructor(
    readonly file: string,
    readonly manifest: Manifest,
    private readonly database: DatabaseSync,
  ) {
    this.insert = guarded(
      file,
      "read",
      () => database.prepare("INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?)"),
    );
  }

  /** Makes an empty store in a folder that is there. */
  static async create(folder: string, manifest: Manifest): Promise<SweepStore> {
    const file = `${folder}/${STORE_NAME}`;
    const database = await createDatabase(file);
    try {
      guarded(file, "write", () => {
        const insert = database.prepare("INSERT INTO manifest VALUES (?, ?)");
        for (const [name, value] of Object.entries(manifest)) {
          insert.run(name, JSON.stringify(value));
        }
        database.exec("COMMIT");
      });
      return new SweepStore(file, manifest, database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * Opens a store.
   *
   * @throws {FileError} If there is none, or it is damaged.
   */
  static async open(folder: string, readOnly = true): Promise<SweepStore> {
    const store = await SweepStore.openIfAny(folder, readOnly);
    if (store === undefined) throw noStore(folder);
    return store;
  }

  /** As {@linkcode SweepStore.open}; `undefined` when there is none. */
  static async openIfAny(folder: string, readOnly = false): Promise<SweepStore | undefined> {
    const file = `${folder}/${STORE_NAME}`;
    if (!await isFile(file)) return undefined;
    const database = await openDatabase(file, readOnly);
    if (database === undefined) return undefined;
    try {
      const rows = guarded(
        file,
        "read",
        () => database.prepare("SELECT name, value FROM manifest").all(),
      );
      return new SweepStore(file, manifestOf(rows, file), database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Writes rows, all or none. */
  async write(rows: readonly Row[]): Promise<void> {
    const digests = await Promise.all(rows.map(rowDigest));
    guarded(this.file, "write", () => {
      this.database.exec("BEGIN IMMEDIATE");
      try {
        rows.forEach(({ index, key, metrics, engine, trace }, at) =>
          this.insert.run(index, key, metrics, engine, trace, digests[at])
        );
        this.database.exec("COMMIT");
      } catch (error) {
        this.rollback();
        throw error;
      }
    });
  }

  private rollback(): void {
    try {
      this.database.exec("ROLLBACK");
    } catch {
      // A full disk rolls back by itself; the first error is the one to tell.
    }
  }

  /** All rows by index, each checked against its digest, so many at a time. */
  async *batches(): AsyncGenerator<Row[]> {
    const select = guarded(
      this.file,
      "read",
      () => this.database.prepare("SELECT * FROM cells WHERE cell > ? ORDER BY cell LIMIT ?"),
    );
    for (let last = -1;;) {
      const found = guarded(this.file, "read", () => select.all(last, BATCH_ROWS));
      if (found.length === 0) return;
      const rows = await Promise.all(found.map((texts) => this.checked(texts)));
      yield rows;
      last = rows[rows.length - 1].index;
    }
  }

  private async checked(found: Record<string, unknown>): Promise<Row> {
    const { cell, digest, ...texts } = found;
    const { key, metrics, engine, trace } = texts as Record<string, string>;
    const row: Row = { index: Number(cell), key, metrics, engine, trace };
    if (await rowDigest(row) === digest) return row;
    throw damaged(this.file, "a row that differs from its digest", undefined, row.index);
  }

  /** All rows by index. */
  async rows(): Promise<Row[]> {
    return (await Array.fromAsync(this.batches())).flat();
  }

  /** This store, if it has rows; else it is closed and its file removed. */
  async orNothing(): Promise<SweepStore | undefined> {
    const first = guarded(
      this.file,
      "read",
      () => this.database.prepare("SELECT cell FROM cells LIMIT 1").get(),
    );
    if (first !== undefined) return this;
    this.close(true);
    await Deno.remove(this.file);
    return undefined;
  }

  /** The traces that rows ran on. */
  traces(): TraceRecord[] {
    const found = guarded(
      this.file,
      "read",
      () => this.database.prepare("SELECT * FROM traces ORDER BY input, seed").all(),
    );
    return found.map(({ input, seed, hash }) => ({
      input: Number(input),
      ...(seed === ALL_SEEDS ? {} : { seed: Number(seed) }),
      hash: String(hash),
    }));
  }

  /**
   * Notes a trace, or compares it with the note of an earlier process.
   *
   * @throws {FileError} If rows ran on another content under this name.
   */
  noteTrace({ input, seed = ALL_SEEDS, hash }: TraceRecord): void {
    const known = guarded(this.file, "write", () => {
      this.database.prepare("INSERT OR IGNORE INTO traces VALUES (?, ?, ?)").run(input, seed, hash);
      return this.database.prepare("SELECT hash FROM traces WHERE input = ? AND seed = ?")
        .get(input, seed)?.hash as string;
    });
    if (known === hash) return;
    const of = seed === ALL_SEEDS ? "" : ` of seed ${seed}`;
    throw otherTrace(this.manifest.inputs[input] + of, hash, known, this.file);
  }

  /** Closes the file; a store that is complete becomes a single plain file. */
  close(isComplete = false): void {
    try {
      if (isComplete) this.database.exec("PRAGMA journal_mode = DELETE");
    } catch {
      // A reader is looking; the journal stays, and nothing is lost.
    }
    this.database.close();
  }
}

/** SHA-256 (hex) of a row. */
export async function rowDigest({ index, key, engine, trace, metrics }: Row): Promise<string> {
  return await textHash([index, key, engine, trace, metrics].join("\n"));
}

/**
 * The fingerprint of a sweep: SHA-256 (hex) over the digests of its rows by index. The same with
 * one worker or many, in one go, resumed, or merged.
 *
 * @param batches All rows by index, in any portions.
 */
export async function sweepHash(
  batches: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
): Promise<string> {
  const digests: string[] = [];
  for await (const rows of batches) digests.push(...await Promise.all(rows.map(rowDigest)));
  return await textHash(digests.join("\n"));
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await Deno.stat(file)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new FileError(
      {
        code: "file/denied",
        message: `Cannot read results: ${(error as Error).message}`,
        place: { file },
        mend: ["check the path and its permissions"],
      },
      [],
      { cause: error },
    );
  }
}

function manifestOf(rows: readonly Record<string, unknown>[], file: string): Manifest {
  try {
    const pairs = rows.map(({ name, value }) => [name, JSON.parse(String(value))]);
    const manifest = Object.fromEntries(pairs) as Manifest;
    if (typeof manifest.gridHash === "string" && Array.isArray(manifest.axes)) return manifest;
  } catch {
    // Falls through to the refusal.
  }
  throw damaged(file, "a manifest that cannot be read");
}

/** Refuses a folder that holds no store. */
function noStore(folder: string): FileError {
  return new FileError({
    code: "sweep/no-store",
    message: "Cannot read results: there are none in the folder",
    place: { file: `${folder}/${STORE_NAME}` },
    mend: ["check the path; `kvtier sweep GRID.yaml --out DIR` writes results there"],
  });
}
