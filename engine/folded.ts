/**
 * The folded engine: exact replays of a trace by extents, without looking at single blocks.
 *
 * @module
 */
import { FoldedResultField, FoldedTask, TouchOrder } from "../assembly/abi.ts";
import type { Trace } from "../traces/trace.ts";
import { placeTrace } from "./place_trace.ts";
import { checkCapacity, type OnProgress } from "./replayer.ts";
import type { Touch } from "./result.ts";
import type { ReuseRuns } from "./reuse_runs.ts";
import { Instance } from "./wasm.ts";

/** How {@linkcode reuseRuns} works. */
export interface FoldedOptions {
  /** Another build of the engine, such as `engine.check.wasm`. */
  readonly module?: WebAssembly.Module;
  /** Told of an estimate: the work grows with extents, not with accesses. */
  readonly onProgress?: OnProgress;
}

/** Hits of one policy at one capacity: those of the engine that goes block by block. */
export interface FoldedHits {
  /** Block hits. */
  readonly hits: number;
  /** Hits in the leading run of each request. */
  readonly prefixHits: number;
}

/** {@linkcode FoldedHits} of LRU, and what was evicted, when: all columns have the same length. */
export interface FoldedLru extends FoldedHits {
  /** Blocks, in the order of eviction; neighbours that were evicted alike are one row. */
  readonly evictedBlocks: Uint32Array;
  /** Row of the request that touched them last. */
  readonly touchedRequest: Uint32Array;
  /** Row of the request that took their room. */
  readonly evictedRequest: Uint32Array;
}

/**
 * The previous use and the LRU stack distance of every block of a trace, folded.
 *
 * @param trace Any trace; tail-first, no request may touch a block twice.
 * @param touch In which order a request touches its blocks.
 * @throws {EngineError} `engine/RepeatInRequest`, or when the tables do not fit in 4 GiB.
 * @example
 * ```ts
 * import { reuseRuns, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * builder.add({ runs: [[0, 1000]] });
 * builder.add({ runs: [[0, 600], [5000, 50]] });
 * const runs = reuseRuns(await builder.build(), "tail-first");
 * assertEquals([...runs.blockCount], [1000, 600, 50]);
 * assertEquals([...runs.distance], [0xffffffff, 0, 0xffffffff]);
 * ```
 */
export function reuseRuns(trace: Trace, touch: Touch, options: FoldedOptions = {}): ReuseRuns {
  return new FoldedReplayer(trace, options.module).reuse(touch, options.onProgress);
}

/**
 * Holds a trace inside one Wasm instance and replays it by extents, any number of times. What the
 * replays share is made at the first.
 *
 * Every method throws an {@linkcode EngineError} `engine/RepeatInRequest` when a request touches a
 * block twice and the order is tail-first.
 *
 * @example
 * ```ts
 * import { FoldedReplayer, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 1000]] });
 * const replayer = new FoldedReplayer(await builder.build());
 * assertEquals(replayer.lru(400, "root-first").hits, 0);
 * assertEquals(replayer.optimal(400, "root-first").hits, 800);
 * ```
 */
export class FoldedReplayer {
  private readonly instance: Instance;

  /**
   * @param trace The trace; its columns are copied into the instance.
   * @param module Another build of the engine, such as `engine.check.wasm`.
   * @throws {EngineError} If the columns contradict each other or do not fit in 4 GiB.
   */
  constructor(private readonly trace: Trace, module?: WebAssembly.Module) {
    this.instance = new Instance(module);
    const header = placeTrace(this.instance, trace);
    this.instance.checked("openTrace", [header], "open the trace");
  }

  /** The reuse table, see {@linkcode reuseRuns}. */
  reuse(touch: Touch, onProgress?: OnProgress): ReuseRuns {
    const at = this.run(FoldedTask.Reuse, 0, touch, "find the reuse of blocks", onProgress);
    const count = this.instance.memory.u32(at + FoldedResultField.Runs);
    const column = (field: FoldedResultField) => this.column(at + field, count);
    return {
      touch,
      count,
      request: column(FoldedResultField.Request),
      extent: column(FoldedResultField.Extent),
      firstBlock: column(FoldedResultField.FirstBlock),
      blockCount: column(FoldedResultField.BlockCount),
      previousRequest: column(FoldedResultField.PreviousRequest),
      distance: column(FoldedResultField.Distance),
      peak: column(FoldedResultField.Peak),
    };
  }

  /** LRU at one capacity, 1 to 2³¹ − 1 blocks. */
  lru(capacityBlocks: number, touch: Touch): FoldedLru {
    const at = this.replay(FoldedTask.Lru, "lru", capacityBlocks, touch);
    const rows = this.instance.memory.u32(at + FoldedResultField.EvictedRows);
    return {
      ...this.hits(at),
      evictedBlocks: this.column(at + FoldedResultField.EvictedBlocks, rows),
      touchedRequest: this.column(at + FoldedResultField.TouchedRequest, rows),
      evictedRequest: this.column(at + FoldedResultField.EvictedRequest, rows),
    };
  }

  /** FIFO at one capacity, 1 to 2³¹ − 1 blocks. */
  fifo(capacityBlocks: number, touch: Touch): FoldedHits {
    return this.hits(this.replay(FoldedTask.Fifo, "fifo", capacityBlocks, touch));
  }

  /** The optimum with bypass at one capacity, 1 to 2³¹ − 1 blocks. */
  optimal(capacityBlocks: number, touch: Touch): FoldedHits {
    return this.hits(this.replay(FoldedTask.Optimal, "optimal", capacityBlocks, touch));
  }

  private replay(task: FoldedTask, policy: string, capacityBlocks: number, touch: Touch): number {
    const context = `replay ${policy} at ${capacityBlocks} blocks`;
    checkCapacity(capacityBlocks, context);
    return this.run(task, capacityBlocks, touch, context);
  }

  /** Runs a task to its end; gives the address of its result. */
  private run(
    task: FoldedTask,
    capacityBlocks: number,
    touch: Touch,
    context: string,
    onProgress?: OnProgress,
  ): number {
    const { instance, trace } = this;
    const order = touch === "root-first" ? TouchOrder.RootFirst : TouchOrder.TailFirst;
    instance.checked("openFolded", [task, order, capacityBlocks], context);
    let slices = 0;
    for (let left = 1; left > 0; slices++) {
      left = instance.call("advanceFolded", [], context);
      const share = (slices + 1) / (slices + 1 + left);
      onProgress?.(Math.floor(trace.accesses * share), trace.accesses);
    }
    instance.checked("closeFolded", [], context);
    return instance.call("foldedResult", [], context);
  }

  private hits(at: number): FoldedHits {
    const { memory } = this.instance;
    return {
      hits: memory.u64(at + FoldedResultField.Hits),
      prefixHits: memory.u64(at + FoldedResultField.PrefixHits),
    };
  }

  /** A copy of the column whose address stands at `at`. */
  private column(at: number, rows: number): Uint32Array {
    const { memory } = this.instance;
    return memory.words(memory.u32(at), rows).slice();
  }
}
