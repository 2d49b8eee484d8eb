/**
 * FIFO without a queue: insertions are numbered, and the newest `capacity` numbers are resident.
 *
 * Cost: one load and one comparison per touch; 4 bytes per block.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";

@final export class FifoKernel extends Engine {
  private readonly block: usize;
  private readonly capacity: u32;
  /** u32[blocks]: number of the block's last insertion, plus `capacity`; 0 before the first. */
  private readonly number: usize;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.capacity = input.env.capacity;
    this.number = take(<usize>input.env.blocks << 2);
  }

  lookup(from: u32, to: u32, out: usize): void {
    const inserted = <u32>this.insertions;
    for (let i = from; i < to; i++) {
      const number = load<u32>(this.number + (load<u32>(this.block + (i << 2)) << 2));
      store<u8>(out + i, <u8>(number > inserted));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const block = this.block;
    const numbers = this.number;
    const capacity = this.capacity;
    let inserted = <u32>this.insertions;
    for (let i = from; i < to; i++) {
      // Without a branch: hits and misses of mixed traffic cannot be foretold.
      const entry = numbers + (load<u32>(block + (i << 2)) << 2);
      const number = load<u32>(entry);
      const hit = <u32>(number > inserted);
      store<u8>(out + i, <u8>hit);
      inserted += 1 - hit;
      store<u32>(entry, select<u32>(number, inserted + capacity, hit));
    }
    this.insertions = inserted;
    this.evictions = inserted - this.resident();
  }

  resident(): u32 {
    return min(<u32>this.insertions, this.capacity);
  }
}
