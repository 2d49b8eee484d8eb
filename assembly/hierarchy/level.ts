/**
 * One tier of a hierarchy: which blocks it holds, in which slots, in how many bytes. It moves
 * nothing by itself and knows no other tier; its policy orders it, its admitter guards it.
 *
 * A pinned block has a slot and bytes, but no place in the policy's order, so that it can never be
 * a victim.
 *
 * Memory: 4 bytes per block, 8 bytes per slot, and what policy and admitter take.
 */
import { TIER_RESULT_BYTES } from "../abi_hierarchy";
import { Admitter } from "../admission/admitter";
import { take } from "../arena";
import { NONE } from "../columns/list";
import { Env, Policy } from "../policies/policy";
import { TierFound } from "./found";
import { TierRecord } from "./layout";
import { States } from "./states";

@final export class Level {
  usedBytes: u64 = 0;
  /** Bytes that no eviction can free: pins, and a block that waits to leave. */
  heldBytes: u64 = 0;
  /** Blocks held, and those of them that the policy orders. */
  residents: u32 = 0;
  ordered: u32 = 0;
  readonly capacityBytes: u64;
  /** u32[blocks]: slot of an ordered block, plus one; 0 when it is not here, or pinned. */
  readonly slotOf: usize;
  private readonly blockOf: usize;
  /** u32[slots]: slots given back, a stack. */
  private readonly free: usize;
  /** Counted here and not in `found`, to spare a load; `show` copies them. */
  prefixHits: u64 = 0;
  /** Hits behind a miss of their request. */
  lateHits: u64 = 0;
  evictions: u64 = 0;
  demotedIn: u64 = 0;
  bytesIn: u64 = 0;
  bytesOut: u64 = 0;
  peakBytes: u64 = 0;
  /** Whether admission can ever refuse. */
  readonly filters: bool;
  /** Whether the policy hears the time and the place of blocks that move. */
  readonly tells: bool;
  /** Blocks that fit, where all have the same bytes. */
  readonly room: u32;
  private freed: u32 = 0;
  private untouched: u32 = 0;
  private readonly sizes: usize;
  readonly blockBytes: u64;

  /**
   * @param clock The environment of the fastest tier, where the replay keeps the time.
   * @param tells Whether the policy hears the time and the place of blocks that move.
   */
  constructor(
    readonly env: Env,
    readonly policy: Policy,
    readonly admitter: Admitter,
    readonly record: TierRecord,
    readonly found: TierFound,
    private readonly clock: Env,
    tells: bool,
  ) {
    this.slotOf = env.slotOf;
    this.blockOf = env.blockOf;
    this.free = take(<usize>env.slots << 2);
    this.capacityBytes = record.capacityBytes;
    this.sizes = record.blockSizes;
    this.blockBytes = record.blockBytes;
    this.filters = admitter.filters();
    this.tells = tells;
    this.room = <u32>min(record.capacityBytes / max(record.blockBytes, 1), <u64>NONE);
  }

  /** Bytes of a block in this tier's scheme, here or not. */
  @inline bytesOf(block: u32): u64 {
    return this.sizes == 0 ? this.blockBytes : <u64>load<u32>(this.sizes + (block << 2));
  }

  /** Lets the policy know the time; a block brings the place where it was last touched. */
  @inline tell(states: States, block: u32): void {
    if (!this.tells) return;
    const env = this.env;
    env.now = this.clock.now;
    env.depth = states.depth(block);
    env.requestBlocks = states.requestBlocks(block);
  }

  /** Whether a missing block may enter: it can fit, it is admitted, the policy wants it. */
  @inline accepts(block: u32): bool {
    if (!this.couldHold(block)) return false;
    return (!this.filters || this.admitter.admits(block)) && this.policy.onMiss(block);
  }

  /** Whether the block fits once all that can be evicted is. */
  @inline couldHold(block: u32): bool {
    return this.heldBytes + this.bytesOf(block) <= this.capacityBytes;
  }

  @inline fits(bytes: u64): bool {
    return this.usedBytes + bytes <= this.capacityBytes;
  }

  @inline blockIn(slot: u32): u32 {
    return load<u32>(this.blockOf + (slot << 2));
  }

