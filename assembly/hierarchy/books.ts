/**
 * The books of a hierarchy, checked from scratch: every block against every tier. The checking
 * build and the tests do it after each touch, all others at the end.
 *
 * - A block is where the books say, in one slot; in one tier only, unless tiers are inclusive.
 * - The bytes of the blocks of a tier are its used bytes, and within its capacity.
 * - Bytes that came in are bytes that left and bytes that are held.
 * - Pinned blocks are in the fastest tier, and leave the floor.
 * - Every block that was computed into the hierarchy is in it, or was counted when it was dropped.
 */
import { ErrorCode } from "../abi";
import { Containment } from "../abi_hierarchy";
import { refuse } from "../failure";
import { Hierarchy } from "./hierarchy";
import { PENDING, PINNED, TIERS_MASK } from "./states";

/** Which rule was broken; the place is in the failure's index: 16 × tier + rule. */
enum Rule {
  Slot = 1,
  Bytes = 2,
  Capacity = 3,
  Flow = 4,
  Residents = 5,
  Single = 6,
  Pins = 7,
  Lost = 8,
  Pending = 9,
}

function broken(tier: u32, rule: Rule, found: u64, expected: u64): ErrorCode {
  const place = (tier << 4) + <u32>rule;
  return refuse(ErrorCode.BooksDoNotBalance, place, <f64>found, <f64>expected);
}

export function checkBooks(hierarchy: Hierarchy): ErrorCode {
  for (let tier: u32 = 0; tier < hierarchy.count; tier++) {
    const code = checkTier(hierarchy, tier);
    if (code != ErrorCode.None) return code;
  }
  return checkBlocks(hierarchy);
}

function checkTier(hierarchy: Hierarchy, tier: u32): ErrorCode {
  const level = hierarchy.level(tier);
  const states = hierarchy.states;
  const blocks = states.blocks;
  let bytes: u64 = 0;
  let pinned: u64 = 0;
  let residents: u32 = 0;
  let pins: u32 = 0;
  for (let block: u32 = 0; block < blocks; block++) {
    // Four blocks that are not here are passed over at once.
    while (block + 4 <= blocks && isAway(states.at(block), level.slotOf + (block << 2), tier)) {
      block += 4;
    }
    if (block == blocks) break;
    const slot = load<u32>(level.slotOf + (block << 2));
    const state = states.of(block);
    const isHere = ((state >> tier) & 1) != 0;
    if (!isHere && slot == 0) continue;
    const isPinned = tier == 0 && (state & PINNED) != 0;
    // A pinned block has a slot that its policy does not see.
    if ((isHere && !isPinned) != (slot != 0)) return broken(tier, Rule.Slot, block, slot);
    if (slot != 0 && level.blockIn(slot - 1) != block) {
      return broken(tier, Rule.Slot, block, slot);
    }
    residents++;
    bytes += level.bytesOf(block);
    if (!isPinned) continue;
    pinned += level.bytesOf(block);
    pins++;
  }
  if (bytes != level.usedBytes) return broken(tier, Rule.Bytes, level.usedBytes, bytes);
  if (bytes > level.capacityBytes) return broken(tier, Rule.Capacity, bytes, level.capacityBytes);
  const found = level.found;
  const came = found.startBytes + level.bytesIn;
  if (came != level.bytesOut + bytes) return broken(tier, Rule.Flow, came, level.bytesOut + bytes);
  if (residents != level.residents || residents - pins != level.ordered) {
    return broken(tier, Rule.Residents, level.residents, residents);
  }
  if (pinned != level.heldBytes) return broken(tier, Rule.Pins, level.heldBytes, pinned);
  return ErrorCode.None;
}

/** Whether none of the four blocks from an address on has the tier's mark or a slot there. */
@inline function isAway(states: usize, slots: usize, tier: u32): bool {
  const marks = v128.and(v128.load(states), i32x4.splat(1 << tier));
  return !v128.any_true(v128.or(marks, v128.load(slots)));
}

function checkBlocks(hierarchy: Hierarchy): ErrorCode {
  const states = hierarchy.states;
  const exclusive = hierarchy.header.containment == Containment.Exclusive;
  let held: u64 = 0;
  let pending: u32 = 0;
  for (let block: u32 = 0; block < states.blocks; block++) {
    const state = states.of(block);
    if ((state & (TIERS_MASK | PINNED | PENDING)) == 0) continue;
    const tiers = state & TIERS_MASK;
    if (exclusive && (tiers & (tiers - 1)) != 0) return broken(0, Rule.Single, block, tiers);
    if (tiers != 0) held++;
    if ((state & (PINNED | PENDING)) == 0) continue;
    const isPinned = (state & PINNED) != 0;
    if ((tiers & 1) == 0) return broken(0, isPinned ? Rule.Pins : Rule.Pending, block, tiers);
    if ((state & PENDING) != 0) pending++;
  }
  if (pending != hierarchy.pending) return broken(0, Rule.Pending, hierarchy.pending, pending);
  let expected: i64 = 0;
  for (let tier: u32 = 0; tier < hierarchy.count; tier++) {
    const found = hierarchy.level(tier).found;
    expected += found.startBlocks + found.insertedIn - found.dropped;
  }
  if (expected != <i64>held) return broken(0, Rule.Lost, held, <u64>expected);
  const level = hierarchy.level(0);
  const room = level.capacityBytes - min(hierarchy.header.floorBytes, level.capacityBytes);
  if (level.heldBytes > room) return broken(0, Rule.Pins, level.heldBytes, room);
  return ErrorCode.None;
}
