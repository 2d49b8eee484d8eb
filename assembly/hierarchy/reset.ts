/** The end of the warm-up: counting begins anew, what is held stays. */
import { HierarchyResultField } from "../abi_hierarchy";
import { Hierarchy } from "./hierarchy";
import { FETCHING, PENDING } from "./states";

export function clearCounters(hierarchy: Hierarchy): void {
  const found = changetype<usize>(hierarchy.found);
  memory.fill(found, 0, HierarchyResultField.Tiers);
  hierarchy.traffic.clear();
  // Prefetches of the warm-up are nobody's: neither useful nor wasted.
  hierarchy.states.clearAll(PENDING | FETCHING);
  hierarchy.pending = 0;
  for (let t: u32 = 0; t < hierarchy.count; t++) {
    hierarchy.level(t).clearCounters();
  }
  for (let block: u32 = 0; block < hierarchy.states.blocks; block++) {
    const tier = hierarchy.tierOf(block);
    if (tier < hierarchy.count) hierarchy.level(tier).found.startBlocks++;
  }
}
