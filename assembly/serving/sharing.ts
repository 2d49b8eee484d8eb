/** How transfers share links: what the two disciplines have in common. */
import { LINK_BYTES } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { ServingHeader } from "./layout";
import { LinkRecord } from "./layout_links";
import { Samples } from "./samples";
import { linkOf, Transfer, Transfers } from "./transfers";

export abstract class Sharing {
  constructor(
    readonly header: ServingHeader,
    readonly events: Events,
    readonly transfers: Transfers,
    readonly samples: Samples,
  ) {}

  @inline record(link: u32): LinkRecord {
    return changetype<LinkRecord>(this.header.linkRecords + <usize>link * LINK_BYTES);
  }

  /** Nanoseconds until so many bytes that are sent now would have left a link. */
  abstract expectNs(link: u32, bytes: u64, nowNs: u64): u64;

  /** Begins a transfer; its bytes times its factor are to be carried. */
  abstract begin(id: u32, transfer: Transfer, nowNs: u64): void;

  /** An event of a transfer that holds; `true` when it has arrived. */
  abstract onEvent(id: u32, transfer: Transfer, nowNs: u64): bool;

  /** A transfer will not arrive. */
  abstract callOff(id: u32, transfer: Transfer, nowNs: u64): void;

  /** The warm-up is over: counts anew. */
  forget(_nowNs: u64): void {
    for (let link: u32 = 0; link < this.header.links; link++) {
      const record = this.record(link);
      record.busyNs = 0;
      record.bytes = 0;
      record.transfers = 0;
      record.waitNs = 0;
      record.carried = 0;
    }
  }

  /** Counts a transfer on its links, once all its bytes have left. */
  count(transfer: Transfer, waitNs: u64): void {
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const record = this.record(linkOf(transfer, i));
      record.bytes += transfer.bytes;
      record.transfers++;
      record.waitNs += waitNs;
    }
  }

  /** Time of its bytes on the slowest link of its path. */
  aloneNs(transfer: Transfer): u64 {
    let ns: u64 = 0;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      ns = max(ns, channelNs(transfer.bytes, this.record(linkOf(transfer, i)).bytesPerSecond));
    }
    return ns;
  }
}

/** Time of bytes on a link by themselves, rounded up. */
export function channelNs(bytes: u64, bytesPerSecond: u64): u64 {
  return <u64>Math.ceil(<f64>bytes * 1e9 / <f64>bytesPerSecond);
}
