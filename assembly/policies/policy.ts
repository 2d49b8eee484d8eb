/**
 * A policy orders the slots of one tier. It decides which block goes; never when, where to, at what
 * cost, or how fast.
 */
import { Random } from "../random";
import { Shared } from "./shared";

/** What a policy may know: its tier's size, its parameters, the logical clock. Never the future, but
 * for oracles (`nextUse`). */
@final export class Env {
  /** Blocks that the tier may hold. */
  capacity: u32 = 0;
  /** Slots are numbered from 0 below this: the smaller of `capacity` and `blocks`. */
  slots: u32 = 0;
  /** Blocks are numbered from 0 below this. */
  blocks: u32 = 0;
  /** Touches before this one, over the whole trace. */
  now: u32 = 0;
  /** Place of the touched block in its request; 0 is the root. */
  depth: u32 = 0;
  /** Blocks of the request that touches now. */
  requestBlocks: u32 = 0;
  /** First access of that request. */
  requestStart: u32 = 0;
  /** Address of u32[requestBlocks]: its blocks in the order of touching; 0 when not told. */
  requestColumn: usize = 0;
  /** Whether that order is last block first. */
  tailFirst: bool = false;
  seed: u64 = 0;
  /** Address of the f64 parameters, in the order of the registry line. */
  parameters: usize = 0;
  /** Address of u32[slots]: the block in each slot. Written by the tier, read by policies. */
  blockOf: usize = 0;
  /** Address of u32[blocks]: slot of a block plus one, 0 when not here. Written by the tier. */
  slotOf: usize = 0;
  /** Place of the tier in its hierarchy; 0 is fastest, and all there is without one. */
  tier: u32 = 0;
  /** The fastest tier's, where the replay says what it touches; null when there is no hierarchy. */
  clock: Env | null = null;
  /** What instances of the same policy in other tiers know too; null when there is no hierarchy. */
  shared: Shared | null = null;
  /** Address of u32[accesses]: position of the next use after each; 0 but for oracles. */
  nextUse: usize = 0;
  /** Address of u32[blocks]: bytes of each block; 0 when all have `blockBytes`. */
  blockSizes: usize = 0;
  /** Bytes of a block, where all have the same; 0 when nobody asked for bytes. */
  blockBytes: f64 = 0;

  @inline parameter(index: u32): f64 {
    return load<f64>(this.parameters + (index << 3));
  }

  @inline blockIn(slot: u32): u32 {
    return load<u32>(this.blockOf + (slot << 2));
  }

  @inline holds(block: u32): bool {
    return load<u32>(this.slotOf + (block << 2)) != 0;
  }

  /** The slot of a resident block. */
  @inline slotIn(block: u32): u32 {
    return load<u32>(this.slotOf + (block << 2)) - 1;
  }

  /** Bytes of a block, resident or not. */
  @inline bytesOf(block: u32): f64 {
    const sizes = this.blockSizes;
    return sizes == 0 ? this.blockBytes : <f64>load<u32>(sizes + (block << 2));
  }

  /** The slot goes to another block; gives the block that had it. */
  @inline handOver(slot: u32, block: u32): u32 {
    const at = this.blockOf + (slot << 2);
    const before = load<u32>(at);
    store<u32>(this.slotOf + (before << 2), 0);
    store<u32>(this.slotOf + (block << 2), slot + 1);
    store<u32>(at, block);
    return before;
  }

  random(stream: string): Random {
    return new Random(this.seed, stream);
  }
}

/**
 * Called by the tier in this order, once per touch:
 *
 * ```
 * resident:  onHit → while surplus: victim, onRemove
 * missing:   onMiss → (true) → while full or wantsRoom: victim, onRemove → onInsert
 * ```
 */
export abstract class Policy {
  constructor(readonly env: Env) {}

  /**
   * Blocks that a hit left too many, set in `onHit`; the tier evicts that many and counts it down.
   * Only policies whose promotion can overflow their lowest part need it.
   */
  surplus: u32 = 0;

  // What a policy promises in its constructor, so that a hierarchy spares the calls. All are held
  // against a replay that spares none (tests/contract/stages_test.ts).

  /** It reads no clock, no depth and no length from `env`. */
  timeless: bool = false;

  /** It keeps `onMiss` and `wantsRoom` as they are. */
  quiet: bool = false;

  /** Its `onMiss` never declines. */
  willing: bool = false;

  /** It has a `replace`, and keeps `wantsRoom` as it is. */
  fused: bool = false;

  /** A resident block was touched. */
  abstract onHit(slot: u32, block: u32): void;

  /** A missing block that was admitted asks for a place; `false` declines it. Ghosts learn here. */
  onMiss(_block: u32): bool {
    return true;
  }

  /** Whether a part of the policy is full although the tier is not. */
  wantsRoom(): bool {
    return false;
  }

  /** The slot to give up next. Called only while something is resident. */
  abstract victim(): u32;

  /**
   * Gives the victim's slot to a missing block, which was not declined: all that `victim`,
   * `onRemove` and `onInsert` do in turn, the tier's writes to `env.slotOf` and `env.blockOf`
   * between them included, in fewer steps. Gives the block that left.
   */
  replace(_block: u32): u32 {
    unreachable();
    return 0;
  }

  /** The block leaves: evicted, demoted, promoted or released. */
  abstract onRemove(slot: u32, block: u32): void;

  /** The block has taken the slot. */
  abstract onInsert(slot: u32, block: u32): void;
}
