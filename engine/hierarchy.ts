/**
 * Replays a trace through a memory hierarchy.
 *
 * @module
 */
import { HIERARCHY_BYTES, TIER_BYTES, TIERS_MAX } from "../assembly/abi_hierarchy.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import type { Trace } from "../traces/trace.ts";
import { hashOf, hierarchyResultHash, withoutFiles } from "./hierarchy_hash.ts";
import { counted, learnedFrom } from "./counted.ts";
import { clockOf } from "./hierarchy_clock.ts";
import type { HierarchyResult, ResidencySample } from "./hierarchy_result.ts";
import {
  beginRecording,
  endRecording,
  placeModels,
  type RecordedRows,
  type TierModels,
} from "./model.ts";
import { type Columns, packTiers, schemeBytes, writeHeader, writeTiers } from "./pack_hierarchy.ts";
import { placeTrace } from "./place_trace.ts";
import { HierarchyReader } from "./read_hierarchy.ts";
import { Registry } from "./registry.ts";
import { ENGINE_HASH, Instance } from "./wasm.ts";

/** Switches of a replay that are no part of the scenario. */
export interface SimulateOptions {
  /** Another build of the engine, such as `engine.check.wasm`. */
  readonly module?: WebAssembly.Module;
  /** Called between slices with requests done and requests in all; may throw to stop. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Samples of the hierarchy over time. Default 128; 0 for none. */
  readonly samples?: number;
  /** Checks all books after every touch, which is slow. Default: only at the end. */
  readonly checkBooks?: boolean;
  /** What the `learned` tiers go by, tier by tier; others pay it no attention. */
  readonly models?: TierModels;
}

/** Facts of single blocks and requests that a trace does not carry, for a {@linkcode HierarchyReplayer}. */
export interface BlockColumns {
  /** Bytes of each block in the model's own precision; all the same when absent. */
  readonly blockBytes?: Uint32Array;
  /** Nanoseconds that reading each block costs besides, in any tier. */
  readonly blockReadNs?: Uint32Array;
  /** The trace's own clock, one value per request: what policies with a `step` go by. */
  readonly steps?: Float64Array;
}

/** Requests of one call into the engine, at most: V8 optimises Wasm between calls only. */
const SLICE_REQUESTS = 4096;
const SAMPLES = 128;

/**
 * Replays a trace through the tiers of a scenario.
 *
 * Pure: equal scenario, trace and engine give equal results, to the bit.
 *
 * @returns Counters in blocks and bytes, times in nanoseconds, one entry per tier.
 * @throws {EngineError} If a tier cannot hold one block, timed movement meets a trace without
 * arrival times, or the run does not fit in 4 GiB.
 * @throws {UsageError} For a policy, admitter or prefetcher that is not registered, or a `learned`
 * tier without a model (`simulateLearned` makes them).
 *
 * @example Two tiers: what the fast one gives up, the slow one keeps
 * ```ts
 * import { exampleHierarchy, simulate, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 6]] });
 * const scenario = exampleHierarchy({ capacityBlocks: [4, 8] });
 * const result = await simulate(scenario, await builder.build());
 * assertEquals(result.misses, 6);
 * assertEquals(result.tiers.map((tier) => tier.residentBlocks), [4, 2]);
 * ```
 */
export function simulate(
  scenario: HierarchyScenario,
  trace: Trace,
  options: SimulateOptions = {},
): Promise<HierarchyResult> {
  return new HierarchyReplayer(trace, {}, options.module).run(scenario, options);
}

/** Holds a trace inside one Wasm instance and replays it through any number of hierarchies. */
export class HierarchyReplayer {
  readonly registry: Registry;
  private readonly instance: Instance;
  private readonly reader: HierarchyReader;
  private readonly header: number;
  private readonly tierRecords: number;
  private readonly columns: Omit<Columns, "blockSizes">;
  /** Addresses of size columns, made when a run needs them. */
  private readonly sizeColumns: number[] = [];
  /** The models in force. */
  private models: TierModels = [];

  /**
   * @param trace The trace; its columns are copied into the instance.
   * @param module Another build of the engine, such as `engine.check.wasm`.
   * @throws {EngineError} If the columns do not fit in 4 GiB.
   */
  constructor(
    private readonly trace: Trace,
    private readonly blocks: BlockColumns = {},
    module?: WebAssembly.Module,
  ) {
    this.instance = new Instance(module);
    this.registry = new Registry(this.instance);
    this.reader = new HierarchyReader(this.instance);
    const header = placeTrace(this.instance, trace);
    const { requests } = trace;
    this.header = this.alloc(HIERARCHY_BYTES);
    this.tierRecords = this.alloc(TIER_BYTES * TIERS_MAX);
    this.columns = {
      arrivalNs: this.floats(requests.arrivalNs),
      session: this.words(requests.session),
      requestNs: this.alloc(trace.requestCount * 8),
      steps: this.floats(blocks.steps),
      blockReadNs: this.words(blocks.blockReadNs),
    };
    this.instance.checked("openTrace", [header], "open the trace");
  }

  /** Bytes of the instance, the trace and the largest run so far included, in whole pages. */
  get memoryBytes(): number {
    return this.instance.memory.byteLength;
  }

  private alloc(bytes: number): number {
    return this.instance.call("alloc", [bytes], "place the trace in the engine");
  }

  private floats(column: Float64Array | undefined): number {
    if (column === undefined) return 0;
    const address = this.alloc(column.byteLength);
    this.instance.memory.floats(address, column.length).set(column);
    return address;
  }

