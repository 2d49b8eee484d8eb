/**
 * Files: the only place of `traces/` that touches them.
 *
 * @module
 */

import { FileError } from "../errors/errors.ts";
import { didYouMeanOneOf } from "../errors/nearest.ts";
import { nearestPaths } from "../errors/nearest_file.ts";
import type { ByteChunks } from "./context.ts";
import type { ByteSource } from "./inflate.ts";

const READ_BYTES = 256 * 1024;

/**
 * A file as a source of bytes.
 *
 * @throws {FileError} If there is no such file, it is a folder, or it may not be read.
 */
export async function fileSource(path: string): Promise<ByteSource> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    throw fileError("read", path, error, await hintsFor(path, error));
  }
  if (info.isDirectory) {
    throw new FileError({
      code: "file/is-folder",
      message: "Cannot read file: it is a folder",
      place: { file: path },
      expected: "one trace file",
    });
  }
  const totalBytes = info.isFile ? info.size : undefined;
  return { name: path, totalBytes, canReopen: info.isFile, open: () => readFile(path) };
}

async function* readFile(path: string): ByteChunks {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw fileError("read", path, error);
  }
  try {
    for (;;) {
      const buffer = new Uint8Array(READ_BYTES);
      const count = await file.read(buffer).catch((error) => {
        throw fileError("read", path, error);
      });
      if (count === null) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    file.close();
  }
}

/** What a path that leads nowhere may have meant. */
async function hintsFor(path: string, error: unknown): Promise<string[]> {
  if (!(error instanceof Deno.errors.NotFound)) return [];
  const hint = didYouMeanOneOf(await nearestPaths(path, listFolder));
  return hint === undefined ? [] : [hint];
}

/** Names in a folder; none where it cannot be listed, because a hint may be missing. */
async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch {
    return [];
  }
}

let temporaryNames = 0;

/** A temporary name beside `path`; process number and count keep parallel writers apart. */
function temporaryName(path: string): string {
  return `${path}.${Deno.pid}.${++temporaryNames}.tmp`;
}

/**
 * Writes a file so that it is there whole or not at all: first under a temporary name in the same
 * folder, then renamed. Devices and pipes, such as `/dev/null`, are written as they are.
 *
 * @throws {FileError} If the folder is missing, writing is not allowed or the disk is full; nothing
 * is left behind, and an older file of that name stays as it was.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await writeFileAtomic(path, "hello\n");
 * assertEquals(await Deno.readTextFile(path), "hello\n");
 * ```
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const temporary = temporaryName(path);
  try {
    if (await isNoFile(path)) return await Deno.writeFile(path, bytes, { create: false });
    const file = await Deno.open(temporary, { write: true, create: true, truncate: true });
    try {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw fileError("write", path, error);
  }
}

/** Whether a device or a pipe has that name: a file must not take its place. */
async function isNoFile(path: string): Promise<boolean> {
  const there = await Deno.stat(path).catch(() => undefined);
  return there !== undefined && !there.isFile && !there.isDirectory;
}

function fileError(
  action: "read" | "write",
  path: string,
  error: unknown,
  hints: readonly string[] = [],
): FileError {
  const { code, reason, mend } = explain(error, action);
  return new FileError(
    {
      code: `file/${code}`,
      message: `Cannot ${action} file: ${reason}`,
      place: { file: path },
      found: error instanceof Error ? error.message : String(error),
      mend: [...hints, ...mend],
    },
    [],
    { cause: error },
  );
}

function explain(error: unknown, action: "read" | "write") {
  if (error instanceof Deno.errors.NotFound) {
    const reason = action === "read" ? "there is no such file" : "there is no such folder";
    return { code: "not-found", reason, mend: ["check the path"] };
  }
  if (error instanceof Deno.errors.NotCapable) {
    return {
      code: "not-allowed",
      reason: "Deno was not given the permission",
      mend: [`add --allow-${action} to the command`],
    };
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return { code: "denied", reason: "the system denies it", mend: [] };
  }
  const isFull = error instanceof Error && /ENOSPC|no space left|os error 28/i.test(error.message);
  if (isFull) {
    return { code: "disk-full", reason: "the disk is full", mend: ["free some space"] };
  }
  return { code: "failed", reason: "the system reports a fault", mend: [] };
}
