/** Places of a ring that holds `count` entries and is masked, not divided: a power of two. */
export function ringSlots(count: u32): u32 {
  return <u32>1 << (32 - clz(max(count, 1)));
}
