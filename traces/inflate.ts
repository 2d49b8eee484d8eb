/**
 * Plain, gzip and zstd bytes, told apart by their first bytes.
 *
 * @module
 */

import type { ByteChunks } from "./context.ts";
import { refusal } from "./findings.ts";
import { FrameWalker, type ZstdFrame } from "./zstd_frames.ts";

/** Where bytes come from. */
export interface ByteSource {
  /** Name as the user wrote it. */
  readonly name: string;
  readonly totalBytes?: number;
  /** Whether `open` may be called again, which gives the same bytes. */
  readonly canReopen: boolean;
  open(): ByteChunks;
}

const GZIP_MAGIC = [0x1f, 0x8b];
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** A source in memory. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    totalBytes: bytes.length,
    canReopen: true,
    async *open() {
      for (let at = 0; at < bytes.length; at += 1 << 18) yield bytes.subarray(at, at + (1 << 18));
    },
  };
}

/** A source that can be read once. */
export function streamSource(stream: ReadableStream<Uint8Array>, name: string): ByteSource {
  return { name, canReopen: false, open: () => readStream(stream) };
}

/** The bytes of a stream; what is left of it is cancelled. */
export async function* readStream(stream: ReadableStream<Uint8Array>): ByteChunks {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

/** The content of a source, decompressed if it is compressed. */
export async function* inflate(source: ByteSource): ByteChunks {
  const chunks = source.open()[Symbol.asyncIterator]();
  const first = await pullAtLeast(chunks, ZSTD_MAGIC.length);
  const whole = resume(first, chunks);
  if (startsWith(first, GZIP_MAGIC)) yield* gunzip(source, whole);
  else if (startsWith(first, ZSTD_MAGIC)) yield* unzstd(source, whole);
  else yield* whole;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

async function pullAtLeast(chunks: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  while (bytes.length < count) {
    const { done, value } = await chunks.next();
    if (done) break;
    if (bytes.length === 0) bytes = value as Uint8Array<ArrayBuffer>;
    else {
      const joined = new Uint8Array(bytes.length + value.length);
      joined.set(bytes);
      joined.set(value, bytes.length);
      bytes = joined;
    }
  }
  return bytes;
}

async function* resume(first: Uint8Array, rest: AsyncIterator<Uint8Array>): ByteChunks {
  let ended = false;
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const { done, value } = await rest.next();
      if (done) break;
      yield value;
    }
    ended = true;
  } finally {
    if (!ended) await rest.return?.();
  }
}

/**
 * Reads gzip. The host's own stream is quick to load and fast, but knows one member only and does
 * not tell a torn file from a damaged one; whenever it refuses, `node:zlib` takes over.
 */
async function* gunzip(source: ByteSource, chunks: ByteChunks): ByteChunks {
  if (!source.canReopen) {
    const zlib = await nodeZlib();
    if (zlib !== undefined) return yield* viaNode(source, chunks, zlib.createGunzip(), "gzip");
  }
  let emitted = 0;
  const guard = new ErrorGuard();
  try {
    const stream = toStream(guard.watch(chunks)).pipeThrough(new DecompressionStream("gzip"));
    for await (const chunk of readStream(stream as ReadableStream<Uint8Array>)) {
      emitted += chunk.length;
      yield chunk;
    }
  } catch (error) {
    guard.rethrow(error);
    const zlib = source.canReopen ? await nodeZlib() : undefined;
    if (zlib === undefined) throw damaged(source, "gzip", error);
    yield* skip(viaNode(source, source.open(), zlib.createGunzip(), "gzip"), emitted);
  }
}

/** Reads zstd, frame by frame, since the hosts' decoders end silently where a frame breaks off. */
async function* unzstd(source: ByteSource, chunks: ByteChunks): ByteChunks {
  const zlib = await nodeZlib();
  if (zlib?.createZstdDecompress === undefined) {
    throw refusal(source.name, {
      name: "no-zstd",
      message: "this host cannot decompress zstd",
      expected: "Deno 2.9 or Node 22.15",
      mend: ["decompress the file first, or compress it with gzip"],
    });
  }
  const walker = new FrameWalker(chunks, source.name);
  for (;;) {
    const frame = await walker.nextFrame();
    if (frame === undefined) return;
    yield* decodeFrame(source, frame, zlib.createZstdDecompress());
  }
}

