/** One pass over the folded trace, done in slices; and the tables of 32-bit words that passes use. */
import { take } from "../arena";

export abstract class Pass {
  /** Items done. */
  at: u32 = 0;

  /** @param size Items in all. */
  constructor(readonly size: u32) {}

  /** Does the items from `from` to before `to`. */
  abstract run(from: u32, to: u32): void;
}

/** A table of `count` zeroes. */
export function words(count: u32): usize {
  return take(<usize>count << 2);
}

@inline export function get(table: usize, index: u32): u32 {
  return load<u32>(table + (<usize>index << 2));
}

@inline export function put(table: usize, index: u32, value: u32): void {
  store<u32>(table + (<usize>index << 2), value);
}
