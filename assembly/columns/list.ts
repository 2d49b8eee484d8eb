/**
 * Doubly linked lists over slots (or blocks): a column of nodes shared by any number of lists.
 *
 * ```
 * node: | next u32 | previous u32 |     links are absolute addresses, so a neighbour costs one load
 * ```
 *
 * Each list has a sentinel node; an empty list links to itself. The head is the newest entry.
 */
import { take } from "../arena";

const NODE_BITS: u32 = 3;

/** Nodes for `count` entries and `lists` sentinels. An entry is in one list at most. */
@final export class Nodes {
  readonly base: u32;
  private readonly count: u32;

  constructor(count: u32, lists: u32) {
    this.count = count;
    this.base = <u32>take((<usize>count + lists) << NODE_BITS);
    for (let i: u32 = 0; i < lists; i++) {
      const sentinel = this.base + ((count + i) << NODE_BITS);
      store<u32>(sentinel, sentinel);
      store<u32>(sentinel, sentinel, 4);
    }
  }

  list(index: u32): List {
    return new List(this.base, this.base + ((this.count + index) << NODE_BITS));
  }
}

/** One list over a `Nodes` column. */
@final export class List {
  length: u32 = 0;

  constructor(private readonly base: u32, private readonly sentinel: u32) {}

  @inline private node(entry: u32): u32 {
    return this.base + (entry << NODE_BITS);
  }

  @inline private entry(node: u32): u32 {
    return (node - this.base) >> NODE_BITS;
  }

  @inline isEmpty(): bool {
    return this.length == 0;
  }

  /** The newest entry. The list must not be empty. */
  @inline head(): u32 {
    return this.entry(load<u32>(this.sentinel));
  }

  /** The oldest entry. The list must not be empty. */
  @inline tail(): u32 {
    return this.entry(load<u32>(this.sentinel, 4));
  }

  /** The entry inserted just after `entry`, or `NONE` when `entry` is the head. */
  @inline newer(entry: u32): u32 {
    const node = load<u32>(this.node(entry), 4);
    return node == this.sentinel ? NONE : this.entry(node);
  }

  /** The entry inserted just before `entry`, or `NONE` when `entry` is the tail. */
  @inline older(entry: u32): u32 {
    const node = load<u32>(this.node(entry));
    return node == this.sentinel ? NONE : this.entry(node);
  }

  pushHead(entry: u32): void {
    const node = this.node(entry);
    const first = load<u32>(this.sentinel);
    store<u32>(node, first);
    store<u32>(node, this.sentinel, 4);
    store<u32>(first, node, 4);
    store<u32>(this.sentinel, node);
    this.length++;
  }

  pushTail(entry: u32): void {
    this.link(entry, load<u32>(this.sentinel, 4));
  }

  /** Puts `entry` just on the newer side of `elder`, which is in the list. */
  insertNewer(entry: u32, elder: u32): void {
    this.link(entry, load<u32>(this.node(elder), 4));
  }

  /** Links a node in between `previous` (an address) and what follows it. */
  private link(entry: u32, previous: u32): void {
    const node = this.node(entry);
    const next = load<u32>(previous);
    store<u32>(node, next);
    store<u32>(node, previous, 4);
    store<u32>(next, node, 4);
    store<u32>(previous, node);
    this.length++;
  }

  remove(entry: u32): void {
    const node = this.node(entry);
    const next = load<u32>(node);
    const previous = load<u32>(node, 4);
    store<u32>(previous, next);
    store<u32>(next, previous, 4);
    this.length--;
  }

  /** Takes the oldest entry out, and gives it. The list must not be empty. */
  @inline popTail(): u32 {
    const sentinel = this.sentinel;
    const node = load<u32>(sentinel, 4);
    const previous = load<u32>(node, 4);
    store<u32>(previous, sentinel);
    store<u32>(sentinel, previous, 4);
    this.length--;
    return this.entry(node);
  }

  /** Moves the oldest entry to the head, and gives it. The list must not be empty. */
  @inline turn(): u32 {
    const sentinel = this.sentinel;
    const node = load<u32>(sentinel, 4);
    const first = load<u32>(sentinel);
    if (first == node) return this.entry(node);
    const previous = load<u32>(node, 4);
    store<u32>(first, node, 4);
    store<u64>(node, (<u64>sentinel << 32) | first);
    store<u32>(previous, sentinel);
    store<u64>(sentinel, (<u64>previous << 32) | node);
    return this.entry(node);
  }

  @inline moveToHead(entry: u32): void {
    this.remove(entry);
    this.pushHead(entry);
  }
}

/** No entry. */
export const NONE: u32 = 0xffffffff;
