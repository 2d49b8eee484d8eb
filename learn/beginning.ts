/**
 * The beginning of a trace, as the trainer sees it: nothing later is within reach.
 *
 * @module
 */
import type { PackedModel, RecordedRows } from "../engine/model.ts";
import { Replayer, type RunSpec } from "../engine/replayer.ts";
import type { Touch } from "../engine/result.ts";
import type { Trace } from "../traces/trace.ts";
import { Outcomes } from "./dataset.ts";

/** A tier larger than any trace: nothing is evicted, so blocks of every age are recorded. */
const CAPACITY_UNBOUNDED = 2 ** 31 - 1;

/** What recording needs to know. */
export interface Recording {
  readonly touch: Touch;
  /** Rows wanted, about. */
  readonly rows: number;
  readonly module?: WebAssembly.Module;
}

/** Replays one trace to record rows and to try models. */
export class Stage {
  private readonly replayer: Replayer;

  constructor(readonly trace: Trace, private readonly recording: Recording) {
    this.replayer = new Replayer(trace, recording.module);
  }

  private spec(policy: string, capacityBlocks: number): RunSpec {
    const { registry } = this.replayer;
    const admission = registry.admitter("always");
    const { touch } = this.recording;
    return { policy: registry.policy(policy), admission, capacityBlocks, touch, seed: 0 };
  }

  /** The rows that `learned` scores, an even sample of about as many as are wanted. */
  record(): RecordedRows {
    const spec = this.spec("learned", CAPACITY_UNBOUNDED);
    const { offered } = this.replayer.record(spec, 1, 0);
    const share = Math.min(1, this.recording.rows / Math.max(1, offered));
    // A sample is rarely much larger than its mean.
    const room = Math.min(offered, Math.ceil(this.recording.rows * 1.1) + 1000);
    return this.replayer.record(spec, room, share);
  }

  outcomes(): Outcomes {
    return new Outcomes(this.trace, this.record(), this.recording.touch);
  }

  /** Prefix hits ÷ accesses after a warm-up; without a model, LRU's. */
  prefixHitRatio(capacityBlocks: number, warmupRequests: number, model?: PackedModel): number {
    const policy = model === undefined ? "lru" : "learned";
    const spec = { ...this.spec(policy, capacityBlocks), warmupRequests, model };
    const { prefixHits, accesses } = this.replayer.run(spec);
    return accesses === 0 ? 0 : prefixHits / accesses;
  }
}
