/**
 * The database under a store: opening, and faults in words.
 *
 * `node:sqlite` is loaded when a store is, so that nothing else of kvtier needs it.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { FileError, KvtierError } from "../errors/errors.ts";

/** Marks the file as ours: "kvti". */
const APPLICATION_ID = 0x6b767469;
const SCHEMA_VERSION = 1;

const TABLES = `
CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE traces (
  input INTEGER NOT NULL, seed INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (input, seed)
) STRICT;
CREATE TABLE cells (
  cell INTEGER PRIMARY KEY, key TEXT NOT NULL, metrics TEXT NOT NULL, engine TEXT NOT NULL,
  trace TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
`;

/** Makes the file and its tables. */
export async function createDatabase(file: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  return guarded(file, "write", () => {
    const database = new DatabaseSync(file);
    try {
      journal(database);
      database.exec(`BEGIN IMMEDIATE; ${TABLES}
        PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Opens a file that is there, and checks that it is whole.
 *
 * @returns `undefined` for a file that a process was killed over before it had tables.
 * @throws {FileError} If it is damaged, another kind of file, or of another version.
 */
export async function openDatabase(
  file: string,
  readOnly: boolean,
): Promise<DatabaseSync | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
  return guarded(file, "read", () => {
    const database = new DatabaseSync(file, { readOnly });
    try {
      if (isBlank(database)) {
        database.close();
        return undefined;
      }
      checkKind(database, file);
      checkPages(database, file);
      if (!readOnly) journal(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function checkPages(database: DatabaseSync, file: string): void {
  let found: string;
  try {
    found = database.prepare("PRAGMA quick_check(5)").all()
      .map((row) => String(row.quick_check)).join("\n");
  } catch (error) {
    throw damaged(file, `${(error as Error).message}${readableText(database)}`, error);
  }
  if (found !== "ok") throw damaged(file, found.replace("*** in database main ***\n", ""));
}

/** How far the cells can be read, to say where the damage is. */
function readableText(database: DatabaseSync): string {
  let last = -1;
  try {
    const select = database.prepare("SELECT * FROM cells WHERE cell > ? ORDER BY cell LIMIT 1");
    for (let row = select.get(last); row !== undefined; row = select.get(last)) {
      last = Number(row.cell);
    }
  } catch {
    return last < 0 ? " before the first cell" : ` after cell ${last}`;
  }
  return "";
}

/** A killed process loses the transaction that it was in, and nothing before it. */
function journal(database: DatabaseSync): void {
  database.exec(
    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
  );
}

function isBlank(database: DatabaseSync): boolean {
  return database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.tables === 0;
}

function checkKind(database: DatabaseSync, file: string): void {
  const read = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  if (read("application_id") !== APPLICATION_ID) {
    throw new FileError({
      code: "sweep/not-a-store",
      message: "Cannot read results: the file holds no results of a sweep",
      place: { file },
      found: "another database",
    });
  }
  const version = read("user_version");
  if (version === SCHEMA_VERSION) return;
  throw new FileError({
    code: "sweep/store-version",
    message: "Cannot read results: another release of kvtier wrote them",
    place: { file },
    found: `version ${version}`,
    expected: `version ${SCHEMA_VERSION}`,
  });
}

/** Turns what SQLite throws into sentences. */
export function guarded<T>(file: string, action: "read" | "write", body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof KvtierError ? error : explain(error, file, action);
  }
}

/** Primary result codes of SQLite that have a sentence of their own. */
const CODES: Readonly<Record<number, readonly [code: string, reason: string, mend: string]>> = {
  5: ["busy", "another process is writing there", "wait for it, or use another --out"],
  8: ["denied", "the system denies it", "check the permissions of the folder"],
  10: ["disk-failed", "the disk is full, or fails", "make room, then go on with --resume"],
  13: ["disk-full", "the disk is full", "make room, then go on with --resume"],
  14: ["not-found", "there is no such folder, or it may not be used", "check the path"],
};

/** Texts of SQLite for errors that come without a code, as those of `exec` do. */
const TEXTS: readonly (readonly [text: RegExp, code: number])[] = [
  [/locked/, 5],
  [/readonly/, 8],
  [/disk I\/O/, 10],
  [/malformed/, 11],
  [/is full/, 13],
  [/unable to open/, 14],
  [/not a database/, 26],
];

function explain(error: unknown, file: string, action: "read" | "write"): KvtierError {
  const { errcode, message = "" } = error as { errcode?: number; message?: string };
  const primary = errcode === undefined
    ? TEXTS.find(([text]) => text.test(message))?.[1] ?? 1
    : errcode & 0xff;
  if (primary === 11 || primary === 26) return damaged(file, message, error);
  const [code, reason, mend] = CODES[primary] ?? ["failed", "the database reports a fault", ""];
  return new FileError(
    {
      code: `sweep/${code}`,
      message: `Cannot ${action} results: ${reason}`,
      place: { file },
      found: message,
      mend: mend === "" ? [] : [mend],
    },
    [],
    { cause: error },
  );
}

/** The file is not what was written. */
export function damaged(file: string, found: string, cause?: unknown, row?: number): FileError {
  return new FileError(
    {
      code: "sweep/damaged",
      message: "Cannot read results: the file is damaged",
      place: { file, ...(row === undefined ? {} : { key: `cell ${row}` }) },
      found,
      mend: ["delete it and run the sweep, or the shard, again: no part of it can be trusted"],
    },
    [],
    { cause },
  );
}
