/**
 * Eviction rules of the reference engine that keep blocks in the order in which they came.
 *
 * @module
 */
import { type KvOrder, type KvOrderInput, without } from "./kv_order.ts";

/** One queue of blocks, in use or free, in the order in which they were first given back. */
export class Fifo implements KvOrder {
  protected queue: number[] = [];
  constructor(protected readonly input: KvOrderInput) {}

  named(_block: number, _key: number): void {}
  used(_block: number): void {}

  freed(block: number): void {
    if (!this.queue.includes(block)) this.queue.push(block);
  }

  victim(): number {
    return this.queue.find(this.input.isFree)!;
  }

  taken(block: number, _key: number): void {
    this.queue = without(this.queue, block);
  }
}

export class Clock extends Fifo {
  readonly #rounds = new Map<number, number>();

  override named(block: number): void {
    this.#rounds.set(block, 0);
  }

  override used(block: number): void {
    const most = 2 ** this.input.parameters.bits - 1;
    this.#rounds.set(block, Math.min(most, this.#rounds.get(block)! + 1));
  }

  override victim(): number {
    for (;;) {
      const block = super.victim();
      const rounds = this.#rounds.get(block)!;
      if (rounds === 0) return block;
      this.#rounds.set(block, rounds - 1);
      this.queue = [...without(this.queue, block), block];
    }
  }
}

export class Sieve extends Fifo {
  readonly #marked = new Set<number>();
  /** Place in the queue where the next search begins. */
  #hand = 0;
  /** The block that came last. */
  #last = -1;

  override named(block: number): void {
    this.#marked.delete(block);
  }

  override used(block: number): void {
    this.#marked.add(block);
  }

  override freed(block: number): void {
    if (!this.queue.includes(block)) this.#last = block;
    super.freed(block);
  }

  override victim(): number {
    for (;;) {
      if (this.#hand >= this.queue.length) this.#hand = 0;
      const block = this.queue[this.#hand++];
      if (!this.input.isFree(block)) continue;
      if (block === this.#last) this.#hand = 0;
      if (!this.#marked.delete(block)) return block;
    }
  }

  override taken(block: number, key: number): void {
    if (this.queue.indexOf(block) < this.#hand) this.#hand--;
    super.taken(block, key);
  }
}
