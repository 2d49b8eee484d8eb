/**
 * The frames of a zstd file (RFC 8878), found without decompressing them.
 *
 * @module
 */

import type { ByteChunks } from "./context.ts";
import { refusal } from "./findings.ts";

/** One frame: its compressed bytes, and the size of its content if the frame says it. */
export interface ZstdFrame {
  readonly contentBytes?: number;
  /** Must be read to the end before the next frame is asked for. */
  readonly pieces: ByteChunks;
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const RESERVED_BLOCK = 3;
const RLE_BLOCK = 1;

/** Walks from frame to frame and refuses a file that ends within one. */
export class FrameWalker {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #offset = 0;

  constructor(chunks: ByteChunks, readonly file: string) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next frame, or `undefined` at the end of the file. */
  async nextFrame(): Promise<ZstdFrame | undefined> {
    for (;;) {
      if (!await this.#fill()) return undefined;
      const start = await this.#take(4);
      const magic = little(start, 0, 4);
      if (magic === FRAME_MAGIC) return await this.#frame(start);
      if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC) {
        throw this.#damaged("no frame begins here");
      }
      const size = little(await this.#take(4), 0, 4);
      for await (const _ of this.#pieces(size)) { /* skipped */ }
    }
  }

  async #frame(magic: Uint8Array): Promise<ZstdFrame> {
    const descriptor = await this.#take(1);
    const flags = descriptor[0];
    const isSingle = (flags & 0x20) !== 0;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6];
    const before = (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3];
    const rest = await this.#take(before + sizeBytes);
    const size = little(rest, before, sizeBytes);
    const contentBytes = sizeBytes === 0 ? undefined : size + (sizeBytes === 2 ? 256 : 0);
    const hasChecksum = (flags & 4) !== 0;
    return { contentBytes, pieces: this.#blocks([magic, descriptor, rest], hasChecksum) };
  }

  async *#blocks(header: Uint8Array[], hasChecksum: boolean): ByteChunks {
    yield* header;
    for (let isLast = false; !isLast;) {
      const head = await this.#take(3);
      const word = little(head, 0, 3);
      isLast = (word & 1) === 1;
      const type = (word >> 1) & 3;
      if (type === RESERVED_BLOCK) throw this.#damaged("a block of a reserved type");
      yield head;
      yield* this.#pieces(type === RLE_BLOCK ? 1 : word >> 3);
    }
    if (hasChecksum) yield await this.#take(4);
  }

  /** So many bytes, in pieces as they come. */
  async *#pieces(size: number): ByteChunks {
    for (let left = size; left > 0;) {
      if (!await this.#fill()) throw this.#torn();
      const piece = this.#chunk.subarray(this.#at, this.#at + left);
      this.#at += piece.length;
      this.#offset += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  async #take(size: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(size);
    let at = 0;
    for await (const piece of this.#pieces(size)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** Whether there is a byte at hand, after waiting for more if need be. */
  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#chunk = value;
      this.#at = 0;
    }
    return true;
  }

  #torn(): Error {
    return refusal(this.file, {
      name: "zstd-truncated",
      message: "the zstd data is truncated",
      place: { byteOffset: this.#offset },
      found: "the end of the file within a frame",
      expected: "a complete zstd file",
      mend: ["fetch the file again"],
    });
  }

  #damaged(found: string): Error {
    return refusal(this.file, {
      name: "zstd-damaged",
      message: "the zstd data is damaged",
      place: { byteOffset: this.#offset },
      found,
      expected: "a complete zstd file",
      mend: ["fetch the file again"],
    });
  }
}

function little(bytes: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + bytes[start + index];
  return value;
}
