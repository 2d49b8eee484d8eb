/**
 * Blocks of KV memory with reference counts, and the prefix cache over those nobody uses.
 *
 * @module
 */

/** No block, no key. */
const NONE = -1;

/**
 * A pool of blocks. A block is used (referenced) or free; a free block keeps its content, and its
 * key, until it is taken for something else. Free blocks are taken in the order in which they were
 * released, so that releasing a request's last block first evicts leaves before their prefixes.
 */
export class KvBlocks {
  readonly #references: Int32Array;
  readonly #keys: Float64Array;
  /** Links of the list of free blocks; the last slot is its head. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #byKey = new Map<number, number>();
  #free: number;

  /** @param count Blocks of the pool, 1 or more. */
  constructor(readonly count: number) {
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

  /** How many of these blocks are free, and would be taken from the free ones when shared. */
  freeOf(blocks: readonly number[]): number {
    return blocks.reduce((sum, block) => sum + (this.#references[block] === 0 ? 1 : 0), 0);
  }

  /** References blocks that were looked up. */
  share(blocks: readonly number[]): void {
    for (const block of blocks) {
      if (this.#references[block]++ === 0) this.#unlink(block);
    }
  }

  /** Takes the free block that was released longest ago; what it held is gone. */
  take(): number {
    const block = this.#next[this.count];
    this.#unlink(block);
    this.#references[block] = 1;
    if (this.#byKey.get(this.#keys[block]) === block) this.#byKey.delete(this.#keys[block]);
    this.#keys[block] = NONE;
    return block;
  }

  /** Makes the computed content of a block known by its key; a twin that came first stays known. */
  publish(block: number, key: number): void {
    if (this.#keys[block] !== NONE) return;
    this.#keys[block] = key;
    if (!this.#byKey.has(key)) this.#byKey.set(key, block);
  }

  /** Gives references back, last block first. */
  release(blocks: readonly number[]): void {
    for (let index = blocks.length - 1; index >= 0; index--) {
      const block = blocks[index];
      if (--this.#references[block] === 0) this.#append(block);
    }
  }

  #unlink(block: number): void {
    const [previous, next] = [this.#previous[block], this.#next[block]];
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#free--;
  }

  #append(block: number): void {
    const last = this.#previous[this.count];
    this.#next[last] = block;
    this.#previous[block] = last;
    this.#next[block] = this.count;
    this.#previous[this.count] = block;
    this.#free++;
  }
}
