/** A 4-ary minimum heap of plain u64 keys: a node's children share a cache line. */
import { take } from "../arena";

@final export class KeyHeap {
  length: u32 = 0;
  /** Address of key 0; keys 1 to 4, its children, begin a 32-byte run. */
  private readonly keys: usize;

  constructor(capacity: u32) {
    this.keys = take((<usize>capacity << 3) + 32) + 24;
  }

  /** The least key. The heap must not be empty. */
  @inline least(): u64 {
    return load<u64>(this.keys);
  }

  push(key: u64): void {
    const keys = this.keys;
    let at = this.length++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const above = load<u64>(keys + (parent << 3));
      if (above <= key) break;
      store<u64>(keys + (at << 3), above);
      at = parent;
    }
    store<u64>(keys + (at << 3), key);
  }

  dropLeast(): void {
    const last = --this.length;
    if (last > 0) this.raiseLeast(load<u64>(this.keys + (last << 3)));
  }

  /** Replaces the least key by one that is not less. */
  raiseLeast(key: u64): void {
    const keys = this.keys;
    const length = this.length;
    let at: u32 = 0;
    while (true) {
      const first = (at << 2) + 1;
      if (first >= length) break;
      let least = first;
      let below = load<u64>(keys + (first << 3));
      const end = min(first + 4, length);
      for (let child = first + 1; child < end; child++) {
        const other = load<u64>(keys + (child << 3));
        if (other < below) {
          below = other;
          least = child;
        }
      }
      if (below >= key) break;
      store<u64>(keys + (at << 3), below);
      at = least;
    }
    store<u64>(keys + (at << 3), key);
  }
}
