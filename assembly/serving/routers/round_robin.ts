/** Each replica in turn. */
import { Router } from "./router";

@final export class RoundRobin extends Router {
  private next: u32 = 0;

  choose(_request: u32, _nowNs: u64): u32 {
    const doors = this.town.doors;
    while (true) {
      const replica = unchecked(doors[this.next]);
      if (++this.next == <u32>doors.length) this.next = 0;
      if (this.town.isUp(replica)) return replica;
    }
  }
}
