/**
 * Slots: the places that blocks take in the order of recency, run by run.
 *
 * The blocks of an extent that are touched next in one run move on together; those that are never
 * touched again stay together. Each such part is a slot. Slots are numbered in the order of touch,
 * so a greater number is more recent. A slot is taken once and left once, as a whole.
 *
 * Cost: 4 bytes per run, extent and slot; at most one more slot than twice the runs of an extent.
 */
import { TouchOrder } from "../abi";
import { header } from "../columns/trace";
import { get, Pass, put, words } from "./pass";
import { Runs } from "./runs";

@final export class Slots extends Pass {
  /** u32[runs]: the slot that the run leaves; nothing for runs that were never touched before. */
  readonly left: usize;
  /** u32[slots]: blocks. */
  readonly blocks: usize;
  /** u32[requests + 1]: first slot of each request. */
  readonly first: usize;
  /** u32[extents]: the slot after the last one of the extent. */
  readonly end: usize;
  /** Most slots that there can be. */
  readonly most: u32;
  private count: u32 = 0;

  constructor(private readonly runs: Runs, private readonly touch: TouchOrder) {
    super(header.requests);
    this.most = (get(runs.firstNext, header.extents) << 1) + header.extents;
    this.left = words(runs.count);
    this.blocks = words(this.most);
    this.first = words(header.requests + 1);
    this.end = words(header.extents);
  }

  run(from: u32, to: u32): void {
    for (let r = from; r < to; r++) {
      const first = get(header.firstExtent, r);
      const end = get(header.firstExtent, r + 1);
      if (this.touch == TouchOrder.RootFirst) {
        for (let e = first; e < end; e++) this.takeUpwards(e);
      } else {
        for (let e = end; e-- > first;) this.takeDownwards(e);
      }
      put(this.first, r + 1, this.count);
    }
  }

  private takeUpwards(e: u32): void {
    const runs = this.runs;
    let block = get(header.firstBlock, e);
    const last = block + get(header.blockCount, e);
    const end = get(runs.firstNext, e + 1);
    for (let i = get(runs.firstNext, e); i < end; i++) {
      const run = get(runs.next, i);
      const first = get(runs.firstBlock, run);
      this.add(first - block);
      put(this.left, run, this.count);
      const blocks = get(runs.blockCount, run);
      this.add(blocks);
      block = first + blocks;
    }
    this.add(last - block);
    put(this.end, e, this.count);
  }

  private takeDownwards(e: u32): void {
    const runs = this.runs;
    const first = get(header.firstBlock, e);
    let block = first + get(header.blockCount, e);
    const start = get(runs.firstNext, e);
    for (let i = get(runs.firstNext, e + 1); i-- > start;) {
      const run = get(runs.next, i);
      const low = get(runs.firstBlock, run);
      const blocks = get(runs.blockCount, run);
      this.add(block - low - blocks);
      put(this.left, run, this.count);
      this.add(blocks);
      block = low;
    }
    this.add(block - first);
    put(this.end, e, this.count);
  }

  @inline private add(blocks: u32): void {
    if (blocks == 0) return;
    put(this.blocks, this.count, blocks);
    this.count++;
  }
}
