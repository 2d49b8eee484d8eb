/**
 * A policy whose instances in the tiers of a hierarchy know something together. In a hierarchy the
 * core tells the shared state what happens; without one, this class does.
 */
import { Env, Policy } from "./policy";
import { Shared } from "./shared";

export abstract class Sharing extends Policy {
  private readonly alone: bool;

  constructor(env: Env, private readonly told: Shared) {
    super(env);
    this.alone = env.shared == null;
  }

  /** A resident block was touched, and the shared state knows it. */
  abstract hit(slot: u32, block: u32): void;

  /** The block has taken the slot, and the shared state knows that it was asked for. */
  abstract enter(slot: u32, block: u32): void;

  abstract leave(slot: u32, block: u32): void;

  onHit(slot: u32, block: u32): void {
    if (this.alone) this.told.onAccess(block, <f64>this.env.now, this.env.now);
    this.hit(slot, block);
  }

  onMiss(block: u32): bool {
    if (this.alone) this.told.onAccess(block, <f64>this.env.now, this.env.now);
    return true;
  }

  onRemove(slot: u32, block: u32): void {
    this.leave(slot, block);
    if (this.alone) this.told.onEvict(block, 0);
  }

  onInsert(slot: u32, block: u32): void {
    if (this.alone) this.told.onInsert(block, 0);
    this.enter(slot, block);
  }
}
