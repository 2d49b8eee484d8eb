/**
 * A prefetcher watches look-ups and names blocks that may be asked for soon. It never moves a block
 * and never learns whether one is resident: the hierarchy decides what is worth fetching.
 *
 * Some name blocks while they are looked up (`candidates`), some when a request has ended, for a
 * time to come (`planNs`, `plan`, `planned`).
 */
import { Env } from "../policies/policy";

export abstract class Prefetcher {
  /** @param parameters Address of the prefetcher's own f64 parameters. */
  constructor(readonly env: Env, readonly parameters: usize) {}

  @inline parameter(index: u32): f64 {
    return load<f64>(this.parameters + (index << 3));
  }

  /**
   * A request arrives, before anything is looked up; `env.requestColumn` has its blocks, and stays
   * readable. `session` is `NO_SESSION` when the trace has none.
   */
  onArrival(_request: u32, _session: u32, _nowNs: u64): void {}

  /** The look-ups of a request begin. */
  onRequest(_request: u32, _session: u32): void {}

  /** A block is looked up; `env.now`, `env.depth` and `env.requestBlocks` say where. */
  abstract onLookup(block: u32): void;

  /** A request has touched its last block. */
  onRequestEnd(): void {}

  /**
   * Names at most `max` blocks to fetch now, best first, after `onLookup(block)`.
   *
   * @param out Address of u32[max].
   * @returns How many were written.
   */
  abstract candidates(block: u32, out: usize, max: u32): u32;

  /** A request has ended: when blocks should be brought up that may follow it; or `NO_PLAN`. */
  planNs(_request: u32): u64 {
    return NO_PLAN;
  }

  /** The time has come: how many blocks the plan of a request names, 0 when it is off. */
  plan(_request: u32): u32 {
    return 0;
  }

  /** The `i`th block of the plan shown last, most urgent first. */
  planned(_i: u32): u32 {
    return 0;
  }
}

/** The trace has no sessions. */
export const NO_SESSION: u32 = 0xffffffff;

/** No time: nothing is planned. */
export const NO_PLAN: u64 = 0xffffffffffffffff;

/** Whether a block is among the `count` candidates at `out`. */
export function isNamed(block: u32, out: usize, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    if (load<u32>(out + (i << 2)) == block) return true;
  }
  return false;
}
