/**
 * Each link carries the bytes of one transfer at a time, in the order in which they were sent. A
 * transfer has drained when the last of its links has carried it; no link waits for another.
 *
 * A link keeps the time that it had set aside for a transfer that was called off or that was lost
 * on another link.
 *
 * Cost: O(links of the path) for a transfer.
 */
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { ServingHeader } from "./layout";
import { ServingEvent } from "./serving_event";
import { channelNs, Sharing } from "./sharing";
import { linkOf, Stage, Transfer, Transfers } from "./transfers";

@final export class FirstCome extends Sharing {
  /** u64[links]: when a link is free. */
  private readonly freeNs: usize;

  constructor(header: ServingHeader, events: Events, transfers: Transfers) {
    super(header, events, transfers);
    this.freeNs = take(<usize>header.links << 3);
  }

  expectNs(link: u32, bytes: u64, nowNs: u64): u64 {
    const freeNs = load<u64>(this.freeNs + (link << 3));
    return (freeNs > nowNs ? freeNs - nowNs : 0) +
      channelNs(bytes, this.record(link).bytesPerSecond);
  }

  begin(id: u32, transfer: Transfer, factor: f64, nowNs: u64): void {
    let endNs = nowNs;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      const record = this.record(link);
      const free = this.freeNs + (link << 3);
      const startNs = max(nowNs, load<u64>(free));
      const busyNs = <u64>(<f64>channelNs(transfer.bytes, record.bytesPerSecond) * factor);
      store<u64>(free, startNs + busyNs);
      record.busyNs += busyNs;
      endNs = max(endNs, startNs + busyNs);
    }
    transfer.stage = Stage.Draining;
    transfer.endNs = endNs;
    this.events.add(endNs + transfer.latencyNs, ServingEvent.Link, id, transfer.version);
  }

  onEvent(_id: u32, transfer: Transfer, _nowNs: u64): bool {
    const tookNs = transfer.endNs - transfer.startedNs;
    const aloneNs = this.aloneNs(transfer);
    this.count(transfer, tookNs > aloneNs ? tookNs - aloneNs : 0);
    return true;
  }

  callOff(_id: u32, _transfer: Transfer, _nowNs: u64): void {}

  clear(link: u32, nowNs: u64): void {
    const free = this.freeNs + (link << 3);
    const freeNs = load<u64>(free);
    if (freeNs > nowNs) this.record(link).busyNs -= freeNs - nowNs;
    store<u64>(free, nowNs);
  }
}
