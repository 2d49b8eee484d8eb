/**
 * Eviction rules of the reference engine that give each block a rank.
 *
 * @module
 */
import type { KvOrder, KvOrderInput } from "./kv_order.ts";

/** Free blocks by a number each, of equals the one given back longest ago; the least goes. */
abstract class Ranked implements KvOrder {
  protected time = 0;
  protected readonly freedAt = new Map<number, number>();
  readonly #keys = new Map<number, number>();
  constructor(protected readonly input: KvOrderInput) {}

  protected abstract rank(block: number, key: number): number;

  named(block: number, key: number): void {
    this.#keys.set(block, key);
  }

  used(_block: number): void {}

  freed(block: number): void {
    this.freedAt.set(block, ++this.time);
  }

  victim(): number {
    const rank = (block: number) => this.rank(block, this.#keys.get(block)!);
    return [...this.freedAt.keys()].filter(this.input.isFree)
      .reduce((best, each) => {
        const less = rank(each) - rank(best) || this.freedAt.get(each)! - this.freedAt.get(best)!;
        return less < 0 ? each : best;
      });
  }

  taken(block: number, _key: number): void {
    this.freedAt.delete(block);
    this.#keys.delete(block);
  }
}

export class Lfu extends Ranked {
  readonly #uses = new Map<number, number>();

  protected rank(block: number): number {
    return this.#uses.get(block)!;
  }

  override named(block: number, key: number): void {
    super.named(block, key);
    this.#uses.set(block, 1);
  }

  override used(block: number): void {
    this.#uses.set(block, this.#uses.get(block)! + 1);
  }
}

export class FurthestNextUse extends Ranked {
  protected rank(_block: number, key: number): number {
    const next = this.input.upcoming(key);
    return next === Infinity ? -Number.MAX_VALUE : -next;
  }
}

export class SlruPaper extends Ranked {
  readonly #protected = new Set<number>();

  protected rank(block: number): number {
    return Number(this.#protected.has(block));
  }

  override used(block: number): void {
    this.#protected.add(block);
  }

  override freed(block: number): void {
    super.freed(block);
    const most = Math.floor(this.input.count * this.input.parameters.protected);
    while (this.#protected.size > most) {
      const cooled = [...this.#protected].filter(this.input.isFree)
        .toSorted((a, b) => this.freedAt.get(a)! - this.freedAt.get(b)!)[0];
      if (cooled === undefined) return;
      this.#protected.delete(cooled);
      this.freedAt.set(cooled, ++this.time);
    }
  }

  override taken(block: number, key: number): void {
    super.taken(block, key);
    this.#protected.delete(block);
  }
}
