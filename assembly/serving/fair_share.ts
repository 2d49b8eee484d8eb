/**
 * The transfers on a link share it evenly; one gets the least of its links' shares. What that
 * leaves over on its other links is not given to others, so no link carries more than its
 * bandwidth.
 *
 * A transfer that would get less than a sixteenth of what its path gives it alone waits in line at
 * the link that is so crowded, and those in line begin in the order in which they came. Queue pairs
 * and queue depths do the same in real ports; here it also bounds the work of a change.
 *
 * Cost of a change: O(transfers that share a link whose crowd has changed).
 */
import { NONE } from "../abi_serving";
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { countedNs } from "./counted";
import { ServingHeader } from "./layout";
import { Port } from "./port";
import { ServingEvent } from "./serving_event";
import { Samples } from "./samples";
import { Sharing } from "./sharing";
import { linkOf, PATH_MOST, Stage, Transfer, Transfers } from "./transfers";

/** Least part of its own speed that a transfer begins with, as its inverse. */
const LANES: f64 = 16;
const NEVER: u64 = u64.MAX_VALUE;

@final export class FairShare extends Sharing {
  private readonly ports: usize;
  /** Links whose crowd has changed, and transfers that have no share yet. */
  private readonly changed: u32[] = [];
  private readonly fresh: u32[] = [];

  constructor(header: ServingHeader, events: Events, transfers: Transfers, samples: Samples) {
    super(header, events, transfers, samples);
    this.ports = take(<usize>header.links * offsetof<Port>());
  }

  @inline private port(link: u32): Port {
    return changetype<Port>(this.ports + <usize>link * offsetof<Port>());
  }

  @inline private speed(link: u32): f64 {
    return <f64>this.record(link).bytesPerSecond * 1e-9;
  }

  /** Half of what is in service is left, on average; it takes part no longer than the new bytes. */
  expectNs(link: u32, bytes: u64, _nowNs: u64): u64 {
    const port = this.port(link);
    const beside = min(port.carrying * 0.5, <f64>port.crowd * <f64>bytes);
    return <u64>Math.ceil((<f64>bytes + beside + port.waiting) / this.speed(link));
  }

