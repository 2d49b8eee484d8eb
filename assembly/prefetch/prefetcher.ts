/**
 * A prefetcher watches look-ups and names blocks that may be asked for soon. It never moves a block
 * and never learns whether one is resident: the hierarchy decides what is worth fetching.
 */
import { Env } from "../policies/policy";

export abstract class Prefetcher {
  /** @param parameters Address of the prefetcher's own f64 parameters. */
  constructor(readonly env: Env, readonly parameters: usize) {}

  @inline parameter(index: u32): f64 {
    return load<f64>(this.parameters + (index << 3));
  }

  /** A request begins. `session` is `NO_SESSION` when the trace has none. */
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
}

/** The trace has no sessions. */
export const NO_SESSION: u32 = 0xffffffff;

/** Whether a block is among the `count` candidates at `out`. */
export function isNamed(block: u32, out: usize, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    if (load<u32>(out + (i << 2)) == block) return true;
  }
  return false;
}
