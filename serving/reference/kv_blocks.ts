/**
 * Blocks of KV memory with reference counts, and the prefix cache over those nobody uses.
 *
 * @module
 */

import { UsageError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import type { KvOrder } from "./kv_order.ts";
import { KV_ORDER_PARAMETERS, kvOrder } from "./kv_orders.ts";

/** No block, no key. */
const NONE = -1;

/** Which free blocks are taken first. */
export interface KvEviction {
  /** Name of a rule; `lru` when absent. */
  readonly name?: string;
  /** Parameters of the rule; their usual values where absent. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** The next request that asks for a key and was not let in yet, for a rule that foresees. */
  readonly upcoming?: (key: number) => number;
}

/**
 * A pool of blocks. A block is used (referenced) or free; a free block keeps its content, and its
 * key, until it is taken for something else. Free blocks are taken in the order in which they were
 * released, so that releasing a request's last block first evicts leaves before their prefixes; or,
 * by another rule, those without a name first, and then as it says.
 */
export class KvBlocks {
  readonly #references: Int32Array;
  readonly #keys: Float64Array;
  /** Links of the list of free blocks; the last slot is its head. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #byKey = new Map<number, number>();
  readonly #order: KvOrder | undefined;
  #free: number;
  /** Blocks computed although another one with their content was there. */
  copies = 0;

  /**
   * @param count Blocks of the pool, 1 or more.
   * @throws {UsageError} For a rule that does not exist.
   */
  constructor(readonly count: number, eviction: KvEviction = {}) {
    this.#order = orderOf(eviction, count, (block) => this.#references[block] === 0);
    this.#references = new Int32Array(count);
    this.#keys = new Float64Array(count).fill(NONE);
    this.#next = new Int32Array(count + 1);
    this.#previous = new Int32Array(count + 1);
    for (let block = 0; block <= count; block++) {
      this.#next[block] = block === count ? 0 : block + 1;
      this.#previous[block] = block === 0 ? count : block - 1;
    }
    this.#free = count;
  }

  /** Blocks that nobody references. */
  get free(): number {
    return this.#free;
  }

  /** The leading blocks of a path of keys that are there, used or free. */
  lookup(keys: readonly number[]): number[] {
    const found: number[] = [];
    for (const key of keys) {
      const block = this.#byKey.get(key);
      if (block === undefined) break;
      found.push(block);
    }
    return found;
  }

  /** How many of these keys are there. */
  countKnown(keys: readonly number[]): number {
    return keys.filter((key) => this.#byKey.has(key)).length;
  }

  /** How many of these blocks are free, and would be taken from the free ones when shared. */
  freeOf(blocks: readonly number[]): number {
    return blocks.reduce((sum, block) => sum + (this.#references[block] === 0 ? 1 : 0), 0);
  }

  /** References blocks that were looked up. */
  share(blocks: readonly number[]): void {
    for (const block of blocks) {
      if (this.#references[block]++ === 0) this.#unlink(block);
      this.#order?.used(block);
    }
  }

  /** Takes the free block whose turn it is; what it held is gone. */
  take(): number {
    const block = this.#victim();
    const key = this.#keys[block];
    this.#unlink(block);
    this.#references[block] = 1;
    if (this.#isKnown(block)) {
      this.#order?.taken(block, key);
      this.#byKey.delete(key);
    }
    this.#keys[block] = NONE;
    return block;
  }

  /** Whether lookups find the block: it has a key, and is the first with it. */
  #isKnown(block: number): boolean {
    return this.#byKey.get(this.#keys[block]) === block;
  }

  #victim(): number {
    const oldest = this.#next[this.count];
    if (this.#order === undefined) return oldest;
    for (let block = oldest; block !== this.count; block = this.#next[block]) {
      if (!this.#isKnown(block)) return block;
    }
    return this.#order.victim();
  }

  /**
   * Makes the computed content of a block known by its key. Where another block holds the same,
   * that one stays known; the caller keeps its own beside it, as with vLLM, or shares the first.
   *
   * @returns The block that the caller holds from now on.
   */
  publish(block: number, key: number, shares: boolean): number {
    if (this.#keys[block] !== NONE) return block;
    const first = this.#byKey.get(key);
    if (first === undefined) {
      this.#keys[block] = key;
      this.#byKey.set(key, block);
      this.#order?.named(block, key);
      return block;
    }
    this.copies++;
    if (!shares) {
      this.#keys[block] = key;
      return block;
    }
    this.share([first]);
    this.#references[block] = 0;
    this.#insert(block, this.count, this.#next[this.count]);
    return first;
  }

  /** Gives references back, last block first. */
  release(blocks: readonly number[]): void {
    for (let index = blocks.length - 1; index >= 0; index--) {
      const block = blocks[index];
      if (--this.#references[block] > 0) continue;
      this.#append(block);
      if (this.#isKnown(block)) this.#order?.freed(block);
    }
  }

  #unlink(block: number): void {
    const [previous, next] = [this.#previous[block], this.#next[block]];
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#free--;
  }

  #append(block: number): void {
    this.#insert(block, this.#previous[this.count], this.count);
  }

  #insert(block: number, previous: number, next: number): void {
    this.#next[previous] = block;
    this.#previous[block] = previous;
    this.#next[block] = next;
    this.#previous[next] = block;
    this.#free++;
  }
}

function orderOf(
  { name = "lru", parameters = {}, upcoming = () => Infinity }: KvEviction,
  count: number,
  isFree: (block: number) => boolean,
): KvOrder | undefined {
  if (name === "lru") return undefined;
  const usual = KV_ORDER_PARAMETERS[name] ?? {};
  const order = kvOrder(name, { count, isFree, upcoming, parameters: { ...usual, ...parameters } });
  if (order !== undefined) return order;
  const names = ["lru", ...Object.keys(KV_ORDER_PARAMETERS)];
  const hint = didYouMean(name, names);
  throw new UsageError({
    code: "usage/unknown-eviction",
    message: `Cannot choose eviction: "${name}" is no rule of the reference engine`,
    expected: names.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}
