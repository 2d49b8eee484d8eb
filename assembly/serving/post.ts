/** Brings what links carried to those who wait for it. */
import { Handovers } from "./handover";
import { Receiver } from "./links";
import { ClusterLoads } from "./loads";
import { Requests } from "./requests";
import { Scheduler } from "./scheduler";
import { Cargo } from "./transfers";

@final export class Post extends Receiver {
  constructor(
    private readonly loads: ClusterLoads,
    private readonly handovers: Handovers,
    private readonly scheduler: Scheduler,
    private readonly requests: Requests,
  ) {
    super();
  }

  onArrived(cargo: u32, subject: u32, nowNs: u64): void {
    if (cargo == Cargo.Write) {
      this.loads.stores.stored(subject, nowNs);
    } else if (cargo == Cargo.Handover) {
      this.handovers.arrived(subject, nowNs);
    } else {
      const request = this.loads.request(subject);
      if (!this.loads.arrived(subject, nowNs)) return;
      this.scheduler.loaded(request, this.requests.state(request).replica, nowNs);
    }
  }

  onLost(cargo: u32, subject: u32, nowNs: u64): void {
    if (cargo == Cargo.Write) {
      this.loads.stores.dropWrite(subject);
    } else if (cargo == Cargo.Handover) {
      this.handovers.lost(subject, nowNs);
    } else {
      const request = this.loads.request(subject);
      this.loads.lost(request, nowNs);
      this.scheduler.loadFailed(request, this.requests.state(request).replica, nowNs);
    }
  }
}
