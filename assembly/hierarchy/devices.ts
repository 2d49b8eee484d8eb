/** The queues of all tiers, and when each block's bytes are where they were sent. */
import { take } from "../arena";
import { Hierarchy } from "./hierarchy";
import { account, accountRead, accountWrite, Load, LOAD_BYTES, send } from "./load";
import { Queue } from "./queue";
import { ENTRY_BYTES } from "./stage";
import { FETCHING, LOADING } from "./states";

@final export class Devices {
  readonly reads: StaticArray<Queue>;
  readonly writes: StaticArray<Queue>;
  /** u64[blocks]: end of the block's last transfer or computation. */
  private readonly readyNs: usize;
  private readonly sent: Load;

  constructor(private readonly hierarchy: Hierarchy) {
    const count = hierarchy.count;
    this.readyNs = take(<usize>hierarchy.states.blocks << 3);
    this.sent = changetype<Load>(take(LOAD_BYTES));
    this.reads = new StaticArray<Queue>(count);
    this.writes = new StaticArray<Queue>(count);
    for (let t: u32 = 0; t < count; t++) {
      const tier = hierarchy.level(t).record;
      this.reads[t] = new Queue(tier.readLatencyNs, tier.readBytesPerSecond, tier.concurrency);
      this.writes[t] = new Queue(tier.writeLatencyNs, tier.writeBytesPerSecond, tier.concurrency);
    }
  }

  @inline ready(block: u32): u64 {
    return load<u64>(this.readyNs + (block << 3));
  }

  @inline setReady(block: u32, timeNs: u64): void {
    store<u64>(this.readyNs + (block << 3), timeNs);
  }

  /** Time to bring a block of a tier into the form of the fastest one. */
  dequantiseNs(block: u32, tier: u32): u64 {
    const hierarchy = this.hierarchy;
    const record = hierarchy.level(tier).record;
    let ns = record.dequantiseNs + hierarchy.readNsOf(block);
    const rate = record.dequantiseBytesPerSecond;
    const here = hierarchy.level(tier).bytesOf(block);
    const above = hierarchy.level(0).bytesOf(block);
    if (rate != 0 && here != above) ns += (max(here, above) * 1_000_000_000 + rate - 1) / rate;
    return ns;
  }

  /** Sends a block to the fastest tier ahead of its use; gives the time when it is there. */
  fetch(block: u32, tier: u32, nowNs: u64, bytes: u64): u64 {
    const startNs = max(nowNs, this.ready(block));
    send(this.sent, this.reads[tier], this.writes[0], startNs, bytes);
    account(this.sent, this.hierarchy.level(tier).found, this.hierarchy.level(0).found);
    return this.sent.endNs + this.dequantiseNs(block, tier);
  }

  /**
   * Sends blocks down, for good: each can be read there when it is written.
   *
   * @param at Address of the first of the entries (see `stage.ts`) that name them.
   */
  copy(at: usize, end: usize, source: u32, target: u32, nowNs: u64): void {
    const states = this.hierarchy.states;
    const from = this.hierarchy.level(source);
    const to = this.hierarchy.level(target);
    const read = unchecked(this.reads[source]);
    const write = unchecked(this.writes[target]);
    const blocks = (end - at) / ENTRY_BYTES;
    let readWaitNs: u64 = 0;
    let writeWaitNs: u64 = 0;
    let readBusyNs: u64 = 0;
    let writeBusyNs: u64 = 0;
    for (; at < end; at += ENTRY_BYTES) {
      const block = load<u32>(at);
      const state = states.of(block);
      const startNs = (state & LOADING) != 0 ? nowNs : max(nowNs, this.ready(block));
      const bytes = min(from.bytesOf(block), to.bytesOf(block));
      const readNs = read.submit(startNs, bytes);
      const writtenNs = write.submit(readNs - read.busyNs, bytes);
      readWaitNs += read.waitNs;
      writeWaitNs += write.waitNs;
      readBusyNs += read.serviceNs;
      writeBusyNs += write.serviceNs;
      this.setReady(block, max(writtenNs, readNs + write.latencyNs));
      if ((state & (LOADING | FETCHING)) == LOADING) states.clear(block, LOADING);
    }
    accountRead(from.found, readBusyNs, readWaitNs, blocks);
    accountWrite(to.found, writeBusyNs, writeWaitNs, blocks);
  }
}
