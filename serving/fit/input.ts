/**
 * Measured files: their text, and the hash that names them.
 *
 * @module
 */
import { sha256Hex } from "../../traces/canonical.ts";
import { type ByteSource, bytesSource, inflate } from "../../traces/inflate.ts";
import { fileSource } from "../../traces/source.ts";

/** A text that was measured somewhere. */
export interface MeasuredText {
  /** Path or name. */
  readonly file: string;
  readonly text: string;
  /** SHA-256 (hex) of the bytes of the file, as `sha256sum` prints. */
  readonly hash: string;
}

/**
 * Reads a measured file: plain, gzip or zstd.
 *
 * @throws {FileError} If it cannot be read.
 */
export async function readMeasured(path: string): Promise<MeasuredText> {
  return await measuredText(await bytesOf(await fileSource(path)), path);
}

/** A measured text from the bytes of a file. */
export async function measuredText(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): Promise<MeasuredText> {
  const plain = await inflatedBytes(bytes, file);
  return { file, text: new TextDecoder().decode(plain), hash: await sha256Hex(bytes) };
}

async function inflatedBytes(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  return await joined(inflate(bytesSource(bytes, file)));
}

async function bytesOf(source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  return await joined(source.open());
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
