/**
 * The engines of the cluster: their queues, their KV blocks, and the step under way.
 *
 * ```
 * blocks of a replica = held (own of requests, and shared with users) + idle (kept) + free
 * ```
 */
import { REPLICA_RESULT_BYTES } from "../abi_served";
import { NONE, REPLICA_BYTES } from "../abi_serving";
import { take } from "../arena";
import { countedNs } from "./counted";
import { DecoderRanks } from "./decoder_ranks";
import { ReplicaRecord, ServingHeader } from "./layout";
import { ReplicaFound } from "./layout_found";
import { Pair, RequestLists } from "./request_lists";
import { Requests } from "./requests";
import { Residents } from "./residents";
import { Samples } from "./samples";

@unmanaged export class ReplicaState {
  runningFirst: u32;
  runningLast: u32;
  running: u32;
  waitingFirst: u32;
  waitingLast: u32;
  waiting: u32;
  /** Those whose KV comes in from stores or goes to decoders. */
  awayFirst: u32;
  awayLast: u32;
  /** Those that it keeps room for as a decoder. */
  promisedFirst: u32;
  promisedLast: u32;
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
  /** Blocks that the stretch under way will take by its end, and that nobody else may have. */
  lag: u32;
  /** Blocks kept ahead for requests whose prompt is not computed yet. */
  revocable: u32;
  /** 1 while somebody waits here for room. */
  short: u32;
  /** Transfers out of its HBM to those that borrow blocks. */
  loans: u32;
}

@final export class Replicas {
  readonly count: u32;
  private readonly states: usize;
  readonly found: usize;
  readonly lists: RequestLists;
  readonly ranks: DecoderRanks;

