/**
 * The way down where nothing but a policy can refuse, pin or resize a block: a tier, and before it
 * the blocks that wait to enter.
 *
 * A missed block does not walk down through all tiers with whatever it displaces. It waits before
 * the fastest one; then that takes in all that wait, in turn, and their victims wait before the
 * next. Every tier sees the same blocks in the same order, so the result is the same, and
 * `enterAll`, which is compiled for each policy, reads and counts once for all of them what one by
 * one would cost each. Three rules keep the order:
 *
 * - A block that waits counts as held. To say where a held block is, all that wait enter first.
 * - An inclusive tier asks whether a tier below has its victim's copy: those below enter first.
 * - A block that its policy refuses goes on at once, after those that wait below.
 *
 * ```
 * entry: | block u32 | now u32 |
 * ```
 */
import { take } from "../arena";
import { NONE } from "../columns/list";
import { Policy } from "../policies/policy";
import { Core } from "./core";
import { Level } from "./level";
import { PENDING, TIERS_MASK } from "./states";

export const ENTRY_BYTES: usize = 8;
const ENTRIES: usize = 64;

@final export class Stage {
  below: Stage | null = null;
  readonly first: usize;
  /** Behind the last that waits. */
  end: usize;
  private readonly limit: usize;
  /** The tier that those who wait come from, the GPU's place, or `NONE` if nobody counts them. */
  source: u32;
  /** Whether a victim may have more to it than that it goes down. */
  readonly looks: bool;

  /** @param enterAll `enterAll`, compiled for the policy of the tier. */
  constructor(
    readonly core: Core,
    readonly level: Level,
    readonly tier: u32,
    private readonly enterAll: (stage: Stage, accepted: bool) => void,
  ) {
    this.first = take(ENTRIES * ENTRY_BYTES);
    this.end = this.first;
    this.limit = this.first + ENTRIES * ENTRY_BYTES;
    this.looks = core.inclusive || (tier == 0 && core.header.prefetcher != 0);
    this.source = tier == 0 ? core.gpu : tier - 1;
  }

  @inline get isEmpty(): bool {
    return this.end == this.first;
  }

  /** A block waits from now on; its state says that some tier has it. */
  @inline push(block: u32, now: u32): void {
    store<u64>(this.end, (<u64>now << 32) | block);
    this.end += ENTRY_BYTES;
    if (this.end == this.limit) this.settle();
  }

  /** All that wait here or below enter. */
  settle(): void {
    let stage: Stage | null = this;
    while (stage != null) {
      if (!stage.isEmpty) stage.enterAll(stage, false);
      stage = stage.below;
    }
  }

  /** One block enters from a source of its own, before which all that wait do. */
  enter(entry: u64, source: u32, accepted: bool): void {
    this.settle();
    const usual = this.source;
    this.source = source;
    store<u64>(this.first, entry);
    this.end = this.first + ENTRY_BYTES;
    this.enterAll(this, accepted);
    this.source = usual;
    if (this.below != null) this.below!.settle();
  }

  /** Tells the policy when and where a block was touched. */
  tell(entry: u64): void {
    const env = this.level.env;
    const states = this.core.states;
    env.now = <u32>(entry >> 32);
    env.depth = states.depth(<u32>entry);
    env.requestBlocks = states.requestBlocks(<u32>entry);
  }

  /** A block that its policy refused goes on. */
  refuse(entry: u64): void {
    this.level.found.bypasses++;
    if (this.below != null) this.below!.enter(entry, this.source, false);
    else this.drop(<u32>entry, this.source);
  }

  /** Whether a victim is in no other tier; if it is, it is gone from here. */
  leaves(victim: u32): bool {
    const core = this.core;
    const states = core.states;
    const here = <u32>1 << this.tier;
    if (this.tier == 0 && states.has(victim, PENDING)) core.wastePrefetched(victim);
    let others = states.tiers(victim) & ~here;
    if (others > here) {
      this.below!.settle();
      others = states.tiers(victim) & ~here;
    }
    if (others == 0) return true;
    states.clear(victim, here);
    return false;
  }

  /** A victim goes down, unless it is elsewhere too. */
  @inline sendDown(victim: u32, entry: u64, looks: bool, below: Stage | null): void {
    if (looks && !this.leaves(victim)) return;
    if (below != null) below.push(victim, <u32>(entry >> 32));
    else this.drop(victim, this.tier);
  }

  /** No tier takes the block. */
  drop(block: u32, source: u32): void {
    const core = this.core;
    core.states.clear(block, TIERS_MASK);
    if (source == core.gpu) return;
    core.level(source).found.dropped++;
    if (core.mover != null) core.mover!.drops(block);
  }

  /** Those who keep another clock learn of blocks that came down. */
  copy(at: usize, end: usize): void {
    const core = this.core;
    if (this.source < core.gpu) core.mover!.copies(at, end, this.source, this.tier);
  }

  /** Counts blocks that entered. */
  count(blocks: u32): void {
    const core = this.core;
    if (this.source == NONE) return;
    core.traffic.addMany(core.cause, this.source, this.tier, blocks);
    if (this.source == core.gpu) this.level.found.insertedIn += blocks;
    else this.level.demotedIn += blocks;
  }
}

/**
 * All that wait enter, in turn. A newcomer has the slot of the last that left for it.
 *
 * @param accepted Whether the policy was asked about the first already.
 */
export function enterAll<P extends Policy>(stage: Stage, accepted: bool): void {
  const level = stage.level;
  const policy = changetype<P>(level.policy);
  const below = stage.below;
  const looks = stage.looks;
  const states = stage.core.states;
  const tier = stage.tier;
  const tells = level.tells;
  const asks = !policy.quiet;
  const fused = policy.fused;
  const crowds = asks && !fused;
  // Where none can be declined, all are copied at once: a victim is one of them at the earliest.
  const isTimed = stage.core.mover != null;
  const copies = isTimed && asks && !policy.willing;
  const room = level.room;
  const end = stage.end;
  stage.end = stage.first;
  if (isTimed && !copies) stage.copy(stage.first, end);
  let held = level.ordered;
  let peak = held;
  let entered: u32 = 0;
  for (let at = stage.first; at < end; at += ENTRY_BYTES) {
    const entry = load<u64>(at);
    const block = <u32>entry;
    if (tells) stage.tell(entry);
    if (asks && !accepted && !policy.onMiss(block)) {
      stage.refuse(entry);
      continue;
    }
    accepted = false;
    entered++;
    let victim = NONE;
    if (fused && held == room) {
      victim = policy.replace(block);
    } else {
      let slot = NONE;
      while (held > 0 && (held >= room || (crowds && policy.wantsRoom()))) {
        if (slot != NONE) {
          level.giveBack(slot);
          stage.sendDown(victim, entry, looks, below);
        }
        slot = policy.victim();
        victim = level.blockIn(slot);
        policy.onRemove(slot, victim);
        level.forget(victim);
        held--;
      }
      if (slot == NONE) slot = level.freeSlot();
      level.put(block, slot);
      policy.onInsert(slot, block);
      held++;
      peak = max(peak, held);
    }
    if (victim != NONE) stage.sendDown(victim, entry, looks, below);
    // The fastest tier's newcomers have its mark already.
    if (tier > 0) states.move(block, tier);
    if (copies) stage.copy(at, at + ENTRY_BYTES);
  }
  level.count(entered, level.ordered + entered - held, peak);
  stage.count(entered);
}
