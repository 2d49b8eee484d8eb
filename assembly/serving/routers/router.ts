/** A router names a replica for each request; it knows what its view shows, never the future. */
import { Role } from "../../abi_serving";
import { Random } from "../../random";
import { ServingHeader } from "../layout";
import { Replicas } from "../replicas";
import { Requests } from "../requests";

/** What routers may ask. */
@final export class Town {
  /** Replicas that take new requests: all of the role, broken ones among them. */
  readonly doors: StaticArray<u32>;

  constructor(
    readonly header: ServingHeader,
    readonly requests: Requests,
    readonly replicas: Replicas,
    readonly random: Random,
  ) {
    let count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role != Role.Decode) count++;
    }
    const doors = new StaticArray<u32>(count);
    count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role != Role.Decode) unchecked(doors[count++] = i);
    }
    this.doors = doors;
  }

  /** Whether any replica takes requests. */
  isAnyUp(): bool {
    for (let i = 0; i < this.doors.length; i++) {
      if (this.isUp(unchecked(this.doors[i]))) return true;
    }
    return false;
  }

  @inline isUp(replica: u32): bool {
    return this.replicas.state(replica).down == 0;
  }
}

export abstract class Router {
  constructor(readonly town: Town) {}

  @inline parameter(index: u32): f64 {
    const header = changetype<usize>(this.town.header);
    return load<f64>(header + offsetof<ServingHeader>("routerParameter0") + (index << 3));
  }

  /** The replica for a request, one that is up; at least one is. */
  abstract choose(request: u32, nowNs: u64): u32;

  /** The request has left the cluster. */
  onFinish(_request: u32, _nowNs: u64): void {}
}
