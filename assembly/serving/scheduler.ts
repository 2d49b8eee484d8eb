/**
 * One engine's scheduler: continuous batching with a token budget, chunked prefill, a prefix cache,
 * and preemption by recompute, as vLLM's V1 engine does it.
 *
 * A step takes its sequences at its beginning (`planner.ts`). KV exists, and tokens are out, at its
 * end. Steps that are alike are run as one stretch (`stretches.ts`); when somebody comes who may be
 * let in, it ends with the step that is under way.
 */
import { ServedState } from "../abi_served";
import { NONE, Role } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { Blocks, Origin } from "./blocks";
import { Outcome } from "./hooks";
import { Intervals } from "./intervals";
import { Planner } from "./planner";
import { Replicas } from "./replicas";
import { NOT_YET, Phase, Requests } from "./requests";
import { StepLog } from "./step_log";
import { ServingEvent } from "./serving_event";
import { Stretches } from "./stretches";

@final export class Scheduler {
  steps: u64 = 0;
  readonly intervals: Intervals = new Intervals();
  outcome: Outcome = new Outcome();
  /** Whether the outcome wants to hear of chunks. */
  tellsChunks: bool = false;
  private deferring: bool = false;
  private readonly deferred: u32[] = [];

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly planner: Planner,
    private readonly stretches: Stretches,
    private readonly events: Events,
    private readonly log: StepLog,
  ) {}

  /** A request joins the queue of a replica. */
  submit(request: u32, replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    const entry = this.requests.state(request);
    entry.replica = replica;
    entry.phase = Phase.Waiting;
    const wasEmpty = state.waiting == 0;
    this.replicas.enqueue(replica, request, false);
    if (state.stepping == 0 && !this.deferring) return this.begin(replica, nowNs);
    if (state.stepping == 0) this.deferred.push(replica);
    else if (wasEmpty) this.shorten(replica, nowNs);
    this.outcome.onShown(replica);
  }

  /** Several requests come at one instant: idle replicas wait for the last of them. */
  defer(): void {
    this.deferring = true;
  }

  beginDeferred(nowNs: u64): void {
    this.deferring = false;
    for (let i = 0; i < this.deferred.length; i++) {
      const replica = unchecked(this.deferred[i]);
      if (this.replicas.state(replica).stepping == 0) this.begin(replica, nowNs);
    }
    this.deferred.length = 0;
  }

  /** Begins the next step of a replica that is between steps, if there is anything to do. */
  begin(replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    if (state.down != 0) return;
    this.replicas.tally(replica, nowNs);
    this.planner.plan(replica, nowNs);
    while (this.planner.sequences == 0 && state.waiting > 0) {
      // The only running sequence gave its blocks back: with them, the queue can go on. Else
      // nobody runs, loads or borrows, and whoever was promised blocks or waits with some gives
      // them up.
      const may = this.planner.disturbed || (state.loading + state.loans == 0 &&
        (this.planner.promises.revoke(replica, nowNs) ||
          this.planner.stripLast(replica, state.waitingFirst)));
      if (!may) break;
      this.planner.plan(replica, nowNs);
    }
    state.promptTokens = this.planner.lacking;
    if (this.planner.sequences > 0) this.start(replica, nowNs);
    this.outcome.onShown(replica);
  }

  /** What a request was loading will not come: it computes instead. */
  loadFailed(request: u32, replica: u32, nowNs: u64): void {
    const served = this.requests.served(request);
    this.replicas.tally(replica, nowNs);
    this.requests.forgetLoad(request);
    if (served.scheduledNs == NOT_YET) served.loadEndNs = nowNs;
    this.blocks.release(request, replica);
    this.rejoin(request, replica, nowNs);
  }

  /** The blocks that a request waited for are in HBM. */
  loaded(request: u32, replica: u32, nowNs: u64): void {
    const served = this.requests.served(request);
    const entry = this.requests.state(request);
    if (served.scheduledNs == NOT_YET) {
      served.loadedTokens = entry.chunk - served.peerTokens;
      served.loadEndNs = nowNs;
    }
    entry.computed += entry.chunk;
    entry.chunk = 0;
    this.replicas.tally(replica, nowNs);
    this.blocks.publish(request, replica, nowNs, Origin.Loaded);
    this.rejoin(request, replica, nowNs);
  }

  /** After loading, a request is the next of its queue. */
  private rejoin(request: u32, replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    this.requests.state(request).phase = Phase.Waiting;
    state.loading--;
    this.replicas.comeBack(replica, request);
    this.replicas.enqueue(replica, request, true);
    if (state.stepping == 0) return this.begin(replica, nowNs);
    this.shorten(replica, nowNs);
    this.outcome.onShown(replica);
  }

  /** A sequence whose prompt was computed elsewhere goes on here; its blocks are here already. */
  adopt(request: u32, replica: u32, nowNs: u64): void {
    this.blocks.publish(request, replica, nowNs, Origin.Sent);
    this.submit(request, replica, nowNs);
  }

  /** A replica breaks: its step and its KV are lost. Gives the requests that it had to `orphans`. */
  break(replica: u32, nowNs: u64, orphans: u32[]): void {
    const state = this.replicas.state(replica);
    this.replicas.tally(replica, nowNs);
    if (state.stepping != 0) {
      this.replicas.addStep(replica, nowNs);
      this.log.cut(replica, state, nowNs);
    }
    state.version++;
    state.stepping = 0;
    state.down = 1;
    state.lag = 0;
    state.short = 0;
    while (state.runningFirst != NONE) {
      orphans.push(state.runningFirst);
      this.replicas.remove(replica, state.runningFirst);
    }
    while (state.waitingFirst != NONE) {
      orphans.push(state.waitingFirst);
      this.replicas.dequeue(replica, state.waitingFirst);
    }
    state.promptTokens = 0;
    this.outcome.onShown(replica);
  }

  private start(replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    state.stepping = 1;
    state.startNs = nowNs;
    const plan = this.planner;
    this.stretches.begin(replica);
    const endNs = nowNs + this.stretches.lasting(state, state.steps);
    this.log.add(replica, state, plan.tokens, plan.sequences, endNs);
    this.events.add(endNs, ServingEvent.Step, replica, ++state.version);
    if (this.tellsChunks && this.replicas.record(replica).role == Role.Prefill) {
      this.tellChunks(replica, nowNs, endNs - nowNs);
    }
  }

  private tellChunks(replica: u32, nowNs: u64, stepNs: u64): void {
    for (let r = this.replicas.state(replica).runningFirst; r != NONE;) {
      const entry = this.requests.state(r);
      if (entry.chunk > 0) this.outcome.onChunk(r, replica, nowNs, stepNs);
      r = entry.after;
    }
  }

  /** Lets a stretch end with the step that is under way, because somebody came. */
  shorten(replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    if (state.steps <= 1 || !this.stretches.shorten(replica, nowNs)) return;
    const endNs = state.startNs + this.stretches.lasting(state, state.steps);
    this.log.cut(replica, state, endNs);
    this.events.add(endNs, ServingEvent.Step, replica, ++state.version);
  }

  /** The step (or stretch) of a replica is over. */
  end(replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    const found = this.replicas.result(replica);
    const steps = state.steps;
    this.replicas.tally(replica, nowNs);
    this.replicas.holdTaken(replica, nowNs);
    state.stepping = 0;
    const counted = steps - this.stretches.endedBefore(state, this.requests.warmupNs);
    this.steps += counted;
    found.steps += counted;
    this.replicas.addStep(replica, nowNs);
    if (steps > 1) this.growAll(replica, steps, nowNs);
    for (let r = state.runningFirst; r != NONE;) {
      const entry = this.requests.state(r);
      const next = entry.after;
      if (entry.chunk > 0) this.progress(r, replica, steps, counted, nowNs);
      r = next;
    }
    this.outcome.onLoad(replica, nowNs);
    if (state.stepping == 0) this.begin(replica, nowNs);
  }

  /** Takes the blocks that a stretch has filled, before anybody gives some back. */
  private growAll(replica: u32, steps: u32, nowNs: u64): void {
    for (let r = this.replicas.state(replica).runningFirst; r != NONE;) {
      const entry = this.requests.state(r);
      const grown = this.blocks.grow(r, replica, entry.computed + entry.chunk * steps, nowNs);
      assert(grown, "a stretch ran out of blocks");
      r = entry.after;
    }
  }

  private progress(request: u32, replica: u32, steps: u32, counted: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    const found = this.replicas.result(replica);
    const decoding = entry.generated > 0;
    entry.computed += entry.chunk * steps;
    if (!decoding) found.promptTokens += entry.chunk;
    this.blocks.publish(request, replica, nowNs, Origin.Computed);
    // `known` grows with `generated`: compare with what the steps began with.
    if (entry.computed < this.requests.known(request) + steps - 1) return;
    entry.generated += steps;
    found.outputTokens += counted;
    if (entry.generated == steps && !decoding) this.firstToken(request, replica, nowNs);
    else this.measureIntervals(request, replica, steps, nowNs);
    entry.lastTokenNs = nowNs;
    if (entry.generated == this.requests.outputTokens(request)) {
      this.finish(request, replica, nowNs);
    } else if (this.replicas.record(replica).role == Role.Prefill) {
      this.hand(request, replica, nowNs);
    }
  }

  private firstToken(request: u32, replica: u32, nowNs: u64): void {
    const served = this.requests.served(request);
    served.firstTokenNs = nowNs;
    served.decodeStartNs = nowNs;
    served.replica = replica;
    served.decoder = replica;
    this.outcome.onFirstToken(request, nowNs);
  }

  /** Times between the tokens of a stretch: the first may have waited, the rest follow the steps. */
  private measureIntervals(request: u32, replica: u32, steps: u32, nowNs: u64): void {
    if (!this.requests.isCounted(request)) return;
    const entry = this.requests.state(request);
    const state = this.replicas.state(replica);
    const first = steps == 1 ? nowNs : state.startNs + this.stretches.lasting(state, 1);
    this.intervals.add(first - entry.lastTokenNs, 1);
    if (steps > 1) this.intervals.addRising(state.fixedNs, state.slopeNs, 1, steps);
  }

  private finish(request: u32, replica: u32, nowNs: u64): void {
    const served = this.requests.served(request);
    this.replicas.remove(replica, request);
    this.blocks.release(request, replica);
    this.requests.state(request).phase = Phase.Done;
    this.replicas.result(replica).requests++;
    served.finishNs = nowNs;
    served.outputTokens = this.requests.outputTokens(request);
    served.state = ServedState.Finished;
    this.outcome.onFinish(request, replica, nowNs);
  }

  private hand(request: u32, replica: u32, nowNs: u64): void {
    this.replicas.remove(replica, request);
    this.requests.state(request).phase = Phase.Sending;
    this.replicas.goAway(replica, request);
    this.outcome.onPrompt(request, replica, nowNs);
  }

  /** There may be room that was not there before. */
  wake(replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    if (state.stepping == 0) return this.begin(replica, nowNs);
    if (state.waiting > 0) this.shorten(replica, nowNs);
    this.outcome.onShown(replica);
  }
}
