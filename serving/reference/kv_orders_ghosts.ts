/**
 * Eviction rules of the reference engine that remember blocks which left.
 *
 * @module
 */
import { type KvOrder, type KvOrderInput, without } from "./kv_order.ts";

/** Names of blocks that left, oldest first, and one more than a rule asks for. */
class Ghosts {
  #keys: number[] = [];
  constructor(readonly most: number) {}

  recall(key: number): boolean {
    const found = this.#keys.includes(key);
    this.#keys = without(this.#keys, key);
    return found;
  }

  remember(key: number): void {
    if (this.most > 0) this.#keys = [...this.#keys, key].slice(-this.most - 1);
  }
}

/** Two queues: newcomers, and blocks that came again while they were remembered. */
export class TwoQueue implements KvOrder {
  #newcomers: number[] = [];
  #main: number[] = [];
  readonly #returned = new Set<number>();
  readonly #ghosts: Ghosts;

  constructor(private readonly input: KvOrderInput) {
    this.#ghosts = new Ghosts(Math.floor(input.count * input.parameters.out));
  }

  named(block: number, key: number): void {
    if (this.#ghosts.recall(key)) this.#returned.add(block);
  }

  used(_block: number): void {}

  freed(block: number): void {
    if (this.#returned.has(block)) this.#main = [...without(this.#main, block), block];
    else if (!this.#newcomers.includes(block)) this.#newcomers.push(block);
  }

  victim(): number {
    const spared = Math.max(1, Math.floor(this.input.count * this.input.parameters.in));
    const newcomer = this.#newcomers.find(this.input.isFree);
    const old = this.#main.find(this.input.isFree);
    if (old === undefined) return newcomer!;
    return newcomer !== undefined && this.#newcomers.length > spared ? newcomer : old;
  }

  taken(block: number, key: number): void {
    if (this.#newcomers.includes(block)) this.#ghosts.remember(key);
    this.#newcomers = without(this.#newcomers, block);
    this.#main = without(this.#main, block);
    this.#returned.delete(block);
  }
}

export class S3Fifo implements KvOrder {
  #small: number[] = [];
  #main: number[] = [];
  readonly #uses = new Map<number, number>();
  readonly #returned = new Set<number>();
  readonly #ghosts: Ghosts;

  constructor(private readonly input: KvOrderInput) {
    this.#ghosts = new Ghosts(Math.floor(input.count * input.parameters.ghost));
  }

  named(block: number, key: number): void {
    this.#uses.set(block, 0);
    if (this.#ghosts.recall(key)) this.#returned.add(block);
  }

  used(block: number): void {
    this.#uses.set(block, Math.min(3, this.#uses.get(block)! + 1));
  }

  freed(block: number): void {
    if (this.#small.includes(block) || this.#main.includes(block)) return;
    (this.#returned.has(block) ? this.#main : this.#small).push(block);
  }

  victim(): number {
    const { count, isFree, parameters: { small, threshold } } = this.input;
    const room = count - Math.floor(count * small);
    if (this.#main.length <= room || !this.#main.some(isFree)) {
      for (let block; (block = this.#small.find(isFree)) !== undefined;) {
        if (this.#uses.get(block)! < threshold) return block;
        this.#small = without(this.#small, block);
        this.#main.push(block);
        this.#uses.set(block, 0);
      }
    }
    for (;;) {
      const block = this.#main.find(isFree)!;
      const uses = this.#uses.get(block)!;
      if (uses === 0) return block;
      this.#uses.set(block, uses - 1);
      this.#main = [...without(this.#main, block), block];
    }
  }

  taken(block: number, key: number): void {
    if (this.#small.includes(block)) this.#ghosts.remember(key);
    this.#small = without(this.#small, block);
    this.#main = without(this.#main, block);
    this.#returned.delete(block);
  }
}
