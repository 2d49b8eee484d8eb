/** Which replicas a request fits in at all. */
import { NONE, Role } from "../abi_serving";
import { Decoders } from "./decoders";
import { Replicas } from "./replicas";
import { Requests } from "./requests";
import { Town } from "./routers/router";

@final export class Doors {
  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly decoders: Decoders,
    private readonly town: Town,
  ) {}

  /** The replica that was chosen; or the first that is up and large enough; or NONE. */
  roomy(request: u32, chosen: u32): u32 {
    if (this.fits(request, chosen)) return chosen;
    for (let i = 0; i < this.town.doors.length; i++) {
      const replica = unchecked(this.town.doors[i]);
      if (this.town.isUp(replica) && this.fits(request, replica)) return replica;
    }
    return NONE;
  }

  /** Whether the KV of a request could ever be held where it would go. */
  private fits(request: u32, replica: u32): bool {
    const record = this.replicas.record(replica);
    const most = this.requests.mostBlocks(request);
    if (record.role == Role.Unified) return most <= record.blocks;
    return this.requests.blocksFor(this.requests.known(request)) <= record.blocks &&
      most <= this.decoders.mostBlocks;
  }
}
