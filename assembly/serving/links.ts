/**
 * Transfers over links. A transfer crosses a path of up to four links at once, cut through: the
 * slowest of them decides. Its latencies add up and follow the bytes. How links are shared is a
 * discipline: `first_come.ts` or `fair_share.ts`.
 */
import { Discipline, NONE } from "../abi_serving";
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { Random } from "../random";
import { FairShare } from "./fair_share";
import { FirstCome } from "./first_come";
import { ServingHeader } from "./layout";
import { Samples } from "./samples";
import { channelNs, Sharing } from "./sharing";
import { Cargo, crosses, PATH_MOST, Stage, Transfers } from "./transfers";

/** Told when transfers end or are lost. */
export abstract class Receiver {
  abstract onArrived(cargo: u32, subject: u32, nowNs: u64): void;
  /** A link of the path broke; nothing arrived. */
  abstract onLost(cargo: u32, subject: u32, nowNs: u64): void;
}

@final export class Links {
  receiver: Receiver | null = null;
  private readonly transfers: Transfers;
  private readonly sharing: Sharing;
  /** u8[links]: 1 for broken ones. */
  private readonly broken: usize;
  private readonly random: Random;
  private readonly sigma: f64;
  /** The path being asked for. */
  private path: StaticArray<u32> = new StaticArray<u32>(PATH_MOST);
  private hops: u32 = 0;

  constructor(private readonly header: ServingHeader, events: Events, samples: Samples) {
    const transfers = new Transfers();
    this.transfers = transfers;
    if (header.discipline == Discipline.FairShare) {
      this.sharing = new FairShare(header, events, transfers, samples);
    } else {
      this.sharing = new FirstCome(header, events, transfers, samples);
    }
    this.broken = take(header.links);
    this.random = new Random(header.seed, "links");
    this.sigma = Math.sqrt(Math.log(1 + header.jitterShape * header.jitterShape));
  }

  /** Whether nothing is on its way. */
  get areIdle(): bool {
    return this.transfers.first == 0;
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
    for (let i: u32 = 0; i < this.hops; i++) {
      ns += this.sharing.record(unchecked(this.path[i])).latencyNs;
    }
    return ns;
  }

  /** Nanoseconds that so many bytes take on the named path when nobody else uses it. */
  idleNs(bytes: f64): f64 {
    let ns: f64 = 0;
    let slowest = Infinity;
    for (let i: u32 = 0; i < this.hops; i++) {
      const record = this.sharing.record(unchecked(this.path[i]));
      ns += <f64>record.latencyNs;
      slowest = min(slowest, <f64>record.bytesPerSecond);
    }
    return ns + bytes * 1e9 / slowest;
  }

  /** Nanoseconds that so many bytes would take on the named path if they left now. */
  expectNs(bytes: u64, nowNs: u64): u64 {
    let ns: u64 = 0;
    for (let i: u32 = 0; i < this.hops; i++) {
      ns = max(ns, this.sharing.expectNs(unchecked(this.path[i]), bytes, nowNs));
    }
    return ns + this.latencyNs();
  }

  /** How much of that is owed to the bytes of others. */
  delayNs(bytes: u64, nowNs: u64): u64 {
    let ns: u64 = 0;
    for (let i: u32 = 0; i < this.hops; i++) {
      const link = unchecked(this.path[i]);
      const aloneNs = channelNs(bytes, this.sharing.record(link).bytesPerSecond);
      ns = max(ns, this.sharing.expectNs(link, bytes, nowNs) - aloneNs);
    }
    return ns;
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
    transfer.latencyNs = moreNs + this.latencyNs();
    for (let i: u32 = 0; i < this.hops; i++) {
      store<u32>(changetype<usize>(transfer) + (i << 2), unchecked(this.path[i]));
    }
    transfer.factor = this.drawFactor();
    this.sharing.begin(id, transfer, nowNs);
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

  /** An event of a transfer; `version` tells whether it still holds. */
  onEvent(id: u32, version: u32, nowNs: u64): void {
    const transfer = this.transfers.at(id);
    if (transfer.version != version || transfer.stage == Stage.Over) return;
    if (!this.sharing.onEvent(id, transfer, nowNs)) return;
    const cargo = transfer.cargo;
    const subject = transfer.subject;
    this.transfers.drop(id, transfer);
    this.receiver!.onArrived(cargo, subject, nowNs);
  }

  /**
   * A link breaks: what is on its way over it is lost. All of it stops at once, the newest first,
   * which gives its time back; then those who wait are told, the oldest first.
   */
  cut(link: u32, nowNs: u64): void {
    store<u8>(this.broken + link, 1);
    const lost: u32[] = [];
    for (let id = this.transfers.last; id != 0; id = this.transfers.at(id).before) {
      if (crosses(this.transfers.at(id), link)) lost.push(id);
    }
    for (let i = 0; i < lost.length; i++) this.stop(unchecked(lost[i]), nowNs);
    for (let i = lost.length - 1; i >= 0; i--) this.lose(unchecked(lost[i]), link, nowNs);
  }

  /** The warm-up is over: counts anew. */
  forget(nowNs: u64): void {
    this.sharing.forget(nowNs);
  }

  mend(link: u32): void {
    store<u8>(this.broken + link, 0);
  }

  /** The first transfer of a cargo after another one (or of all, after 0), or 0. */
  next(cargo: Cargo, after: u32): u32 {
    let id = after == 0 ? this.transfers.first : this.transfers.at(after).after;
    while (id != 0 && this.transfers.at(id).cargo != <u32>cargo) id = this.transfers.at(id).after;
    return id;
  }

  @inline subject(id: u32): u32 {
    return this.transfers.at(id).subject;
  }

  /** Calls off all transfers of a subject, the newest first; nobody is told. */
  callOff(cargo: Cargo, subject: u32, nowNs: u64): void {
    for (let id = this.transfers.last; id != 0;) {
      const transfer = this.transfers.at(id);
      const next = transfer.before;
      if (transfer.cargo == cargo && transfer.subject == subject) {
        this.stop(id, nowNs);
        this.transfers.drop(id, transfer);
      }
      id = next;
    }
  }

  /** Whoever was told of another may have called this one off. */
  private lose(id: u32, link: u32, nowNs: u64): void {
    const transfer = this.transfers.at(id);
    if (transfer.stage == Stage.Over || !crosses(transfer, link)) return;
    const cargo = transfer.cargo;
    const subject = transfer.subject;
    this.transfers.drop(id, transfer);
    this.receiver!.onLost(cargo, subject, nowNs);
  }

  private stop(id: u32, nowNs: u64): void {
    const transfer = this.transfers.at(id);
    if (transfer.stage == Stage.Stopped) return;
    this.sharing.callOff(id, transfer, nowNs);
    transfer.stage = Stage.Stopped;
  }
}
