/**
 * The whole cluster: one queue of events in order of (time, sequence), and who answers which.
 *
 * Requests arrive when the trace says, but a turn never before the one before it has ended.
 */
import { ErrorCode } from "../abi";
import { ServedState } from "../abi_served";
import { FaultKind, NONE, Role } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { Random } from "../random";
import { Blocks } from "./blocks";
import { Books } from "./books";
import { Decoders } from "./decoders";
import { Doors } from "./doors";
import { Faults } from "./faults";
import { Handovers } from "./handover";
import { Outcome } from "./hooks";
import { ServingHeader } from "./layout";
import { Links } from "./links";
import { ClusterLoads } from "./loads";
import { Evictions } from "./orders/registry";
import { Outages } from "./outages";
import { Paths } from "./paths";
import { Planner } from "./planner";
import { Post } from "./post";
import { Prompts } from "./prompts";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";
import { Router, Town } from "./routers/router";
import { routers } from "./routers/registry";
import { Samples } from "./samples";
import { Scheduler } from "./scheduler";
import { ServingEvent } from "./serving_event";
import { StepLog } from "./step_log";
import { Stretches } from "./stretches";
import { ClusterStores } from "./stores";
import { makeTimes } from "./step";
import { Turns } from "./turns";
import { View } from "./view";
import { Warmup } from "./warmup";

@final export class Cluster extends Outcome {
  readonly events: Events;
  readonly requests: Requests;
  readonly replicas: Replicas;
  readonly blocks: Blocks;
  readonly planner: Planner;
  readonly scheduler: Scheduler;
  readonly log: StepLog;
  readonly router: Router;
  readonly links: Links;
  readonly samples: Samples;
  readonly handovers: Handovers;
  readonly books: Books;
  private readonly town: Town;
  private readonly doors: Doors;
  private readonly outages: Outages;
  private readonly faults: Faults;
  private readonly turns: Turns;
  private readonly warmup: Warmup;
  /** What the books said, where they did not balance. */
  code: ErrorCode = ErrorCode.None;
  happened: u64 = 0;
  finished: u64 = 0;
  refused: u64 = 0;
  nowNs: u64 = 0;
  /** The next request of the trace that has not arrived. */
  private next: u32 = 0;
  /** Placed requests that no replica is up for. */
  private readonly homeless: u32[] = [];

  constructor(readonly header: ServingHeader) {
    super();
    const requests = new Requests(header);
    const prompts = new Prompts(header);
    const rules = new Evictions(header, prompts);
    const samples = new Samples(header);
    const replicas = new Replicas(header, requests, rules.ofReplicas(), samples);
    const blocks = new Blocks(requests, replicas, replicas.residents);
    const times = makeTimes(header);
    const planner = new Planner(requests, replicas, blocks, times, rules.letIn);
    const log = new StepLog(header);
    const events = new Events();
    const links = new Links(header, events, samples);
    const scheduler = new Scheduler(
      requests,
      replicas,
      blocks,
      planner,
      new Stretches(requests, replicas, blocks, planner, times),
      events,
      log,
    );
    const paths = new Paths(header, replicas, links);
    const stores = new ClusterStores(header, requests, replicas, links, paths, rules.ofStores());
    const loads = new ClusterLoads(
      header,
      requests,
      replicas,
      blocks,
      events,
      links,
      paths,
      times,
      stores,
    );
    const view = new View(header, events, prompts, replicas, replicas.residents, stores.held);
    const random = new Random(header.seed, "router");
    const town = new Town(header, prompts, replicas, view, times, random, paths);
    const decoders = new Decoders(header, requests, replicas, blocks, paths);
    this.requests = requests;
    this.replicas = replicas;
    this.blocks = blocks;
    this.planner = planner;
    this.log = log;
    this.events = events;
    this.town = town;
    this.doors = new Doors(requests, replicas, decoders, town);
    this.router = routers[header.router].make(town);
    // After the view of the router, which it passes its news on to.
    loads.peers.watch();
    this.scheduler = scheduler;
    this.links = links;
    this.samples = samples;
    const handovers = new Handovers(header, requests, replicas, blocks, links, scheduler, decoders);
    this.handovers = handovers;
    this.faults = new Faults(header, events);
    this.turns = new Turns(requests);
    this.warmup = new Warmup(header, replicas, blocks, planner, scheduler, links, handovers);
    this.outages = new Outages(requests, replicas, blocks, scheduler, loads, handovers, town);
    this.books = new Books(header, requests, replicas, loads, view, events);
    blocks.stores = stores;
    planner.loads = loads;
    planner.promises = handovers;
    loads.loans.promises = handovers;
    scheduler.outcome = this;
    links.receiver = new Post(loads, handovers, scheduler, requests);
    this.expectNext();
  }

  /** Handles so many events at most; `false` when nothing is left to happen. */
  advance(count: u32): bool {
    for (let i: u32 = 0; i < count; i++) {
      if (this.events.length == 0) return false;
      this.events.take();
      // What breaks after the end breaks nothing, and does not put the end off.
      if (this.events.kind == ServingEvent.Fault && this.isOver()) continue;
      this.nowNs = this.events.timeNs;
      if (this.nowNs >= this.warmup.untilNs) this.warmup.end();
      this.happened++;
      this.handle(this.events.kind, this.events.subject, this.events.detail);
      if (this.header.checkBooks == 0) continue;
      this.code = this.books.check();
      if (this.code != ErrorCode.None) return false;
    }
    return this.events.length > 0;
  }

