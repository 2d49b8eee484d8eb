/** Turns of a session: each comes when the one before it has ended, and after its thinking time. */
import { ServedState } from "../abi_served";
import { NONE } from "../abi_serving";
import { Phase, Requests } from "./requests";

@final export class Turns {
  constructor(private readonly requests: Requests) {}

  /** Whether the turn before a request goes on; the request is its follower then. */
  mustWait(request: u32): bool {
    const previous = this.requests.previous(request);
    if (previous == NONE || this.requests.state(previous).phase == Phase.Done) return false;
    this.requests.state(previous).follower = request;
    return true;
  }

  /** When a request may come at the earliest, as the turn before it has ended. */
  earliestNs(request: u32): u64 {
    const previous = this.requests.previous(request);
    if (previous == NONE) return 0;
    const served = this.requests.served(previous);
    if (served.state != ServedState.Finished) return 0;
    return served.finishNs + this.requests.thinkNs(request);
  }
}
