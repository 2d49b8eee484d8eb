/**
 * A replica breaks: its KV is lost, and all its requests begin anew, with the tokens they have. A
 * store breaks: what it holds is lost. Who was reading from either reads elsewhere, or computes.
 */
import { NONE } from "../abi_serving";
import { Blocks } from "./blocks";
import { Handovers } from "./handover";
import { ClusterLoads } from "./loads";
import { Replicas, ReplicaState } from "./replicas";
import { NOT_YET, Phase, Requests } from "./requests";
import { Town } from "./routers/router";
import { Scheduler } from "./scheduler";

@final export class Outages {
  /** Requests whose replica broke: they are to be placed anew. */
  readonly orphans: u32[] = [];

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly scheduler: Scheduler,
    private readonly loads: ClusterLoads,
    private readonly handovers: Handovers,
    private readonly town: Town,
  ) {}

  /** Adds the requests that the replica had to `orphans`. */
  break(replica: u32, nowNs: u64): void {
    const orphans = this.orphans;
    const state = this.replicas.state(replica);
    if (state.down != 0) return;
    const first = orphans.length;
    this.scheduler.break(replica, nowNs, orphans);
    while (state.awayFirst != NONE) {
      const request = state.awayFirst;
      this.replicas.comeBack(replica, request);
      if (this.requests.state(request).phase == Phase.Loading) this.endLoad(request, state, nowNs);
      orphans.push(request);
    }
    for (let i = first; i < orphans.length; i++) {
      this.release(unchecked(orphans[i]), replica, nowNs);
    }
    this.handovers.onBroken(replica, nowNs);
    this.endReads(replica, nowNs);
    this.replicas.residents.clear(replica);
  }

  /** A store breaks, and is there again at once, empty. */
  empty(store: u32, nowNs: u64): void {
    this.loads.stores.lose(store, nowNs);
    this.endReads(this.replicas.count + store, nowNs);
  }

  /** Nothing can be read from a source any more. */
  private endReads(source: u32, nowNs: u64): void {
    const reads = this.loads.reads;
    while (reads.firstFrom(source) != 0) {
      const request = reads.at(reads.firstFrom(source)).request;
      this.loads.lost(request, nowNs);
      this.scheduler.loadFailed(request, this.requests.state(request).replica, nowNs);
    }
  }

  private endLoad(request: u32, state: ReplicaState, nowNs: u64): void {
    const served = this.requests.served(request);
    this.loads.lost(request, nowNs);
    state.loading--;
    if (served.scheduledNs == NOT_YET) served.loadEndNs = nowNs;
  }

  private release(request: u32, replica: u32, nowNs: u64): void {
    this.handovers.release(request, nowNs);
    this.requests.state(request).phase = Phase.Coming;
    this.town.onLost(request);
    this.blocks.release(request, replica);
    this.requests.forgetLoad(request);
    this.requests.served(request).retries++;
  }
}
