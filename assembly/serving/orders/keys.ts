/**
 * Entries in rising order of a key of their own: a treap whose priorities are hashes of addresses,
 * so that they cost no memory. Its shape may depend on where entries lie; their order never does.
 *
 * ```
 * entry: | … | left u32 (older) | right u32 (newer) | chain u32 | key u64 |
 * ```
 *
 * Cost: O(log n) expected for each operation. Keys of one tree differ.
 */
import { take } from "../../arena";
import { ENTRY_BYTES, NEWER as RIGHT, OLDER as LEFT, Order, PLACE } from "./order";

export const KEY: usize = 24;
export const KEYED_BYTES: u32 = ENTRY_BYTES + 8;

@inline function weight(entry: u32): u32 {
  let hash = entry * 0x9e3779b1;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  return hash ^ (hash >> 13);
}

/** Puts an entry into the tree whose root is at an address. */
export function insertKey(root: usize, entry: u32): void {
  const key = load<u64>(entry, KEY);
  const own = weight(entry);
  let link = root;
  let node = load<u32>(link);
  while (node != 0 && weight(node) > own) {
    link = <usize>node + (key < load<u64>(node, KEY) ? LEFT : RIGHT);
    node = load<u32>(link);
  }
  store<u32>(link, entry);
  // What hangs below is split: smaller keys to the left, larger ones to the right.
  let smaller = <usize>entry + LEFT;
  let larger = <usize>entry + RIGHT;
  while (node != 0) {
    if (load<u64>(node, KEY) < key) {
      store<u32>(smaller, node);
      smaller = <usize>node + RIGHT;
      node = load<u32>(smaller);
    } else {
      store<u32>(larger, node);
      larger = <usize>node + LEFT;
      node = load<u32>(larger);
    }
  }
  store<u32>(smaller, 0);
  store<u32>(larger, 0);
}

/** Takes an entry out of the tree; its key is what it was when it came in. */
export function removeKey(root: usize, entry: u32): void {
  const key = load<u64>(entry, KEY);
  let link = root;
  let node = load<u32>(link);
  while (node != entry) {
    assert(node != 0, "no such key");
    link = <usize>node + (key < load<u64>(node, KEY) ? LEFT : RIGHT);
    node = load<u32>(link);
  }
  let left = load<u32>(entry, LEFT);
  let right = load<u32>(entry, RIGHT);
  while (left != 0 && right != 0) {
    if (weight(left) > weight(right)) {
      store<u32>(link, left);
      link = <usize>left + RIGHT;
      left = load<u32>(link);
    } else {
      store<u32>(link, right);
      link = <usize>right + LEFT;
      right = load<u32>(link);
    }
  }
  store<u32>(link, left | right);
}

/** Takes the entry with the least key out, and gives it. The tree must not be empty. */
export function popKey(root: usize): u32 {
  let link = root;
  let node = load<u32>(link);
  assert(node != 0, "an empty tree");
  for (let left = load<u32>(node, LEFT); left != 0; left = load<u32>(node, LEFT)) {
    link = <usize>node + LEFT;
    node = left;
  }
  store<u32>(link, load<u32>(node, RIGHT));
  return node;
}

/** An order whose candidates stand by keys, in a queue or two of each place. */
export abstract class Keyed extends Order {
  /** u32[places][queues]: roots. */
  private readonly roots: usize;
  /** Steps of the order's own clock: what entered later has a larger one. */
  private ticks: u64 = 0;

  constructor(places: u32, private readonly queues: u32 = 1, entryBytes: u32 = KEYED_BYTES) {
    super(entryBytes);
    this.roots = take((<usize>places * queues) << 2);
  }

  @inline protected tick(): u64 {
    return ++this.ticks;
  }

  @inline protected queue(place: u32, index: u32 = 0): usize {
    return this.roots + ((place * this.queues + index) << 2);
  }

  @inline protected placeOf(entry: u32): u32 {
    return load<u32>(entry, PLACE);
  }

  @inline protected isEmpty(place: u32, index: u32): bool {
    return load<u32>(this.queue(place, index)) == 0;
  }

  @inline protected key(entry: u32): u64 {
    return load<u64>(entry, KEY);
  }

  @inline protected setKey(entry: u32, key: u64): void {
    store<u64>(entry, key, KEY);
  }

  onAdd(entry: u32): void {
    this.setKey(entry, 0);
  }
}
