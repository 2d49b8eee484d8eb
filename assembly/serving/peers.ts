/**
 * Whose HBM a request reads from: that of the replica which holds the longest run of the blocks
 * that it lacks, and of several such the one whose path is expected to be the fastest. Those of its
 * island (NVLink) are asked first, all of them; where none has the next block, and the scenario
 * lets it, a few others over NICs.
 */
import { NONE, PeerReach } from "../abi_serving";
import { Holders } from "./holders";
import { ServingHeader } from "./layout";
import { Loans } from "./loans";
import { Paths } from "./paths";
import { Replicas } from "./replicas";
import { Requests } from "./requests";
import { Residents } from "./residents";

/** Most holders of a block that are looked at over NICs, and most of those that are compared. */
const SEEN_MOST: u32 = 64;
const COMPARED_MOST: u32 = 8;

@final export class Peers {
  /** The peer chosen last, how many blocks it lends, and how long the first is expected to take. */
  chosen: u32 = NONE;
  length: u32 = 0;
  firstNs: u64 = 0;
  /** The longest run so far, if holders of a block hold those before it. */
  private reach: u32 = 0;
  private holders: Holders | null = null;
  private readonly residents: Residents;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly paths: Paths,
    private readonly loans: Loans,
  ) {
    this.residents = replicas.residents;
  }

  @inline get areAsked(): bool {
    return this.header.peers != PeerReach.None;
  }

  /** Keeps track of who holds what, where holders beyond the island count. */
  watch(): void {
    if (this.header.peers <= <u32>PeerReach.Island) return;
    this.holders = new Holders(this.replicas.count, this.residents.listener);
    this.residents.listener = this.holders;
  }

  /** What `watch` counted and what residents did: equal, or the books do not balance. */
  get uncounted(): i32 {
    return this.holders == null ? 0 : this.residents.heard - this.holders!.held;
  }

  /**
   * Chooses a peer that has block `from` of the request, and blocks after it up to `end`; `false`
   * when there is none.
   *
   * @param asked u8[replicas], 1 for those that the request reads from already.
   */
  choose(request: u32, reader: u32, from: u32, end: u32, asked: usize, nowNs: u64): bool {
    this.chosen = NONE;
    this.reach = 0;
    let mate = this.replicas.record(reader).nextMate;
    for (; mate != reader; mate = this.replicas.record(mate).nextMate) {
      if (load<u8>(asked + mate) == 0) this.compare(mate, request, reader, from, end, nowNs);
    }
    if (this.chosen == NONE && this.holders != null) {
      this.search(request, reader, from, end, asked, nowNs);
    }
    if (this.chosen == NONE) return false;
    this.length = this.loans.length(this.chosen, request, from, end);
    return true;
  }

  private search(
    request: u32,
    reader: u32,
    from: u32,
    end: u32,
    asked: usize,
    nowNs: u64,
  ): void {
    const holders = this.holders!;
    const rack = this.replicas.record(reader).rack;
    const anyRack = this.header.peers == PeerReach.Cluster;
    let compared: u32 = 0;
    holders.walk(this.requests.blockAt(request, from), reader);
    for (let seen: u32 = 0; seen < SEEN_MOST && compared < COMPARED_MOST; seen++) {
      const peer = holders.next();
      if (peer == NONE) return;
      if (peer == reader || load<u8>(asked + peer) != 0) continue;
      if (!anyRack && this.replicas.record(peer).rack != rack) continue;
      this.compare(peer, request, reader, from, end, nowNs);
      compared++;
    }
  }

  /** Takes a replica where it is better than what was seen before. */
  private compare(
    peer: u32,
    request: u32,
    reader: u32,
    from: u32,
    end: u32,
    nowNs: u64,
  ): void {
    if (this.replicas.state(peer).down != 0) return;
    if (this.loans.length(peer, request, from, from + 1) == 0) return;
    const reach = this.reachOf(peer, request, from, end);
    if (reach < this.reach) return;
    const path = this.paths.between(peer, reader);
    if (!path.isWhole()) return;
    const firstNs = path.expectNs(this.header.blockBytes, nowNs);
    if (reach == this.reach && firstNs >= this.firstNs) return;
    this.chosen = peer;
    this.reach = reach;
    this.firstNs = firstNs;
  }

  /** Blocks from `from` on that a replica holds, by halving: tails are evicted first. */
  private reachOf(peer: u32, request: u32, from: u32, end: u32): u32 {
    let low = from + 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.residents.find(peer, this.requests.blockAt(request, middle)) != 0) low = middle + 1;
      else high = middle;
    }
    return low - from;
  }
}
