/**
 * Recorded rows with what became of them, cut by time and by session.
 *
 * @module
 */
import type { RecordedRows } from "../engine/model.ts";
import type { Touch } from "../engine/result.ts";
import type { Trace } from "../traces/trace.ts";
import type { ByteRows } from "./bins.ts";
import type { ForestObjective } from "./forest.ts";
import { firstRequestOf, NEVER, nextUses, requestOffsets } from "./labels.ts";

/** A stretch of a trace, in requests; `to` is not part of it. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** Rows of one stretch, with two labels. */
export interface LabelledRows {
  readonly rows: ByteRows;
  /** Log2 of the accesses to the next use, at most the horizon's. */
  readonly distance: Float64Array;
  /** 1 when the block is used within the horizon. */
  readonly isReused: Float64Array;
}

/** What a trace's recorded rows can be asked for. */
export class Outcomes {
  private readonly offsets: Float64Array;
  private readonly next: Uint32Array;
  private readonly firstRequest: Uint32Array;

  constructor(
    private readonly trace: Trace,
    private readonly rows: RecordedRows,
    touch: Touch,
  ) {
    this.offsets = requestOffsets(trace);
    this.next = nextUses(trace, rows, touch);
    this.firstRequest = firstRequestOf(trace);
  }

  /** Accesses before a request. */
  accessesBefore(request: number): number {
    return this.offsets[request];
  }

  /**
   * The rows scored within a part whose outcome is known by its end, none of it learned later.
   *
   * An outcome is the next use or, failing that, a whole horizon without one. Short waits are known
   * more often than long ones near the end, so each row weighs the inverse of the chance that a
   * row with its outcome is known: the mean over the rows stays right.
   *
   * @param horizon Accesses beyond which a block counts as not used again.
   * @param unseen Leaves out blocks that sessions from before the part brought.
   * @param dropped Features that are blanked.
   */
  part(part: Part, horizon: number, unseen: boolean, dropped: readonly number[]): LabelledRows {
    const { rows, next } = this;
    const start = this.offsets[part.from];
    const end = this.offsets[part.to];
    const isKnown = unseen ? this.sessionsBefore(part.from) : undefined;
    const kept: number[] = [];
    const waits: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const now = rows.now[row];
      if (now < start || now >= end) continue;
      const used = next[row] !== NEVER && next[row] < end;
      const wait = used ? Math.min(next[row] - now, horizon) : horizon;
      if (wait > end - now || isKnown?.(rows.block[row])) continue;
      kept.push(row);
      waits.push(used && next[row] - now <= horizon ? wait : Infinity);
    }
    return this.labelled(kept, Float64Array.from(waits), horizon, end - start, dropped);
  }

  private labelled(
    kept: readonly number[],
    waits: Float64Array,
    horizon: number,
    length: number,
    dropped: readonly number[],
  ): LabelledRows {
    const stride = this.rows.featureRowBytes;
    const features = new Uint8Array(kept.length * stride);
    kept.forEach((row, i) => {
      features.set(this.rows.features.subarray(row * stride, (row + 1) * stride), i * stride);
      for (const feature of dropped) features[i * stride + feature] = 0;
    });
    const cut = waits.map((wait) => Math.min(wait, horizon));
    const weight = cut.map((wait) => 1 / (1 - wait / (length + 1)));
    const distance = cut.map(Math.log2);
    const isReused = waits.map((wait) => wait < Infinity ? 1 : 0);
    const rows = { length: kept.length, stride, features, label: distance, weight };
    return { rows, distance, isReused };
  }

  /** Whether a block was brought by a session (without sessions: by a request) before `request`. */
  private sessionsBefore(request: number): (block: number) => boolean {
    const { session } = this.trace.requests;
    if (session === undefined) return (block) => this.firstRequest[block] < request;
    const known = new Set(session.subarray(0, request));
    return (block) => known.has(session[this.firstRequest[block]]);
  }
}

/** The rows with the label of an objective. */
export function labelledFor(part: LabelledRows, objective: ForestObjective): ByteRows {
  return { ...part.rows, label: objective === "binary" ? part.isReused : part.distance };
}