  private words(column: Uint32Array | undefined): number {
    if (column === undefined) return 0;
    const address = this.alloc(column.byteLength);
    this.instance.memory.words(address, column.length).set(column);
    return address;
  }

  /**
   * Replays the trace once, from an empty hierarchy.
   *
   * @throws {EngineError} If the run is refused; the replayer can be used for other runs.
   */
  async run(asked: HierarchyScenario, options: SimulateOptions = {}): Promise<HierarchyResult> {
    const scenario = counted(asked, this.trace.requestCount);
    const context = `simulate ${scenario.name}`;
    const blockTokens = scenario.blockTokens ?? this.trace.blockTokens;
    const bytes = this.blocks.blockBytes;
    const native = bytes === undefined || bytes.length === 0
      ? scenario.bytesPerToken * blockTokens
      : bytes.reduce((least, value) => Math.min(least, value), 2 ** 32 - 1);
    const tiers = packTiers(scenario, this.registry, native, options.models ?? []);
    this.place(tiers.map(({ model }) => model));
    const columns: Columns = { ...this.columns, blockSizes: this.placeSizes(scenario) };
    const { memory } = this.instance;
    writeTiers(memory, this.tierRecords, tiers, columns);
    writeHeader(memory, this.header, scenario, {
      tierRecords: this.tierRecords,
      blockTokens,
      prefetcher: this.registry.prefetcher(scenario.prefetch.name),
      columns,
      checkBooks: options.checkBooks ?? false,
    });
    this.instance.checked("openHierarchy", [this.header], context);
    const samples = this.advance(scenario, options, context);
    this.instance.checked("closeHierarchy", [], context);
    const requestNs = this.requestTimes(scenario);
    const content = {
      ...this.reader.read(scenario, tiers, samples, requestNs),
      ...clockOf(this.trace, scenario, requestNs),
      ...learnedFrom(asked, this.trace.requestCount),
    };
    const hashes = {
      trace: this.trace.hash,
      engine: ENGINE_HASH,
      scenario: await hashOf(withoutFiles(asked)),
    };
    return { ...content, hashes, resultHash: await hierarchyResultHash(content, hashes) };
  }

  /**
   * Replays the trace and gives the rows that its `learned` tiers scored, in the order of scoring.
   *
   * @param room Most rows to record.
   * @param share Part of all rows to keep, 0 to 1.
   */
  async record(
    scenario: HierarchyScenario,
    options: SimulateOptions,
    room: number,
    share: number,
  ): Promise<RecordedRows> {
    beginRecording(this.instance, room, share);
    let rows: RecordedRows;
    try {
      await this.run(scenario, options);
    } finally {
      // A room left open would slow every later run.
      rows = endRecording(this.instance);
    }
    return rows;
  }

  private place(models: TierModels): void {
    const { length } = this.models;
    if (models.length === length && models.every((each, t) => each === this.models[t])) return;
    this.models = [];
    placeModels(this.instance, models);
    this.models = models;
  }

  /** Writes the bytes of each block in each tier; tiers of one scheme share a column. */
  private placeSizes(scenario: HierarchyScenario): number[] {
    const native = this.blocks.blockBytes;
    if (native === undefined) return [];
    const placed = new Map<string, number>();
    return scenario.tiers.map(({ scheme }) => {
      const key = `${scheme.bitsPerNumber}/${scheme.groupNumbers}/${scheme.groupBytes}`;
      let address = placed.get(key);
      if (address === undefined) {
        address = this.sizeColumn(placed.size, native.length);
        const column = this.instance.memory.words(address, native.length);
        for (let block = 0; block < native.length; block++) {
          column[block] = schemeBytes(scenario, scheme, native[block]);
        }
        placed.set(key, address);
      }
      return address;
    });
  }

  private sizeColumn(index: number, length: number): number {
    return this.sizeColumns[index] ??= this.instance.call(
      "allocBelow",
      [length * 4],
      "place the sizes of blocks in the engine",
    );
  }

  /** Replays all requests, in slices that end where a sample is due. */
  private advance(
    scenario: HierarchyScenario,
    options: SimulateOptions,
    context: string,
  ): ResidencySample[] {
    const total = this.trace.requestCount;
    const warmup = Math.min(scenario.warmupRequests, total);
    const wanted = options.samples ?? SAMPLES;
    const every = wanted > 0 ? Math.max(1, Math.ceil((total - warmup) / wanted)) : Infinity;
    const samples: ResidencySample[] = [];
    let before = { lookups: 0, hits: scenario.tiers.map(() => 0) };
    let due = warmup + every;
    for (let done = 0; done < total;) {
      const goal = done < warmup ? warmup : Math.min(due, total);
      const slice = Math.min(SLICE_REQUESTS, goal - done);
      this.instance.call("advanceHierarchy", [slice], context);
      done += slice;
      options.onProgress?.(done, total);
      if (done <= warmup || (done !== due && done !== total) || wanted === 0) continue;
      due = done + every;
      const now = this.reader.hits(scenario.tiers.length);
      samples.push({
        request: done,
        timeNs: this.trace.requests.arrivalNs?.[done - 1] ?? 0,
        usedBytes: now.usedBytes,
        lookups: now.lookups - before.lookups,
        hits: now.hits.map((count, tier) => count - before.hits[tier]),
      });
      before = now;
    }
    return samples;
  }

  private requestTimes(scenario: HierarchyScenario): Float64Array | undefined {
    if (scenario.movement !== "timed") return undefined;
    const { requestCount } = this.trace;
    return this.instance.memory.floats(this.columns.requestNs, requestCount)
      .slice(scenario.warmupRequests);
  }
}
