/**
 * Replays one trace, any number of times, in one instance of the engine.
 *
 * @module
 */
import { EngineChoice, ResultField, RUN_BYTES, RunField, TouchOrder } from "../assembly/abi.ts";
import { EngineError } from "../errors/errors.ts";
import { plural } from "../errors/plural.ts";
import type { Trace } from "../traces/trace.ts";
import {
  beginRecording,
  endRecording,
  type PackedModel,
  placeModels,
  type RecordedRows,
} from "./model.ts";
import { type Choice, Registry } from "./registry.ts";
import { placeTrace } from "./place_trace.ts";
import type { Touch } from "./result.ts";
import { Instance } from "./wasm.ts";

/** What to replay: one policy, one capacity, the switches. */
export interface RunSpec {
  readonly policy: Choice;
  readonly capacityBlocks: number;
  readonly touch: Touch;
  readonly admission: Choice;
  /** Non-negative safe integer. */
  readonly seed: number;
  /** Which implementation may run; `auto` takes a kernel where one applies. */
  readonly engine?: "auto" | "general" | "kernel";
  /** What `learned` goes by; without one it is LRU. Other policies pay it no attention. */
  readonly model?: PackedModel;
  /** Requests replayed before counting begins; the counters are of the rest. Default 0. */
  readonly warmupRequests?: number;
}

/** The engine's own counters, before anything is compared. */
export interface Counters {
  readonly requests: number;
  readonly accesses: number;
  readonly hits: number;
  readonly insertions: number;
  readonly evictions: number;
  readonly bypasses: number;
  readonly residentBlocks: number;
  readonly prefixHits: number;
  readonly hitTokens: number;
  readonly inputTokens: number;
  readonly compulsoryMisses: number;
  readonly requestHitRatioSum: number;
  readonly engine: "kernel" | "general";
}

/** Called between slices of a long replay; may throw to stop it. */
export type OnProgress = (accessesDone: number, accessesTotal: number) => void;

/** Accesses per call: V8 optimises Wasm between calls only, and progress comes free. */
const SLICE_ACCESSES = 1 << 17;

/** Largest tier, in blocks: what fits in 31 bits. */
const CAPACITY_BLOCKS_MAX = 2 ** 31 - 1;

/** A number beyond 32 bits would wrap on its way into the engine. */
export function checkCapacity(blocks: number, context: string): void {
  if (Number.isInteger(blocks) && blocks >= 0 && blocks <= CAPACITY_BLOCKS_MAX) return;
  throw new EngineError({
    code: "engine/CapacityTooLarge",
    message: `Cannot ${context}: the capacity is beyond the engine's limit`,
    found: `${blocks} blocks`,
    expected: `a whole number of at most ${CAPACITY_BLOCKS_MAX} blocks`,
    mend: ["a tier that holds every block of the trace (100%) is as good"],
  });
}

/** Holds a trace inside one Wasm instance. */
export class Replayer {
  readonly registry: Registry;
  private readonly instance: Instance;
  private readonly runHeader: number;
  /** The model in force. */
  private model: PackedModel | undefined;

  /**
   * @param trace The trace; its columns are copied into the instance.
   * @param module Another build of the engine, such as `engine.check.wasm`.
   * @throws {EngineError} If the columns contradict each other or do not fit in 4 GiB.
   */
  constructor(private readonly trace: Trace, module?: WebAssembly.Module) {
    this.instance = new Instance(module);
    this.registry = new Registry(this.instance);
    const header = placeTrace(this.instance, trace);
    this.runHeader = this.instance.call("alloc", [RUN_BYTES], "place the run in the engine");
    this.instance.checked("openTrace", [header], "open the trace");
  }

  /**
   * Replays the trace once, from an empty tier.
   *
   * @throws {EngineError} If the run is refused; the replayer can be used for other runs.
   */
  run(spec: RunSpec, onProgress?: OnProgress): Counters {
    const context = `replay ${spec.policy.label} at ${spec.capacityBlocks} ${
      plural(spec.capacityBlocks, "block")
    }`;
    checkCapacity(spec.capacityBlocks, context);
    if (spec.model !== this.model) placeModels(this.instance, [spec.model]);
    this.model = spec.model;
    this.packRun(spec);
    this.instance.checked("openRun", [this.runHeader], context);
    const total = this.trace.accesses;
    let left = this.trace.requestCount;
    while (left > 0) {
      left = this.instance.call("advance", [SLICE_ACCESSES], context);
      if (onProgress !== undefined) {
        const done = this.result(ResultField.Accesses);
        onProgress(done, total);
      }
    }
    this.instance.checked("closeRun", [], context);
    return this.counters();
  }

  /**
   * Replays the trace under `learned` and gives the rows that it scored, in the order of scoring.
   *
   * @param room Most rows to record.
   * @param share Part of all rows to keep, 0 to 1.
   */
  record(spec: RunSpec, room: number, share: number): RecordedRows {
    beginRecording(this.instance, room, share);
    let rows: RecordedRows;
    try {
      this.run(spec);
    } finally {
      // A room left open would slow every later run.
      rows = endRecording(this.instance);
    }
    return rows;
  }

  private packRun(spec: RunSpec): void {
    const { memory } = this.instance;
    const at = this.runHeader;
    const choices = {
      auto: EngineChoice.Auto,
      general: EngineChoice.General,
      kernel: EngineChoice.Kernel,
    };
    memory.setU32(at + RunField.Policy, spec.policy.entry.index);
    memory.setU32(at + RunField.Admission, spec.admission.entry.index);
    memory.setU32(at + RunField.Capacity, spec.capacityBlocks);
    const touch = spec.touch === "root-first" ? TouchOrder.RootFirst : TouchOrder.TailFirst;
    memory.setU32(at + RunField.Touch, touch);
    memory.setU32(at + RunField.Engine, choices[spec.engine ?? "auto"]);
    memory.setU32(at + RunField.Warmup, spec.warmupRequests ?? 0);
    memory.setU64(at + RunField.Seed, spec.seed);
    spec.policy.values.forEach((value, i) =>
      memory.setF64(at + RunField.PolicyParameters + i * 8, value)
    );
    spec.admission.values.forEach((value, i) =>
      memory.setF64(at + RunField.AdmissionParameters + i * 8, value)
    );
  }

  private result(field: ResultField): number {
    const at = this.instance.call("result", [], "read the result");
    return this.instance.memory.u64(at + field);
  }

  private counters(): Counters {
    const at = this.instance.call("result", [], "read the result");
    const { memory } = this.instance;
    const read = (field: ResultField) => memory.u64(at + field);
    return {
      requests: read(ResultField.Requests),
      accesses: read(ResultField.Accesses),
      hits: read(ResultField.Hits),
      insertions: read(ResultField.Insertions),
      evictions: read(ResultField.Evictions),
      bypasses: read(ResultField.Bypasses),
      residentBlocks: read(ResultField.Resident),
      prefixHits: read(ResultField.PrefixHits),
      hitTokens: read(ResultField.HitTokens),
      inputTokens: read(ResultField.InputTokens),
      compulsoryMisses: read(ResultField.CompulsoryMisses),
      requestHitRatioSum: memory.f64(at + ResultField.RequestRatioSum),
      engine: memory.u32(at + ResultField.Engine) === EngineChoice.Kernel ? "kernel" : "general",
    };
  }
}
