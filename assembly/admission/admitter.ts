/**
 * Admission: whether a missing block may enter the tier at all. A switch of its own, so that every
 * policy can be compared under every admitter.
 */
import { Env } from "../policies/policy";

export abstract class Admitter {
  /** @param parameters Address of the admitter's own f64 parameters. */
  constructor(readonly env: Env, readonly parameters: usize) {}

  @inline parameter(index: u32): f64 {
    return load<f64>(this.parameters + (index << 3));
  }

  /** Whether it can ever refuse; kernels skip the calls of one that cannot. */
  filters(): bool {
    return true;
  }

  /** A block is touched, resident or not; frequency sketches learn here. */
  onTouch(_block: u32): void {}

  /** A missing block: may it ask the policy for a place? */
  admits(_block: u32): bool {
    return true;
  }

  /** The tier is full: is the newcomer worth more than the policy's victim? */
  prefers(_newcomer: u32, _victim: u32): bool {
    return true;
  }
}
