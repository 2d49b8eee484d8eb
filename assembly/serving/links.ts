/**
 * Transfers over links. A transfer crosses a path of up to four links at once, cut through: the
 * slowest of them decides. Its latencies add up and follow the bytes.
 *
 * ```
 * fifo:        each link serves one transfer at a time, in order of arrival
 * fair share:  the transfers on a link share it evenly; one gets the least of its links' shares
 * ```
 *
 * What fair sharing leaves over on a link whose transfers are held up elsewhere is not given to
 * others. No link ever carries more than its bandwidth.
 */
import { Discipline, LINK_BYTES, NONE } from "../abi_serving";
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { Random } from "../random";
import { ServingHeader } from "./layout";
import { LinkRecord } from "./layout_links";
import { ServingEvent } from "./serving_event";
import { Cargo, crosses, PATH_MOST, Transfer, Transfers } from "./transfers";

/** Told when transfers end or are lost. */
export abstract class Receiver {
  abstract onArrived(cargo: u32, subject: u32, nowNs: u64): void;
  /** A link of the path broke; nothing arrived. */
  abstract onLost(cargo: u32, subject: u32, nowNs: u64): void;
}

@final export class Links {
  receiver: Receiver | null = null;
  private readonly fair: bool;
  /** u64[links]: when a first-come link is free. u32[links]: transfers on it. u8[links]: broken. */
  private readonly freeNs: usize;
  private readonly crowd: usize;
  private readonly broken: usize;
  private readonly busyFrom: usize;
  private readonly transfers: Transfers = new Transfers();
  private readonly random: Random;
  private readonly sigma: f64;
  /** The path being asked for. */
  private path: StaticArray<u32> = new StaticArray<u32>(PATH_MOST);
  private hops: u32 = 0;

  constructor(private readonly header: ServingHeader, private readonly events: Events) {
    this.fair = header.discipline == Discipline.FairShare;
    this.freeNs = take(<usize>header.links << 3);
    this.crowd = take(<usize>header.links << 2);
    this.broken = take(header.links);
    this.busyFrom = take(<usize>header.links << 3);
    this.random = new Random(header.seed, "links");
    this.sigma = Math.sqrt(Math.log(1 + header.jitterShape * header.jitterShape));
  }

  @inline link(index: u32): LinkRecord {
    return changetype<LinkRecord>(this.header.linkRecords + <usize>index * LINK_BYTES);
  }

  /** Begins to name a path. */
  clear(): Links {
    this.hops = 0;
    return this;
  }

  /** Adds a link to the path, if there is one. */
  over(link: u32): Links {
    if (link == NONE) return this;
    for (let i: u32 = 0; i < this.hops; i++) {
      if (unchecked(this.path[i]) == link) return this;
    }
    assert(this.hops < PATH_MOST, "a path of too many links");
    unchecked(this.path[this.hops++] = link);
    return this;
  }

  /** Whether no link of the named path is broken. */
  isWhole(): bool {
    for (let i: u32 = 0; i < this.hops; i++) {
      if (load<u8>(this.broken + unchecked(this.path[i])) != 0) return false;
    }
    return true;
  }

  /** Latency of the named path. */
  latencyNs(): u64 {
    let ns: u64 = 0;
    for (let i: u32 = 0; i < this.hops; i++) ns += this.link(unchecked(this.path[i])).latencyNs;
    return ns;
  }

  /** Nanoseconds that so many bytes would take on the named path if they left now. */
  expectNs(bytes: u64, nowNs: u64): u64 {
    let endNs = nowNs;
    let latencyNs: u64 = 0;
    for (let i: u32 = 0; i < this.hops; i++) {
      const index = unchecked(this.path[i]);
      const link = this.link(index);
      const crowd = this.fair ? load<u32>(this.crowd + (index << 2)) + 1 : 1;
      const startNs = this.fair ? nowNs : max(nowNs, load<u64>(this.freeNs + (index << 3)));
      endNs = max(endNs, startNs + channelNs(bytes, link.bytesPerSecond) * crowd);
      latencyNs += link.latencyNs;
    }
    return endNs + latencyNs - nowNs;
  }

