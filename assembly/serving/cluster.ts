/**
 * The whole cluster: one queue of events in order of (time, sequence), and who answers which.
 *
 * Requests arrive when the trace says, but a turn never before the one before it has ended.
 */
import { NONE, ServedState } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { Random } from "../random";
import { Blocks } from "./blocks";
import { Outcome } from "./hooks";
import { Intervals } from "./intervals";
import { ServingHeader, StepModelRecord } from "./layout";
import { STEP_MODEL_BYTES } from "../abi_serving";
import { Planner } from "./planner";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";
import { Residents } from "./residents";
import { Router, Town } from "./routers/router";
import { routers } from "./routers/registry";
import { Scheduler } from "./scheduler";
import { ServingEvent } from "./serving_event";
import { StepLog } from "./step_log";
import { StepTime } from "./step";

@final export class Cluster extends Outcome {
  readonly events: Events;
  readonly requests: Requests;
  readonly residents: Residents;
  readonly replicas: Replicas;
  readonly blocks: Blocks;
  readonly planner: Planner;
  readonly scheduler: Scheduler;
  readonly intervals: Intervals;
  readonly log: StepLog;
  readonly router: Router;
  private readonly town: Town;
  happened: u64 = 0;
  finished: u64 = 0;
  refused: u64 = 0;
  nowNs: u64 = 0;
  /** The next request of the trace that has not arrived. */
  private next: u32 = 0;

  constructor(readonly header: ServingHeader) {
    super();
    const requests = new Requests(header);
    const residents = new Residents(header.replicas);
    const replicas = new Replicas(header, requests, residents);
    const blocks = new Blocks(requests, replicas, residents);
    const planner = new Planner(requests, replicas, blocks);
    const log = new StepLog(header);
    const events = new Events();
    const intervals = new Intervals();
    const times = makeTimes(header, replicas);
    const town = new Town(header, requests, replicas, new Random(header.seed, "router"));
    this.requests = requests;
    this.residents = residents;
    this.replicas = replicas;
    this.blocks = blocks;
    this.planner = planner;
    this.log = log;
    this.events = events;
    this.intervals = intervals;
    this.town = town;
    this.router = routers[header.router].make(town);
    this.scheduler = new Scheduler(
      requests,
      replicas,
      blocks,
      planner,
      times,
      events,
      intervals,
      log,
    );
    this.scheduler.outcome = this;
    this.expectNext();
  }

  /** Handles so many events at most; `false` when nothing is left to happen. */
  advance(count: u32): bool {
    for (let i: u32 = 0; i < count; i++) {
      if (this.events.length == 0) return false;
      this.events.take();
      this.nowNs = this.events.timeNs;
      this.happened++;
      this.handle(this.events.kind, this.events.subject, this.events.detail);
    }
    return this.events.length > 0;
  }

  private handle(kind: u32, subject: u32, detail: u32): void {
    if (kind == ServingEvent.Step) {
      if (this.replicas.state(subject).version == detail) this.scheduler.end(subject, this.nowNs);
    } else if (kind == ServingEvent.Arrival) {
      if (subject == this.next) this.expectNext();
      this.arrive(subject);
    }
  }

  /** The next request of the trace is on its way; only one is in the queue of events at a time. */
  private expectNext(): void {
    if (this.happened > 0) this.next++;
    if (this.next == this.requests.count) return;
    this.events.add(this.requests.arrivalNs(this.next), ServingEvent.Arrival, this.next, 0);
  }

  private arrive(request: u32): void {
    const previous = this.requests.previous(request);
    if (previous != NONE && this.requests.state(previous).phase != Phase.Done) {
      this.requests.state(previous).follower = request;
      return;
    }
    const earliest = this.afterPrevious(request, previous);
    if (earliest > this.nowNs) {
      this.events.add(earliest, ServingEvent.Arrival, request, 0);
      return;
    }
    this.requests.served(request).arrivalNs = this.nowNs;
    this.place(request);
  }

  private afterPrevious(request: u32, previous: u32): u64 {
    if (previous == NONE) return 0;
    const served = this.requests.served(previous);
    if (served.state != ServedState.Finished) return 0;
    return served.finishNs + this.requests.thinkNs(request);
  }

  /** Routes a request, or refuses it when no replica could ever hold its KV. */
  private place(request: u32): void {
    const replica = this.router.choose(request, this.nowNs);
    if (this.requests.mostBlocks(request) > this.replicas.record(replica).blocks) {
      this.refuse(request);
      return;
    }
    this.scheduler.submit(request, replica, this.nowNs);
  }

  private refuse(request: u32): void {
    this.refused++;
    this.requests.served(request).state = ServedState.Refused;
    this.requests.state(request).phase = Phase.Done;
    this.callFollower(request);
  }

  onFinish(request: u32, _replica: u32, nowNs: u64): void {
    this.finished++;
    this.router.onFinish(request, nowNs);
    this.callFollower(request);
  }

  /** The turn that waited for this one may come, after its thinking time. */
  private callFollower(request: u32): void {
    const follower = this.requests.state(request).follower;
    if (follower == NONE) return;
    const earliest = max(this.nowNs, this.afterPrevious(follower, request));
    this.events.add(earliest, ServingEvent.Arrival, follower, 0);
  }
}

function makeTimes(header: ServingHeader, replicas: Replicas): StaticArray<StepTime> {
  let most: u32 = 1;
  for (let i: u32 = 0; i < header.replicas; i++) {
    const record = replicas.record(i);
    most = max(most, max(record.tokenBudget, record.maxSequences));
    if ((record.flags & 2) == 0) most = max(most, record.blocks * header.blockTokens);
  }
  const times = new StaticArray<StepTime>(header.stepModels);
  for (let i: u32 = 0; i < header.stepModels; i++) {
    const record = changetype<StepModelRecord>(header.stepModelRecords + i * STEP_MODEL_BYTES);
    unchecked(times[i] = new StepTime(record, most));
  }
  return times;
}
