/**
 * The engines of the cluster: their queues, their KV blocks, and the step under way.
 *
 * ```
 * blocks of a replica = held (own of requests, and shared with users) + idle (kept) + free
 * ```
 */
import { NONE, REPLICA_BYTES, REPLICA_RESULT_BYTES } from "../abi_serving";
import { take } from "../arena";
import { ReplicaRecord, ServingHeader } from "./layout";
import { ReplicaFound } from "./layout_found";
import { Requests } from "./requests";
import { Residents } from "./residents";

@unmanaged export class ReplicaState {
  runningFirst: u32;
  runningLast: u32;
  running: u32;
  waitingFirst: u32;
  waitingLast: u32;
  waiting: u32;
  /** Blocks with a user. */
  held: u32;
  /** Of the step under way; an event of another version is out of date. */
  version: u32;
  /** 1 while a step is under way. */
  stepping: u32;
  /** Like steps in a row that are under way as one; all decode. */
  steps: u32;
  /** Their first lasts `fixedNs`, each later one `slopeNs` longer than the one before. */
  fixedNs: f64;
  slopeNs: f64;
  startNs: u64;
  /** When `held` was counted last. */
  countedNs: u64;
  /** Prompt tokens that requests in the queue still want computed, as far as known. */
  waitingTokens: u64;
  /** 1 while it is broken. */
  down: u32;
  /** Requests whose KV comes in, and blocks kept for them. */
  loading: u32;
  /** Sequences on their way here. */
  expected: u32;
  /** Tokens that running prompts lack, counted when the step was planned. */
  promptTokens: u32;
}

@final export class Replicas {
  readonly count: u32;
  private readonly states: usize;
  readonly found: usize;

  constructor(
    private readonly header: ServingHeader,
    readonly requests: Requests,
    readonly residents: Residents,
  ) {
    this.count = header.replicas;
    this.states = take(<usize>this.count * offsetof<ReplicaState>());
    this.found = take(<usize>this.count * REPLICA_RESULT_BYTES);
    for (let i: u32 = 0; i < this.count; i++) {
      const state = this.state(i);
      state.runningFirst = state.runningLast = NONE;
      state.waitingFirst = state.waitingLast = NONE;
      this.result(i).capacity = this.record(i).blocks;
    }
  }

  @inline state(replica: u32): ReplicaState {
    return changetype<ReplicaState>(this.states + <usize>replica * offsetof<ReplicaState>());
  }

  @inline record(replica: u32): ReplicaRecord {
    return changetype<ReplicaRecord>(this.header.replicaRecords + <usize>replica * REPLICA_BYTES);
  }

  @inline result(replica: u32): ReplicaFound {
    return changetype<ReplicaFound>(this.found + <usize>replica * REPLICA_RESULT_BYTES);
  }

  @inline freeBlocks(replica: u32): u32 {
    return this.record(replica).blocks - this.state(replica).held - this.residents.idleIn(replica);
  }

  /** Adds the blocks in use since the last change to their integral. */
  tally(replica: u32, nowNs: u64): void {
    const state = this.state(replica);
    const found = this.result(replica);
    found.heldNs += <f64>state.held * <f64>(nowNs - state.countedNs);
    found.peak = max(found.peak, state.held + this.residents.idleIn(replica));
    state.countedNs = nowNs;
  }

  append(replica: u32, request: u32): void {
    const state = this.state(replica);
    const entry = this.requests.state(request);
    entry.before = state.runningLast;
    entry.after = NONE;
    if (state.runningLast != NONE) this.requests.state(state.runningLast).after = request;
    else state.runningFirst = request;
    state.runningLast = request;
    state.running++;
    const found = this.result(replica);
    found.mostRunning = max(found.mostRunning, state.running);
  }

  remove(replica: u32, request: u32): void {
    const state = this.state(replica);
    const entry = this.requests.state(request);
    if (entry.before != NONE) this.requests.state(entry.before).after = entry.after;
    else state.runningFirst = entry.after;
    if (entry.after != NONE) this.requests.state(entry.after).before = entry.before;
    else state.runningLast = entry.before;
    state.running--;
  }

  /** Puts a request at the end of the queue, or at its front. */
  enqueue(replica: u32, request: u32, front: bool): void {
    const state = this.state(replica);
    const entry = this.requests.state(request);
    entry.before = front ? NONE : state.waitingLast;
    entry.after = front ? state.waitingFirst : NONE;
    if (entry.before != NONE) this.requests.state(entry.before).after = request;
    else state.waitingFirst = request;
    if (entry.after != NONE) this.requests.state(entry.after).before = request;
    else state.waitingLast = request;
    state.waiting++;
    state.waitingTokens += this.requests.known(request);
    const found = this.result(replica);
    found.mostWaiting = max(found.mostWaiting, state.waiting);
  }

  dequeue(replica: u32, request: u32): void {
    const state = this.state(replica);
    const entry = this.requests.state(request);
    if (entry.before != NONE) this.requests.state(entry.before).after = entry.after;
    else state.waitingFirst = entry.after;
    if (entry.after != NONE) this.requests.state(entry.after).before = entry.before;
    else state.waitingLast = entry.before;
    state.waiting--;
    state.waitingTokens -= this.requests.known(request);
  }
}