async function* decodeFrame(
  source: ByteSource,
  frame: ZstdFrame,
  decoder: NodeDecoder,
): ByteChunks {
  let size = 0;
  for await (const chunk of viaNode(source, frame.pieces, decoder, "zstd")) {
    size += chunk.length;
    yield chunk;
  }
  if (frame.contentBytes === undefined || frame.contentBytes === size) return;
  throw refusal(source.name, {
    name: "zstd-damaged",
    message: "the zstd data is damaged",
    found: `${size} bytes in a frame`,
    expected: `${frame.contentBytes} bytes, as the frame says`,
    mend: ["fetch the file again"],
  });
}

/** The part of a `node:zlib` stream that is used here. */
interface NodeDecoder extends AsyncIterable<Uint8Array> {
  write(chunk: Uint8Array): boolean;
  end(): void;
  destroy(error?: Error): void;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

interface NodeZlib {
  createGunzip(): NodeDecoder;
  createZstdDecompress?(): NodeDecoder;
}

/** `node:zlib` where there is one: Deno and Node, not browsers. */
async function nodeZlib(): Promise<NodeZlib | undefined> {
  // A page would ask for it like for any script, and its security policy would complain.
  if (!("process" in globalThis)) return undefined;
  // The name is not a literal, so that bundlers for browsers leave it alone.
  const name = "node:zlib";
  try {
    return await import(name) as unknown as NodeZlib;
  } catch {
    return undefined;
  }
}

async function* viaNode(
  source: ByteSource,
  chunks: ByteChunks,
  decoder: NodeDecoder,
  kind: "gzip" | "zstd",
): ByteChunks {
  const guard = new ErrorGuard();
  const pump = (async () => {
    for await (const chunk of guard.watch(chunks)) {
      if (!decoder.write(chunk)) await drained(decoder);
    }
    decoder.end();
  })().catch((error) => decoder.destroy(error));
  try {
    for await (const chunk of decoder) yield chunk;
    await pump;
  } catch (error) {
    guard.rethrow(error);
    throw damaged(source, kind, error);
  } finally {
    decoder.destroy();
  }
}

function drained(decoder: NodeDecoder): Promise<void> {
  return new Promise((resolve) => {
    const events = ["drain", "error", "close"];
    const go = () => {
      for (const event of events) decoder.off(event, go);
      resolve();
    };
    for (const event of events) decoder.once(event, go);
  });
}

function damaged(source: ByteSource, kind: "gzip" | "zstd", error: unknown): Error {
  const isTorn = (error as { code?: string }).code === "Z_BUF_ERROR";
  return refusal(source.name, {
    name: isTorn ? `${kind}-truncated` : `${kind}-damaged`,
    message: isTorn ? `the ${kind} data is truncated` : `the ${kind} data is damaged`,
    found: error instanceof Error ? error.message : String(error),
    expected: `a complete ${kind} file`,
    mend: ["fetch the file again"],
  });
}

/** Tells faults of the source itself from faults of the decoder that reads it. */
class ErrorGuard {
  #failed = false;
  #error: unknown;

  async *watch(chunks: ByteChunks): ByteChunks {
    try {
      yield* chunks;
    } catch (error) {
      this.#failed = true;
      this.#error = error;
      throw error;
    }
  }

  rethrow(_decoderError: unknown): void {
    if (this.#failed) throw this.#error;
  }
}

function toStream(chunks: ByteChunks): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

async function* skip(chunks: ByteChunks, count: number): ByteChunks {
  let left = count;
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      yield left === 0 ? chunk : chunk.subarray(left);
      left = 0;
    }
  }
}
