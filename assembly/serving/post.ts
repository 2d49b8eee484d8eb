/** Brings what links carried to those who wait for it. */
import { Handovers } from "./handover";
import { Receiver } from "./links";
import { Requests } from "./requests";
import { Scheduler } from "./scheduler";
import { ClusterStores } from "./stores";
import { Cargo } from "./transfers";

@final export class Post extends Receiver {
  constructor(
    private readonly stores: ClusterStores,
    private readonly handovers: Handovers,
    private readonly scheduler: Scheduler,
    private readonly requests: Requests,
  ) {
    super();
  }

  onArrived(cargo: u32, subject: u32, nowNs: u64): void {
    if (cargo == Cargo.Write) {
      this.stores.stored(subject, nowNs);
    } else if (cargo == Cargo.Handover) {
      this.handovers.arrived(subject, nowNs);
    } else if (this.stores.arrived(subject)) {
      this.scheduler.loaded(subject, this.requests.state(subject).replica, nowNs);
    }
  }

  onLost(cargo: u32, subject: u32, nowNs: u64): void {
    if (cargo == Cargo.Write) {
      this.stores.dropWrite(subject);
    } else if (cargo == Cargo.Handover) {
      this.handovers.lost(subject, nowNs);
    } else {
      this.stores.lost(subject, nowNs);
      this.scheduler.loadFailed(subject, this.requests.state(subject).replica, nowNs);
    }
  }
}