  /**
   * Sends bytes over the named path, which is whole; the receiver is told when they are there.
   *
   * @param moreNs Besides the links' own latencies.
   */
  send(cargo: Cargo, subject: u32, bytes: u64, nowNs: u64, moreNs: u64 = 0): void {
    const id = this.transfers.make();
    const transfer = this.transfers.at(id);
    transfer.cargo = cargo;
    transfer.subject = subject;
    transfer.bytes = bytes;
    transfer.startedNs = nowNs;
    transfer.hops = this.hops;
    transfer.latencyNs = moreNs;
    for (let i: u32 = 0; i < this.hops; i++) {
      const index = unchecked(this.path[i]);
      store<u32>(changetype<usize>(transfer) + (i << 2), index);
      const link = this.link(index);
      transfer.latencyNs += link.latencyNs;
      link.bytes += bytes;
      link.transfers++;
    }
    const factor = this.drawFactor();
    if (this.fair) this.join(id, transfer, factor, nowNs);
    else this.queue(id, transfer, factor, nowNs);
  }

  /** Log-normal with mean 1, and a slow tail. */
  private drawFactor(): f64 {
    let factor: f64 = 1;
    if (this.sigma > 0) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.random.unit()));
      const z = radius * Math.cos(2 * Math.PI * this.random.unit());
      factor = Math.exp(this.sigma * z - this.sigma * this.sigma * 0.5);
    }
    if (this.header.tailProbability > 0 && this.random.unit() < this.header.tailProbability) {
      factor *= this.header.tailFactor;
    }
    return factor;
  }

  private queue(id: u32, transfer: Transfer, factor: f64, nowNs: u64): void {
    let endNs = nowNs;
    let aloneNs: u64 = 0;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const index = load<u32>(changetype<usize>(transfer) + (i << 2));
      const link = this.link(index);
      const free = this.freeNs + (index << 3);
      const startNs = max(nowNs, load<u64>(free));
      const busyNs = <u64>(<f64>channelNs(transfer.bytes, link.bytesPerSecond) * factor);
      store<u64>(free, startNs + busyNs);
      link.busyNs += busyNs;
      aloneNs = max(aloneNs, busyNs);
      endNs = max(endNs, startNs + busyNs);
    }
    this.addWait(transfer, endNs - nowNs - aloneNs);
    transfer.draining = 0;
    this.events.add(endNs + transfer.latencyNs, ServingEvent.Link, id, transfer.version);
  }

  private addWait(transfer: Transfer, waitNs: u64): void {
    for (let i: u32 = 0; i < transfer.hops; i++) {
      this.link(load<u32>(changetype<usize>(transfer) + (i << 2))).waitNs += waitNs;
    }
  }

  private join(id: u32, transfer: Transfer, factor: f64, nowNs: u64): void {
    transfer.left = <f64>transfer.bytes * factor;
    transfer.draining = 1;
    transfer.countedNs = nowNs;
    this.changeCrowd(transfer, 1, nowNs);
    this.reshare(nowNs);
  }

  private changeCrowd(transfer: Transfer, by: i32, nowNs: u64): void {
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const index = load<u32>(changetype<usize>(transfer) + (i << 2));
      const at = this.crowd + (index << 2);
      const before = load<u32>(at);
      store<u32>(at, before + by);
      const from = this.busyFrom + (index << 3);
      if (before == 0) store<u64>(from, nowNs);
      if (before + by == 0) this.link(index).busyNs += nowNs - load<u64>(from);
    }
  }

  /** Gives every transfer its share anew; those whose share is the same keep their event. */
  private reshare(nowNs: u64): void {
    for (let id = this.transfers.first; id != 0;) {
      const transfer = this.transfers.at(id);
      if (transfer.draining != 0) {
        const share = this.shareOf(transfer);
        if (share != transfer.bytesPerNs) {
          transfer.left -= transfer.bytesPerNs * <f64>(nowNs - transfer.countedNs);
          transfer.countedNs = nowNs;
          transfer.bytesPerNs = share;
          const leftNs = <u64>Math.ceil(max(0, transfer.left) / share);
          this.events.add(nowNs + leftNs, ServingEvent.Link, id, ++transfer.version);
        }
      }
      id = transfer.after;
    }
  }

  private shareOf(transfer: Transfer): f64 {
    let share: f64 = Infinity;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const index = load<u32>(changetype<usize>(transfer) + (i << 2));
      const crowd = <f64>load<u32>(this.crowd + (index << 2));
      share = min(share, <f64>this.link(index).bytesPerSecond * 1e-9 / crowd);
    }
    return share;
  }

  /** An event of a transfer; `version` tells whether it still holds. */
  onEvent(id: u32, version: u32, nowNs: u64): void {
    const transfer = this.transfers.at(id);
    if (transfer.version != version || transfer.active == 0) return;
    if (transfer.draining != 0) {
      this.drained(id, transfer, nowNs);
      if (transfer.latencyNs > 0) return;
    }
    const cargo = transfer.cargo;
    const subject = transfer.subject;
    this.transfers.drop(id, transfer);
    this.receiver!.onArrived(cargo, subject, nowNs);
  }

  private drained(id: u32, transfer: Transfer, nowNs: u64): void {
    let aloneNs: u64 = 0;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = this.link(load<u32>(changetype<usize>(transfer) + (i << 2)));
      aloneNs = max(aloneNs, channelNs(transfer.bytes, link.bytesPerSecond));
    }
    const tookNs = nowNs - transfer.startedNs;
    this.addWait(transfer, tookNs > aloneNs ? tookNs - aloneNs : 0);
    transfer.draining = 0;
    transfer.bytesPerNs = 0;
    this.changeCrowd(transfer, -1, nowNs);
    this.reshare(nowNs);
    if (transfer.latencyNs > 0) {
      this.events.add(nowNs + transfer.latencyNs, ServingEvent.Link, id, ++transfer.version);
    }
  }

  /** A link breaks: what is under way on it is lost. */
  cut(link: u32, nowNs: u64): void {
    store<u8>(this.broken + link, 1);
    for (let id = this.transfers.first; id != 0;) {
      const transfer = this.transfers.at(id);
      const next = transfer.after;
      if (crosses(transfer, link)) {
        this.lose(id, transfer, nowNs);
        // Whoever is told may send anew, or lose more: begin again.
        id = this.transfers.first;
      } else {
        id = next;
      }
    }
    store<u64>(this.freeNs + (link << 3), nowNs);
  }

  mend(link: u32, nowNs: u64): void {
    store<u8>(this.broken + link, 0);
    store<u64>(this.freeNs + (link << 3), nowNs);
  }

  /** Calls off all transfers of a subject; nobody is told. */
  callOff(cargo: Cargo, subject: u32, nowNs: u64): void {
    for (let id = this.transfers.first; id != 0;) {
      const transfer = this.transfers.at(id);
      const next = transfer.after;
      if (transfer.cargo == cargo && transfer.subject == subject) this.take(id, transfer, nowNs);
      id = next;
    }
  }

  private lose(id: u32, transfer: Transfer, nowNs: u64): void {
    const cargo = transfer.cargo;
    const subject = transfer.subject;
    this.take(id, transfer, nowNs);
    this.receiver!.onLost(cargo, subject, nowNs);
  }

  private take(id: u32, transfer: Transfer, nowNs: u64): void {
    if (transfer.draining != 0) this.changeCrowd(transfer, -1, nowNs);
    this.transfers.drop(id, transfer);
    if (this.fair) this.reshare(nowNs);
  }
}

/** Time of bytes on a link by themselves, rounded up. */
export function channelNs(bytes: u64, bytesPerSecond: u64): u64 {
  return <u64>Math.ceil(<f64>bytes * 1e9 / <f64>bytesPerSecond);
}
