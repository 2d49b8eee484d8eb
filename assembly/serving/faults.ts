/** What breaks and is mended, and when. */
import { FAULT_BYTES } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { ServingHeader } from "./layout";
import { FaultRecord } from "./layout_links";
import { ServingEvent } from "./serving_event";

@final export class Faults {
  constructor(private readonly header: ServingHeader, events: Events) {
    for (let i: u32 = 0; i < header.faults; i++) {
      events.add(this.at(i).timeNs, ServingEvent.Fault, i, 0);
    }
  }

  @inline at(index: u32): FaultRecord {
    return changetype<FaultRecord>(this.header.faultRecords + <usize>index * FAULT_BYTES);
  }

  @inline isLastOfInstant(index: u32): bool {
    const next = index + 1;
    return next == this.header.faults || this.at(next).timeNs > this.at(index).timeNs;
  }
}
