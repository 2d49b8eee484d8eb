/** Brings the counters that the loops keep close to where the host reads them. */
import { Hierarchy } from "./hierarchy";

export function showCounters(hierarchy: Hierarchy): void {
  for (let tier: u32 = 0; tier < hierarchy.count; tier++) hierarchy.level(tier).show();
  if (hierarchy.unequal) return;
  const gpu = hierarchy.gpu;
  for (let source: u32 = 0; source <= gpu; source++) {
    for (let target: u32 = 0; target <= gpu; target++) {
      if (source == target) continue;
      const from = hierarchy.level(source == gpu ? target : source).bytesOf(0);
      const to = hierarchy.level(target == gpu ? 0 : target).bytesOf(0);
      hierarchy.traffic.fill(source, target, min(from, to), max(from, to));
    }
  }
}
