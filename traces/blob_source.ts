/**
 * Files that the host holds, such as those dropped on a page.
 *
 * @module
 */
import { FileError } from "../errors/errors.ts";
import type { ByteChunks } from "./context.ts";
import { type ByteSource, readStream } from "./inflate.ts";

/**
 * A file that the host holds, such as one that was dropped on a page.
 *
 * @throws {FileError} While it is read, if it is gone, changed, or a folder.
 */
export function blobSource(blob: Blob, name: string): ByteSource {
  return { name, totalBytes: blob.size, canReopen: true, open: () => readBlob(blob, name) };
}

async function* readBlob(blob: Blob, name: string): ByteChunks {
  try {
    yield* readStream(blob.stream());
  } catch (error) {
    throw new FileError(
      {
        code: "file/unreadable",
        message: "Cannot read file: the browser cannot read it (any more)",
        place: { file: name },
        found: error instanceof Error ? error.message : String(error),
        expected: "a file that is there and did not change since it was chosen",
        mend: ["choose the file again; a folder cannot be read"],
      },
      [],
      { cause: error },
    );
  }
}
