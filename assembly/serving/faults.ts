/** What breaks and is mended, and when. */
import { FAULT_BYTES, FaultKind } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { Cluster } from "./cluster";
import { ServingHeader } from "./layout";
import { FaultRecord } from "./layout_links";
import { ServingEvent } from "./serving_event";

@final export class Faults {
  constructor(private readonly header: ServingHeader, events: Events) {
    for (let i: u32 = 0; i < header.faults; i++) {
      events.add(this.record(i).timeNs, ServingEvent.Fault, i, 0);
    }
  }

  @inline private record(index: u32): FaultRecord {
    return changetype<FaultRecord>(this.header.faultRecords + <usize>index * FAULT_BYTES);
  }

  happen(index: u32, cluster: Cluster): void {
    const fault = this.record(index);
    if (fault.kind == FaultKind.ReplicaDown) cluster.breakReplica(fault.subject);
    else if (fault.kind == FaultKind.ReplicaUp) cluster.mendReplica(fault.subject);
    else if (fault.kind == FaultKind.LinkDown) cluster.links.cut(fault.subject, cluster.nowNs);
    else {
      cluster.links.mend(fault.subject, cluster.nowNs);
      cluster.handovers.retry(cluster.nowNs);
    }
  }
}
