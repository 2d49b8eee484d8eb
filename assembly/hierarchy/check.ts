/** Refuses what cannot be replayed, before anything is made. */
import { ErrorCode, TouchOrder, Trait } from "../abi";
import { Containment, Movement, TIER_BYTES, TIERS_MAX, WriteRule } from "../abi_hierarchy";
import { admitters } from "../admission/registry";
import { header as trace } from "../columns/trace";
import { refuse } from "../failure";
import { policies } from "../policies/registry";
import { prefetchers } from "../prefetch/registry";
import { HierarchyHeader, TierRecord } from "./layout";

export function checkHeader(header: HierarchyHeader): ErrorCode {
  if (changetype<usize>(trace) == 0) return refuse(ErrorCode.NoTrace);
  if (header.tiers == 0 || header.tiers > <u32>TIERS_MAX) {
    return refuse(ErrorCode.TierCount, 0, <f64>header.tiers, <f64>TIERS_MAX);
  }
  if (header.prefetcher >= <u32>prefetchers.length) {
    return refuse(ErrorCode.UnknownPrefetcher, header.prefetcher);
  }
  const clocked = (prefetchers[header.prefetcher].traits & Trait.Clock) != 0;
  if ((header.movement == Movement.Timed || clocked) && header.arrivalNs == 0) {
    return refuse(ErrorCode.NoArrivals, <u32>clocked);
  }
  if (header.write != WriteRule.Back && header.containment != Containment.Inclusive) {
    return refuse(ErrorCode.WriteNeedsInclusive);
  }
  if (header.entry >= header.tiers || header.touch > <u32>TouchOrder.TailFirst) {
    return refuse(ErrorCode.ParameterRange, 0, <f64>header.entry);
  }
  for (let t: u32 = 0; t < header.tiers; t++) {
    const at = header.tierRecords + t * TIER_BYTES;
    const code = checkTier(changetype<TierRecord>(<usize>at), t);
    if (code != ErrorCode.None) return code;
  }
  return ErrorCode.None;
}

function checkTier(tier: TierRecord, index: u32): ErrorCode {
  if (tier.policy >= <u32>policies.length) return refuse(ErrorCode.UnknownPolicy, tier.policy);
  if (policies[tier.policy].make == null) return refuse(ErrorCode.NoGeneral, index);
  if (tier.admission >= <u32>admitters.length) {
    return refuse(ErrorCode.UnknownAdmission, tier.admission);
  }
  if (tier.slots == 0) return refuse(ErrorCode.CapacityZero, index);
  if (tier.slots > 0x7fffffff) {
    return refuse(ErrorCode.CapacityTooLarge, index, <f64>tier.slots, <f64>0x7fffffff);
  }
  if (tier.readBytesPerSecond == 0 || tier.writeBytesPerSecond == 0 || tier.concurrency == 0) {
    return refuse(ErrorCode.ParameterRange, index);
  }
  return ErrorCode.None;
}