  private isOver(): bool {
    return this.finished + this.refused == this.requests.count && this.links.areIdle;
  }

  private handle(kind: u32, subject: u32, detail: u32): void {
    if (kind == ServingEvent.Step) {
      if (this.replicas.state(subject).version != detail) return;
      // Who comes as a step ends is there for the next one.
      this.arriveAll();
      this.scheduler.end(subject, this.nowNs);
    } else if (kind == ServingEvent.Arrival) {
      this.arriveAll();
      if (detail == AFTER_TURN) this.arrive(subject);
      else this.expectNext();
    } else if (kind == ServingEvent.Link) {
      this.links.onEvent(subject, detail, this.nowNs);
    } else if (kind == ServingEvent.Fault) {
      this.fault(subject);
    } else {
      this.handovers.onRoom(subject, this.nowNs);
      this.scheduler.wake(subject, this.nowNs);
    }
  }

  private fault(index: u32): void {
    const fault = this.faults.at(index);
    if (fault.kind == FaultKind.ReplicaDown) this.outages.break(fault.subject, this.nowNs);
    else if (fault.kind == FaultKind.ReplicaUp) this.mendReplica(fault.subject);
    else if (fault.kind == FaultKind.LinkDown) this.links.cut(fault.subject, this.nowNs);
    else if (fault.kind == FaultKind.StoreLost) this.outages.empty(fault.subject, this.nowNs);
    else {
      this.links.mend(fault.subject);
      this.handovers.retry(this.nowNs);
    }
    // All of a node breaks before anybody is placed: not where it breaks next.
    if (!this.faults.isLastOfInstant(index)) return;
    const orphans = this.outages.orphans;
    while (orphans.length > 0) this.place(orphans.shift());
  }

  /** The next request of the trace is on its way; only one is in the queue of events at a time. */
  private expectNext(): void {
    if (this.next == this.requests.count) return;
    const arrivalNs = this.requests.arrivalNs(this.next);
    this.events.add(arrivalNs, ServingEvent.Arrival, this.next, FROM_TRACE);
  }

  /** All that the trace lets come by now, before any of them is looked at. */
  private arriveAll(): void {
    if (this.next == this.requests.count) return;
    if (this.requests.arrivalNs(this.next) > this.nowNs) return;
    this.scheduler.defer();
    do this.arrive(this.next++);
    while (this.next < this.requests.count && this.requests.arrivalNs(this.next) <= this.nowNs);
    this.scheduler.beginDeferred(this.nowNs);
  }

  private arrive(request: u32): void {
    if (this.turns.mustWait(request)) return;
    const earliest = this.turns.earliestNs(request);
    if (earliest > this.nowNs) {
      this.events.add(earliest, ServingEvent.Arrival, request, AFTER_TURN);
      return;
    }
    this.requests.served(request).arrivalNs = this.nowNs;
    this.place(request);
  }

  /** Routes a request, or refuses it when its KV could never be held. */
  place(request: u32): void {
    if (!this.town.isAnyUp()) {
      this.homeless.push(request);
      return;
    }
    this.town.view.catchUp();
    let replica = this.router.choose(request, this.nowNs);
    assert(this.town.isUp(replica), "a router chose a broken replica");
    assert(this.replicas.record(replica).role != Role.Decode, "a router chose a decoder");
    replica = this.doors.roomy(request, replica);
    if (replica == NONE) return this.refuse(request);
    this.router.send(request, replica);
    if (this.replicas.record(replica).role == Role.Prefill) {
      this.handovers.onPlaced(request, replica, this.nowNs);
    }
    this.scheduler.submit(request, replica, this.nowNs);
  }

  private refuse(request: u32): void {
    this.refused++;
    this.requests.served(request).state = ServedState.Refused;
    this.requests.state(request).phase = Phase.Done;
    this.callFollower(request);
  }

  onPrompt(request: u32, replica: u32, nowNs: u64): void {
    this.handovers.onPrompt(request, replica, nowNs);
  }

  onFinish(request: u32, _replica: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    // Its answer was one token: what a decoder kept for it is free.
    if (entry.decoder != NONE) this.handovers.release(request, nowNs);
    this.finished++;
    this.town.onFinish(request, nowNs);
    this.callFollower(request);
  }

  onFirstToken(request: u32, nowNs: u64): void {
    this.town.ledger.onFirstToken(request, nowNs);
  }

  onShown(replica: u32): void {
    this.town.view.show(replica);
  }

  onLoad(replica: u32, nowNs: u64): void {
    this.handovers.onRoom(replica, nowNs);
  }

  onChunk(request: u32, replica: u32, nowNs: u64, stepNs: u64): void {
    this.handovers.onChunk(request, replica, nowNs, stepNs);
  }

  /** The turn that waited for this one may come, after its thinking time. */
  private callFollower(request: u32): void {
    const follower = this.requests.state(request).follower;
    if (follower == NONE) return;
    const earliest = max(this.nowNs, this.turns.earliestNs(follower));
    this.events.add(earliest, ServingEvent.Arrival, follower, AFTER_TURN);
  }

  private mendReplica(replica: u32): void {
    this.replicas.state(replica).down = 0;
    while (this.homeless.length > 0 && this.town.isAnyUp()) this.place(this.homeless.shift());
    this.handovers.retry(this.nowNs);
  }
}

/** Why a request arrives: the trace says so, or the turn before it has ended. */
const FROM_TRACE: u32 = 0;
const AFTER_TURN: u32 = 1;