  begin(id: u32, transfer: Transfer, nowNs: u64): void {
    transfer.left = <f64>transfer.bytes * transfer.factor;
    transfer.aloneBytesPerNs = Infinity;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      transfer.aloneBytesPerNs = min(transfer.aloneBytesPerNs, this.speed(linkOf(transfer, i)));
    }
    const full = this.fullLink(transfer, true);
    if (full == NONE) this.enter(id, transfer, nowNs);
    else this.wait(id, transfer, full);
    this.reshare(nowNs);
  }

  /** A link of the path where the transfer has to wait, or NONE. */
  private fullLink(transfer: Transfer, isNew: bool): u32 {
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      const port = this.port(link);
      if (port.crowd == 0) continue;
      if (isNew && port.lineFirst != 0) return link;
      const share = this.speed(link) / <f64>(port.crowd + 1);
      if (share * LANES < transfer.aloneBytesPerNs) return link;
    }
    return NONE;
  }

  private wait(id: u32, transfer: Transfer, link: u32): void {
    if (transfer.stage != Stage.Waiting) this.addWaiting(transfer, <f64>transfer.bytes);
    transfer.stage = Stage.Waiting;
    transfer.line = link;
    transfer.behind = 0;
    const port = this.port(link);
    if (port.lineFirst == 0) port.lineFirst = id;
    else this.transfers.at(port.lineLast).behind = id;
    port.lineLast = id;
  }

  private addWaiting(transfer: Transfer, bytes: f64): void {
    for (let i: u32 = 0; i < transfer.hops; i++) this.port(linkOf(transfer, i)).waiting += bytes;
  }

  /** Takes its place on all links of its path. */
  private enter(id: u32, transfer: Transfer, nowNs: u64): void {
    if (transfer.stage == Stage.Waiting) this.addWaiting(transfer, -<f64>transfer.bytes);
    transfer.stage = Stage.Draining;
    transfer.countedNs = nowNs;
    transfer.eventNs = NEVER;
    transfer.endNs = nowNs;
    transfer.bytesPerNs = 0;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      const port = this.port(link);
      const hop = hopOf(id, i);
      this.setNext(hop, port.first);
      this.setPrior(hop, 0);
      if (port.first != 0) this.setPrior(port.first, hop);
      port.first = hop;
      if (port.crowd == 0) port.busyFromNs = nowNs;
      port.crowd++;
      port.carrying += <f64>transfer.bytes;
      this.noteChange(link, port);
    }
    this.fresh.push(id);
  }

  private noteChange(link: u32, port: Port): void {
    if (port.changed != 0) return;
    port.changed = 1;
    this.changed.push(link);
  }

  /** Gives its place on all links up. */
  private exit(id: u32, transfer: Transfer, nowNs: u64): void {
    this.settle(transfer, nowNs);
    const carried = <f64>transfer.bytes * transfer.factor - transfer.left;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      const port = this.port(link);
      this.record(link).carried += carried;
      const hop = hopOf(id, i);
      const next = this.next(hop);
      const prior = this.prior(hop);
      if (prior != 0) this.setNext(prior, next);
      else port.first = next;
      if (next != 0) this.setPrior(next, prior);
      port.crowd--;
      port.carrying -= <f64>transfer.bytes;
      if (port.crowd == 0) {
        this.record(link).busyNs += countedNs(port.busyFromNs, nowNs, this.header.warmupNs);
      }
      this.noteChange(link, port);
    }
    for (let i: u32 = 0; i < transfer.hops; i++) this.callLine(linkOf(transfer, i), nowNs);
  }

  /** Lets those in line at a link begin, as far as there is room. */
  private callLine(link: u32, nowNs: u64): void {
    const port = this.port(link);
    while (port.lineFirst != 0) {
      const id = port.lineFirst;
      const transfer = this.transfers.at(id);
      const full = this.fullLink(transfer, false);
      if (full == link) return;
      port.lineFirst = transfer.behind;
      if (full == NONE) this.enter(id, transfer, nowNs);
      else this.wait(id, transfer, full);
    }
  }

  /** Gives shares anew where the crowd has changed. */
  private reshare(nowNs: u64): void {
    for (let i = 0; i < this.changed.length; i++) {
      const port = this.port(unchecked(this.changed[i]));
      port.changed = 0;
      if (port.crowd == port.shared) continue;
      port.shared = port.crowd;
      for (let hop = port.first; hop != 0; hop = this.next(hop)) {
        this.renew(hop / PATH_MOST, nowNs);
      }
    }
    for (let i = 0; i < this.fresh.length; i++) this.renew(unchecked(this.fresh[i]), nowNs);
    this.changed.length = 0;
    this.fresh.length = 0;
  }

  /** An event that comes too early is put off when it comes; one that is too late is replaced. */
  private renew(id: u32, nowNs: u64): void {
    const transfer = this.transfers.at(id);
    const share = this.shareOf(transfer);
    if (share == transfer.bytesPerNs) return;
    this.settle(transfer, nowNs);
    transfer.bytesPerNs = share;
    transfer.endNs = nowNs + <u64>Math.ceil(transfer.left / share);
    if (transfer.endNs < transfer.eventNs) this.expectEnd(id, transfer);
  }

  /** Takes what has drained at its share since the last time off what is left. */
  private settle(transfer: Transfer, nowNs: u64): void {
    const fromNs = transfer.countedNs;
    const drained = min(transfer.left, transfer.bytesPerNs * <f64>(nowNs - fromNs));
    transfer.left -= drained;
    transfer.countedNs = nowNs;
    if (!this.samples.isOn || drained == 0) return;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const row = this.record(linkOf(transfer, i)).sampleRow;
      this.samples.add(row, fromNs, nowNs, drained);
    }
  }

  /** What is under way is counted when it has left: all of it, so what flowed is taken off now. */
  forget(nowNs: u64): void {
    super.forget(nowNs);
    for (let id = this.transfers.first; id != 0; id = this.transfers.at(id).after) {
      const transfer = this.transfers.at(id);
      if (transfer.stage != Stage.Draining) continue;
      const since = min(transfer.left, transfer.bytesPerNs * <f64>(nowNs - transfer.countedNs));
      const carried = <f64>transfer.bytes * transfer.factor - (transfer.left - since);
      for (let i: u32 = 0; i < transfer.hops; i++) {
        this.record(linkOf(transfer, i)).carried -= carried;
      }
    }
  }

  private expectEnd(id: u32, transfer: Transfer): void {
    transfer.eventNs = transfer.endNs;
    this.events.add(transfer.endNs, ServingEvent.Link, id, ++transfer.version);
  }

  private shareOf(transfer: Transfer): f64 {
    let share: f64 = Infinity;
    for (let i: u32 = 0; i < transfer.hops; i++) {
      const link = linkOf(transfer, i);
      share = min(share, this.speed(link) / <f64>this.port(link).crowd);
    }
    return share;
  }

  onEvent(id: u32, transfer: Transfer, nowNs: u64): bool {
    if (transfer.stage == Stage.Landing) return true;
    if (nowNs < transfer.endNs) {
      this.expectEnd(id, transfer);
      return false;
    }
    const tookNs = nowNs - transfer.startedNs;
    const aloneNs = this.aloneNs(transfer);
    this.count(transfer, tookNs > aloneNs ? tookNs - aloneNs : 0);
    transfer.stage = Stage.Landing;
    this.exit(id, transfer, nowNs);
    this.reshare(nowNs);
    if (transfer.latencyNs == 0) return true;
    this.events.add(nowNs + transfer.latencyNs, ServingEvent.Link, id, ++transfer.version);
    return false;
  }

  callOff(id: u32, transfer: Transfer, nowNs: u64): void {
    if (transfer.stage == Stage.Waiting) {
      this.leaveLine(id, transfer);
      this.callLine(transfer.line, nowNs);
    } else if (transfer.stage == Stage.Draining) {
      this.exit(id, transfer, nowNs);
    }
    this.reshare(nowNs);
  }

  private leaveLine(id: u32, transfer: Transfer): void {
    this.addWaiting(transfer, -<f64>transfer.bytes);
    const port = this.port(transfer.line);
    let before: u32 = 0;
    for (let other = port.lineFirst; other != id; other = this.transfers.at(other).behind) {
      before = other;
    }
    if (before == 0) port.lineFirst = transfer.behind;
    else this.transfers.at(before).behind = transfer.behind;
    if (port.lineLast == id) port.lineLast = before;
  }

  @inline private next(hop: u32): u32 {
    return load<u32>(this.hopAt(hop), offsetof<Transfer>("next0"));
  }

  @inline private setNext(hop: u32, other: u32): void {
    store<u32>(this.hopAt(hop), other, offsetof<Transfer>("next0"));
  }

  @inline private prior(hop: u32): u32 {
    return load<u32>(this.hopAt(hop), offsetof<Transfer>("prior0"));
  }

  @inline private setPrior(hop: u32, other: u32): void {
    store<u32>(this.hopAt(hop), other, offsetof<Transfer>("prior0"));
  }

  @inline private hopAt(hop: u32): usize {
    return changetype<usize>(this.transfers.at(hop / PATH_MOST)) + ((hop % PATH_MOST) << 2);
  }
}

/** A place in a transfer's path, as one number; 0 is none. */
@inline function hopOf(id: u32, place: u32): u32 {
  return id * PATH_MOST + place;
}