  constructor(
    private readonly header: ServingHeader,
    readonly requests: Requests,
    readonly residents: Residents,
    private readonly samples: Samples,
  ) {
    this.count = header.replicas;
    this.lists = new RequestLists(requests);
    this.ranks = new DecoderRanks(header);
    this.states = take(<usize>this.count * offsetof<ReplicaState>());
    this.found = take(<usize>this.count * REPLICA_RESULT_BYTES);
    for (let i: u32 = 0; i < this.count; i++) {
      const state = this.state(i);
      state.runningFirst = state.runningLast = NONE;
      state.waitingFirst = state.waitingLast = NONE;
      state.awayFirst = state.awayLast = NONE;
      state.promisedFirst = state.promisedLast = NONE;
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

  /** Requests that a replica has, or will have. */
  @inline work(replica: u32): u32 {
    const state = this.state(replica);
    return state.running + state.waiting + state.expected;
  }

  @inline private rank(replica: u32): void {
    this.ranks.change(replica, this.work(replica));
  }

  /** Adds the blocks in use since the last change to their integral. */
  tally(replica: u32, nowNs: u64): void {
    const state = this.state(replica);
    const found = this.result(replica);
    this.hold(replica, <f64>state.held, state.countedNs, nowNs);
    // What a stretch takes comes out of idle blocks when there are no free ones.
    const kept = state.held + this.residents.idleIn(replica) + state.lag;
    found.peak = max(found.peak, min(kept, this.record(replica).blocks));
    state.countedNs = nowNs;
  }

  /** So many blocks were in use from one time to another. */
  @inline private hold(replica: u32, blocks: f64, fromNs: u64, toNs: u64): void {
    const ns = countedNs(fromNs, toNs, this.header.warmupNs);
    this.result(replica).heldNs += blocks * <f64>ns;
    this.sampleHeld(replica, blocks * <f64>(toNs - fromNs), fromNs, toNs);
  }

  /** The blocks that a stretch set aside were taken one by one: half of them on average. */
  @inline holdTaken(replica: u32, nowNs: u64): void {
    const state = this.state(replica);
    if (state.lag == 0) return;
    const half = <f64>state.lag * 0.5;
    const lasted = <f64>(nowNs - state.startNs);
    const ns = <f64>countedNs(state.startNs, nowNs, this.header.warmupNs);
    // More of them towards the end: what is counted of it has more than the half.
    this.result(replica).heldNs += half * (2 - ns / lasted) * ns;
    this.sampleHeld(replica, half * lasted, state.startNs, nowNs);
    state.lag = 0;
  }

  @inline private sampleHeld(replica: u32, heldNs: f64, fromNs: u64, toNs: u64): void {
    if (!this.samples.isOn || heldNs == 0) return;
    this.samples.add(this.record(replica).sampleRow, fromNs, toNs, heldNs);
  }

  /** The warm-up of a replica is over: counts anew, with what it holds. */
  forget(replica: u32, nowNs: u64): void {
    const state = this.state(replica);
    this.hold(replica, <f64>state.held, state.countedNs, nowNs);
    state.countedNs = nowNs;
    const found = this.result(replica);
    const capacity = found.capacity;
    memory.fill(changetype<usize>(found), 0, REPLICA_RESULT_BYTES);
    found.capacity = capacity;
    found.mostRunning = state.running;
    found.mostWaiting = state.waiting;
    this.tally(replica, nowNs);
  }

  /** The step under way is over. */
  @inline addStep(replica: u32, nowNs: u64): void {
    const startNs = this.state(replica).startNs;
    this.result(replica).busyNs += countedNs(startNs, nowNs, this.header.warmupNs);
    const row = this.record(replica).sampleRow;
    if (!this.samples.isOn || row == NONE) return;
    this.samples.add(row + 1, startNs, nowNs, <f64>(nowNs - startNs));
  }

  @inline private running(replica: u32): usize {
    return changetype<usize>(this.state(replica)) + offsetof<ReplicaState>("runningFirst");
  }

  @inline private queue(replica: u32): usize {
    return changetype<usize>(this.state(replica)) + offsetof<ReplicaState>("waitingFirst");
  }

  @inline private away(replica: u32): usize {
    return changetype<usize>(this.state(replica)) + offsetof<ReplicaState>("awayFirst");
  }

  @inline private promised(replica: u32): usize {
    return changetype<usize>(this.state(replica)) + offsetof<ReplicaState>("promisedFirst");
  }

  /** Puts a request among the running ones, as the newest. */
  append(replica: u32, request: u32): void {
    const state = this.state(replica);
    this.lists.append(this.running(replica), request, Pair.Place);
    state.running++;
    this.rank(replica);
    const found = this.result(replica);
    found.mostRunning = max(found.mostRunning, state.running);
  }

  remove(replica: u32, request: u32): void {
    this.lists.remove(this.running(replica), request, Pair.Place);
    this.state(replica).running--;
    this.rank(replica);
  }

  /** Puts a request at the end of the queue, or at its front. */
  enqueue(replica: u32, request: u32, front: bool): void {
    const state = this.state(replica);
    if (front) this.lists.prepend(this.queue(replica), request, Pair.Place);
    else this.lists.append(this.queue(replica), request, Pair.Place);
    state.waiting++;
    this.rank(replica);
    state.waitingTokens += this.requests.known(request);
    const found = this.result(replica);
    found.mostWaiting = max(found.mostWaiting, state.waiting);
  }

  dequeue(replica: u32, request: u32): void {
    const state = this.state(replica);
    this.lists.remove(this.queue(replica), request, Pair.Place);
    state.waiting--;
    this.rank(replica);
    state.waitingTokens -= this.requests.known(request);
  }

  /** Its KV is on its way, and it stands in no queue. */
  goAway(replica: u32, request: u32): void {
    this.lists.append(this.away(replica), request, Pair.Place);
  }

  comeBack(replica: u32, request: u32): void {
    this.lists.remove(this.away(replica), request, Pair.Place);
  }

  /** A decoder keeps room for a request. */
  promise(decoder: u32, request: u32): void {
    this.lists.append(this.promised(decoder), request, Pair.Promise);
    this.state(decoder).expected++;
    this.rank(decoder);
  }

  unpromise(decoder: u32, request: u32): void {
    this.lists.remove(this.promised(decoder), request, Pair.Promise);
    this.state(decoder).expected--;
    this.rank(decoder);
  }
}
