/** What a replica's breakdown does to the requests that it had. */
import { NONE } from "../abi_serving";
import { Blocks } from "./blocks";
import { Handovers } from "./handover";
import { ReplicaState, Replicas } from "./replicas";
import { NOT_YET, Phase, Requests } from "./requests";
import { Residents } from "./residents";
import { Scheduler } from "./scheduler";
import { ClusterStores } from "./stores";

@final export class Breakdown {
  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly residents: Residents,
    private readonly blocks: Blocks,
    private readonly stores: ClusterStores,
    private readonly handovers: Handovers,
    private readonly scheduler: Scheduler,
  ) {}

  /** Breaks a replica that is up; gives the requests to place anew. */
  happen(replica: u32, nowNs: u64): u32[] {
    const state = this.replicas.state(replica);
    const orphans: u32[] = [];
    this.scheduler.break(replica, nowNs, orphans);
    while (state.awayFirst != NONE) {
      const request = state.awayFirst;
      this.replicas.comeBack(replica, request);
      if (this.requests.state(request).phase == Phase.Loading) this.endLoad(request, state, nowNs);
      orphans.push(request);
    }
    for (let i = 0; i < orphans.length; i++) this.release(unchecked(orphans[i]), replica, nowNs);
    this.handovers.onBroken(replica, nowNs);
    this.residents.clear(replica);
    return orphans;
  }

  private endLoad(request: u32, state: ReplicaState, nowNs: u64): void {
    const served = this.requests.served(request);
    this.stores.lost(request, nowNs);
    state.loading--;
    if (served.scheduledNs == NOT_YET) served.loadEndNs = nowNs;
  }

  private release(request: u32, replica: u32, nowNs: u64): void {
    this.handovers.release(request, nowNs);
    this.requests.state(request).phase = Phase.Coming;
    this.blocks.release(request, replica);
    this.requests.forgetLoad(request);
    this.requests.served(request).retries++;
  }
}
