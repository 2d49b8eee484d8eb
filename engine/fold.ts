/**
 * Folds block hashes into extents, in Wasm: interning, dense numbering, run merging.
 *
 * The only file of `engine/` that `traces/` may import.
 *
 * @module
 */
import { FoldField } from "../assembly/abi.ts";
import { GrowingWords } from "./growing_words.ts";
import { Instance } from "./wasm.ts";

/** What folding gave: the block side of a trace. */
export interface Folded {
  /** Offsets into the extents, one more than there are requests. */
  readonly firstExtent: Uint32Array;
  readonly firstBlock: Uint32Array;
  readonly blockCount: Uint32Array;
  readonly uniqueBlocks: number;
  readonly accesses: number;
}

/**
 * Turns requests of 64-bit block hashes into extents, batch by batch. Blocks are numbered from 0 in
 * the order of their first touch; consecutive numbers within a request become one extent.
 *
 * @example
 * ```ts
 * import { Folder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = new Folder();
 * folder.add(Uint32Array.of(3, 2), Uint32Array.of(7, 0, 8, 0, 9, 0, 7, 0, 5, 1));
 * const folded = folder.finish();
 * assertEquals([...folded.firstBlock], [0, 0, 3]);
 * assertEquals([...folded.blockCount], [3, 1, 1]);
 * ```
 */
export class Folder {
  private readonly instance = new Instance();
  private readonly firstExtent = new GrowingWords();
  private readonly firstBlock = new GrowingWords();
  private readonly blockCount = new GrowingWords();
  private accesses = 0;
  private uniqueBlocks = 0;

  constructor() {
    this.firstExtent.push(0);
  }

  /**
   * Adds requests in arrival order.
   *
   * @param lengths Blocks of each request.
   * @param pairs The hashes of those requests in a row, each as two 32-bit words (low, high).
   * @throws {EngineError} If the table of distinct blocks outgrows 4 GiB (about 80 M blocks).
   */
  add(lengths: Uint32Array, pairs: Uint32Array): void {
    const context = "fold block hashes";
    this.instance.call("foldRoom", [lengths.length, pairs.length >>> 1], context);
    const { memory } = this.instance;
    const header = this.instance.call("foldHeader", [], context);
    memory.words(memory.u32(header + FoldField.Lengths), lengths.length).set(lengths);
    memory.words(memory.u32(header + FoldField.Hashes), pairs.length).set(pairs);
    this.instance.call("foldBatch", [lengths.length], context);
    const column = (field: FoldField, length: number) =>
      memory.words(memory.u32(header + field), length);
    const extents = memory.u32(header + FoldField.Extents);
    let end = this.firstBlock.length;
    for (const count of column(FoldField.ExtentCounts, lengths.length)) {
      this.firstExtent.push(end += count);
    }
    this.firstBlock.append(column(FoldField.FirstBlock, extents));
    this.blockCount.append(column(FoldField.BlockCount, extents));
    this.accesses += pairs.length >>> 1;
    this.uniqueBlocks = memory.u32(header + FoldField.Unique);
  }

  /** Ends the trace and gives the columns. */
  finish(): Folded {
    return {
      firstExtent: this.firstExtent.toArray(),
      firstBlock: this.firstBlock.toArray(),
      blockCount: this.blockCount.toArray(),
      uniqueBlocks: this.uniqueBlocks,
      accesses: this.accesses,
    };
  }
}
