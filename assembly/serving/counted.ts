/** Of the time from one instant to another, what lies behind the warm-up. */
@inline export function countedNs(fromNs: u64, toNs: u64, warmupNs: u64): u64 {
  const startNs = max(fromNs, warmupNs);
  return toNs > startNs ? toNs - startNs : 0;
}
