/**
 * Each link carries the bytes of one transfer at a time, in the order in which they were sent. A
 * transfer has drained when the last of its links has carried it; no link waits for another.
 *
 * The time that was set aside for a transfer that is called off or lost goes to others where
 * nothing is set aside behind it; else the link idles then, as those behind keep their time.
 *
 * Cost: O(links of the path) for a transfer.
 */
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { countedNs } from "./counted";
import { ServingHeader } from "./layout";
import { LinkRecord } from "./layout_links";
import { Samples } from "./samples";
import { ServingEvent } from "./serving_event";
import { channelNs, Sharing } from "./sharing";
import { linkOf, Stage, Transfer, Transfers } from "./transfers";

@final export class FirstCome extends Sharing {
  /** u64[links]: when a link is free. */
  private readonly freeNs: usize;

  constructor(header: ServingHeader, events: Events, transfers: Transfers, samples: Samples) {
    super(header, events, transfers, samples);
    this.freeNs = take(<usize>header.links << 3);
  }

  expectNs(link: u32, bytes: u64, nowNs: u64): u64 {
    const freeNs = load<u64>(this.freeNs + (link << 3));
    return (freeNs > nowNs ? freeNs - nowNs : 0) +
      channelNs(bytes, this.record(link).bytesPerSecond);
  }

  begin(id: u32, transfer: Transfer, nowNs: u64): void {
    let endNs = nowNs;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      const free = this.freeNs + (link << 3);
      const startNs = max(nowNs, load<u64>(free));
      const freeNs = startNs + this.takesNs(transfer, this.record(link));
      store<u64>(this.start(transfer, i), startNs);
      store<u64>(free, freeNs);
      endNs = max(endNs, freeNs);
    }
    transfer.stage = Stage.Draining;
    transfer.endNs = endNs;
    this.events.add(endNs + transfer.latencyNs, ServingEvent.Link, id, transfer.version);
  }

  /** Where it is kept when a link begins with a transfer. */
  @inline private start(transfer: Transfer, place: u32): usize {
    return changetype<usize>(transfer) + offsetof<Transfer>("next0") + (place << 3);
  }

  @inline private takesNs(transfer: Transfer, record: LinkRecord): u64 {
    const aloneNs = channelNs(transfer.bytes, record.bytesPerSecond);
    return <u64>Math.ceil(<f64>aloneNs * transfer.factor);
  }

  onEvent(_id: u32, transfer: Transfer, _nowNs: u64): bool {
    const tookNs = transfer.endNs - transfer.startedNs;
    const aloneNs = this.aloneNs(transfer);
    this.count(transfer, tookNs > aloneNs ? tookNs - aloneNs : 0);
    this.settle(transfer, transfer.endNs);
    return true;
  }

  /** What its links carried of a transfer that ends then, or will not go on. */
  private settle(transfer: Transfer, untilNs: u64): void {
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const record = this.record(linkOf(transfer, i));
      const startNs = load<u64>(this.start(transfer, i));
      if (startNs >= untilNs) continue;
      const takesNs = this.takesNs(transfer, record);
      const busyNs = min(untilNs - startNs, takesNs);
      if (busyNs == 0) continue; // a word without bytes
      const bytes = <f64>transfer.bytes * transfer.factor;
      const carried = bytes * (<f64>busyNs / <f64>takesNs);
      const ns = countedNs(startNs, startNs + busyNs, this.header.warmupNs);
      record.busyNs += ns;
      record.carried += bytes * (<f64>ns / <f64>takesNs);
      if (this.samples.isOn) {
        this.samples.add(record.sampleRow, startNs, startNs + busyNs, carried);
      }
    }
  }

  callOff(_id: u32, transfer: Transfer, nowNs: u64): void {
    this.settle(transfer, nowNs);
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      const free = this.freeNs + (link << 3);
      const startNs = load<u64>(this.start(transfer, i));
      const endNs = startNs + this.takesNs(transfer, this.record(link));
      if (endNs > nowNs && load<u64>(free) == endNs) store<u64>(free, max(startNs, nowNs));
    }
  }
}
