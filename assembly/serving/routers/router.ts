/** A router names a replica for each request; it knows what its view shows, never the future. */
import { REPLICA_BYTES, Role } from "../../abi_serving";
import { Random } from "../../random";
import { ReplicaRecord, ServingHeader } from "../layout";
import { Paths } from "../paths";
import { Prompts } from "../prompts";
import { Replicas } from "../replicas";
import { StepTime } from "../step";
import { View } from "../view";
import { Ledger } from "./ledger";

/** What routers may ask. */
@final export class Town {
  /** Replicas that take new requests: all of the role, broken ones among them. */
  readonly doors: StaticArray<u32>;
  /** What this router sent, and what became of it. */
  readonly ledger: Ledger;

  constructor(
    readonly header: ServingHeader,
    readonly prompts: Prompts,
    private readonly replicas: Replicas,
    readonly view: View,
    private readonly times: StaticArray<StepTime>,
    readonly random: Random,
    /** For times of links as they are built; who uses them now is not known here. */
    readonly paths: Paths,
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
    this.ledger = new Ledger(prompts, replicas);
  }

  /** A parameter of the router, in the order that the registry declares. */
  @inline parameter(index: u32): f64 {
    const header = changetype<usize>(this.header);
    return load<f64>(header + offsetof<ServingHeader>("routerParameter0") + (index << 3));
  }

  /** Whether any replica takes requests. */
  isAnyUp(): bool {
    for (let i = 0; i < this.doors.length; i++) {
      if (this.isUp(unchecked(this.doors[i]))) return true;
    }
    return false;
  }

  /** Health is checked apart from load: it is known at once. */
  @inline isUp(replica: u32): bool {
    return this.replicas.state(replica).down == 0;
  }

  /** How a replica is built. */
  @inline record(replica: u32): ReplicaRecord {
    return changetype<ReplicaRecord>(this.header.replicaRecords + <usize>replica * REPLICA_BYTES);
  }

  /** Its step time, as it was calibrated. */
  @inline time(replica: u32): StepTime {
    return unchecked(this.times[this.record(replica).stepModel]);
  }

  /** A door that is up, each as likely; at least one is. */
  randomDoor(): u32 {
    const count = <u32>this.doors.length;
    for (let i = 0; i < 16; i++) {
      const replica = unchecked(this.doors[this.random.below(count)]);
      if (this.isUp(replica)) return replica;
    }
    return this.nextUp(this.random.below(count));
  }

  /** The first door from `start` on, around, that is up; at least one is. */
  nextUp(start: u32): u32 {
    let at = start;
    while (!this.isUp(unchecked(this.doors[at]))) {
      if (++at == <u32>this.doors.length) at = 0;
    }
    return unchecked(this.doors[at]);
  }

  onFinish(request: u32, nowNs: u64): void {
    this.ledger.onFinish(request, nowNs);
    this.view.onFinish(request);
  }

  /** The replica of a request broke: it will be routed anew. */
  onLost(request: u32): void {
    this.ledger.onLost(request);
    this.view.onLost(request);
  }
}

export abstract class Router {
  constructor(readonly town: Town) {}

  /** The replica for a request, one that is up; at least one is. */
  abstract choose(request: u32, nowNs: u64): u32;

  /** Leading blocks of the prompt that the router takes a replica to hold. */
  depth(_request: u32, _replica: u32): u32 {
    return 0;
  }

  /** Books a request that leaves for the replica chosen. */
  send(request: u32, replica: u32): void {
    const depth = this.depth(request, replica);
    const tokens = this.town.prompts.missing(request, depth);
    this.town.ledger.onRouted(request, replica, tokens);
    this.town.view.onRouted(request, replica, depth, tokens);
  }
}