  @inline slotIn(block: u32): u32 {
    return load<u32>(this.slotOf + (block << 2)) - 1;
  }

  /** A slot that nothing has. */
  @inline freeSlot(): u32 {
    let slot = this.untouched;
    if (this.freed > 0) slot = load<u32>(this.free + (--this.freed << 2));
    else this.untouched++;
    assert(slot < this.env.slots, "no free slot");
    return slot;
  }

  @inline giveBack(slot: u32): void {
    store<u32>(this.free + (this.freed << 2), slot);
    this.freed++;
  }

  /** The block has the slot. */
  @inline put(block: u32, slot: u32): void {
    assert(load<u32>(this.slotOf + (block << 2)) == 0, "block is already here");
    store<u32>(this.blockOf + (slot << 2), block);
    store<u32>(this.slotOf + (block << 2), slot + 1);
  }

  /** The block has no slot. */
  @inline forget(block: u32): void {
    store<u32>(this.slotOf + (block << 2), 0);
  }

  /** Counts blocks of equal bytes that entered and left, and the most that were here between. */
  @inline count(entered: u32, left: u32, peak: u32): void {
    const bytes = this.blockBytes;
    this.ordered += entered - left;
    this.residents += entered - left;
    this.evictions += left;
    this.bytesIn += <u64>entered * bytes;
    this.bytesOut += <u64>left * bytes;
    this.usedBytes = <u64>this.residents * bytes;
    this.peakBytes = max(this.peakBytes, <u64>peak * bytes);
    assert(this.usedBytes <= this.capacityBytes, "more bytes than the tier has");
  }

  /** Gives the block a slot, and a place in the order unless it is pinned. There must be room. */
  attach(block: u32, pinned: bool): void {
    const slot = this.freeSlot();
    const bytes = this.bytesOf(block);
    const used = this.usedBytes + bytes;
    this.usedBytes = used;
    if (used > this.peakBytes) this.peakBytes = used;
    assert(used <= this.capacityBytes, "more bytes than the tier has");
    this.bytesIn += bytes;
    this.residents++;
    if (pinned) {
      store<u32>(this.blockOf + (slot << 2), block);
      this.heldBytes += bytes;
    } else {
      this.put(block, slot);
      this.ordered++;
      this.policy.onInsert(slot, block);
    }
  }

  /**
   * Takes the block out of the policy's order, and out of its sight; gives the slot, which stays
   * taken, as do the bytes.
   */
  hold(block: u32): u32 {
    const slot = this.slotIn(block);
    this.policy.onRemove(slot, block);
    this.forget(block);
    this.ordered--;
    this.heldBytes += this.bytesOf(block);
    return slot;
  }

  /** Frees slot and bytes of a held block. */
  release(block: u32, slot: u32): void {
    const bytes = this.bytesOf(block);
    this.heldBytes -= bytes;
    this.usedBytes -= bytes;
    this.bytesOut += bytes;
    this.residents--;
    this.giveBack(slot);
  }

  /** Takes an ordered block out altogether, to make room. */
  evict(block: u32, slot: u32): void {
    const bytes = this.bytesOf(block);
    this.policy.onRemove(slot, block);
    this.forget(block);
    this.evictions++;
    this.ordered--;
    this.residents--;
    this.usedBytes -= bytes;
    this.bytesOut += bytes;
    this.giveBack(slot);
  }

  /** Copies what is counted here to where the host reads it. */
  show(): void {
    const found = this.found;
    found.hits = this.prefixHits + this.lateHits;
    found.prefixHits = this.prefixHits;
    found.evictions = this.evictions;
    found.demotedIn = this.demotedIn;
    found.bytesIn = this.bytesIn;
    found.bytesOut = this.bytesOut;
    found.peakBytes = this.peakBytes;
    found.usedBytes = this.usedBytes;
    found.resident = this.residents;
  }

  /** Counting begins anew; what is held stays. */
  clearCounters(): void {
    memory.fill(changetype<usize>(this.found), 0, TIER_RESULT_BYTES);
    this.prefixHits = 0;
    this.lateHits = 0;
    this.evictions = 0;
    this.demotedIn = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.peakBytes = this.usedBytes;
    this.found.startBytes = this.usedBytes;
  }
}
