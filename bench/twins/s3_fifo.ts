/**
 * Twin of the S3-FIFO kernel.
 *
 * @module
 */
import { ringSlots, type Twin } from "./twin.ts";

const SMALL = 1;
const GHOST = 2;
const MAIN = 3;
const ONCE = 4;
const MAXIMUM = 12;
const HOLE = 0xffffffff;

/** Twin of `assembly/kernels/s3_fifo.ts`, with the default parameters. */
export const s3Fifo: Twin = ({ block, blocks }, capacity, out) => {
  const tier = new S3Fifo(capacity, blocks);
  let missed = 0;
  for (let i = 0; i < block.length; i++) {
    const state = tier.state[block[i]];
    const hit = state & 1;
    out[i] = hit;
    if (hit !== 0) {
      if (state < MAXIMUM) tier.state[block[i]] = state + ONCE;
    } else {
      missed++;
      tier.miss(block[i], state);
    }
  }
  return block.length - missed;
};

class S3Fifo {
  readonly state: Uint8Array;
  private readonly small: Uint32Array;
  private readonly main: Uint32Array;
  private readonly ghost: Uint32Array;
  private readonly ghostPlace: Uint32Array;
  private readonly mask: number;
  private readonly ghostMask: number;
  private readonly smallCapacity: number;
  private readonly ghostCapacity: number;
  private smallHead = 0;
  private smallTail = 0;
  private mainHead = 0;
  private mainTail = 0;
  private ghostHead = 0;
  private ghostTail = 0;
  private ghosts = 0;

  constructor(private readonly capacity: number, blocks: number) {
    this.smallCapacity = Math.floor(capacity * 0.1);
    this.ghostCapacity = Math.floor(capacity * 0.9);
    this.state = new Uint8Array(blocks);
    const slots = ringSlots(Math.min(capacity, blocks));
    this.mask = slots - 1;
    this.small = new Uint32Array(slots);
    this.main = new Uint32Array(slots);
    const ghostSlots = ringSlots(Math.min(this.ghostCapacity, blocks) * 2);
    this.ghostMask = ghostSlots - 1;
    this.ghost = new Uint32Array(ghostSlots);
    this.ghostPlace = new Uint32Array(blocks);
  }

  miss(newcomer: number, state: number): void {
    if (this.smallCapacity <= 1) return;
    if (state === GHOST) {
      this.ghost[this.ghostPlace[newcomer] & this.ghostMask] = HOLE;
      this.ghosts--;
    }
    const mainCapacity = this.capacity - this.smallCapacity;
    while (this.smallHead - this.smallTail + this.mainHead - this.mainTail >= this.capacity) {
      if (this.mainHead - this.mainTail > mainCapacity || this.smallHead === this.smallTail) {
        this.evictMain();
      } else {
        this.evictSmall();
      }
    }
    if (state === GHOST) this.main[this.mainHead++ & this.mask] = newcomer;
    else this.small[this.smallHead++ & this.mask] = newcomer;
    this.state[newcomer] = state === GHOST ? MAIN : SMALL;
  }

  private evictSmall(): void {
    while (this.smallTail !== this.smallHead) {
      const victim = this.small[this.smallTail++ & this.mask];
      if (this.state[victim] < SMALL + 2 * ONCE) {
        this.remember(victim);
        return;
      }
      this.main[this.mainHead++ & this.mask] = victim;
      this.state[victim] = MAIN;
    }
  }

  private evictMain(): void {
    while (true) {
      const victim = this.main[this.mainTail++ & this.mask];
      const state = this.state[victim];
      if (state === MAIN) {
        this.state[victim] = 0;
        return;
      }
      this.main[this.mainHead++ & this.mask] = victim;
      this.state[victim] = state - ONCE;
    }
  }

  private remember(block: number): void {
    if (this.ghosts === this.ghostCapacity) {
      let oldest = HOLE;
      while (oldest === HOLE) oldest = this.ghost[this.ghostTail++ & this.ghostMask];
      this.state[oldest] = 0;
      this.ghosts--;
    }
    if (this.ghostHead - this.ghostTail > this.ghostMask) this.packGhost();
    this.state[block] = GHOST;
    this.ghostPlace[block] = this.ghostHead;
    this.ghost[this.ghostHead++ & this.ghostMask] = block;
    this.ghosts++;
  }

  private packGhost(): void {
    let place = this.ghostHead;
    for (let from = this.ghostHead; from !== this.ghostTail;) {
      const block = this.ghost[--from & this.ghostMask];
      if (block === HOLE) continue;
      this.ghost[--place & this.ghostMask] = block;
      this.ghostPlace[block] = place;
    }
    this.ghostTail = place;
  }
}
