/**
 * Decides what the next step of an engine works on: first the sequences that run, in the order they
 * came, each with the tokens that it lacks (one when it decodes); then the queue, while budget,
 * places and blocks last. When a running sequence finds no block, room promised to requests that
 * are elsewhere goes first; then those in the queue that hold blocks give them back, the last
 * first; then the newest running one does and returns to the front of the queue, and nobody is let
 * in.
 */
import { NONE, ReplicaFlag } from "../abi_serving";
import { Blocks } from "./blocks";
import { LetIn, Loads, Promises } from "./hooks";
import { NOT_YET, Phase, Requests, RequestState } from "./requests";
import { Replicas } from "./replicas";
import { Attention, StepTime } from "./step";

@final export class Planner {
  preemptions: u64 = 0;
  loads: Loads = new Loads();
  promises: Promises = new Promises();

  /** New tokens of the step, its sequences, and those among them that compute prompts. */
  tokens: u32 = 0;
  sequences: u32 = 0;
  prompts: u32 = 0;
  /** Whether a sequence gave its blocks back: the queue was not looked at. */
  disturbed: bool = false;
  /** Tokens that these lack, this step's among them. */
  lacking: u32 = 0;
  readonly attention: Attention = new Attention();
  private window: u32 = 0;
  private budget: u32 = 0;

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly times: StaticArray<StepTime>,
    private readonly letIn: LetIn,
  ) {}

  /** Plans the next step of a replica; it has no sequences when there is nothing to do. */
  plan(replica: u32, nowNs: u64): void {
    this.tokens = 0;
    this.sequences = 0;
    this.prompts = 0;
    this.lacking = 0;
    this.attention.clear();
    const record = this.replicas.record(replica);
    this.replicas.state(replica).short = 0;
    this.budget = record.tokenBudget;
    this.window = unchecked(this.times[record.stepModel]).windowTokens;
    this.disturbed = !this.planRunning(replica, nowNs);
    if (!this.disturbed) this.planWaiting(replica, nowNs);
  }

  /** Gives running sequences their tokens; `false` after a preemption. */
  private planRunning(replica: u32, nowNs: u64): bool {
    let undisturbed = true;
    let request = this.replicas.state(replica).runningFirst;
    while (request != NONE) {
      const entry = this.requests.state(request);
      const chunk = this.chunk(request, replica, entry.computed);
      entry.chunk = 0;
      if (chunk > 0) {
        while (!this.blocks.grow(request, replica, entry.computed + chunk, nowNs)) {
          if (this.promises.revoke(replica, nowNs) || this.stripLast(replica, NONE)) continue;
          const victim = this.replicas.state(replica).runningLast;
          this.preempt(victim, replica);
          undisturbed = false;
          if (victim == request) return false;
        }
        this.give(request, entry, chunk);
      }
      request = entry.after;
    }
    return undisturbed;
  }

  /** Tokens for a request in this step: what it lacks, within the budget. */
  private chunk(request: u32, replica: u32, computed: u32): u32 {
    const record = this.replicas.record(replica);
    const lacks = this.requests.known(request) - computed;
    if (lacks <= this.budget) return lacks;
    if ((record.flags & ReplicaFlag.ChunkedPrefill) != 0) return this.budget;
    // Unsplit prompts above the budget have a step of their own.
    return this.tokens == 0 ? lacks : 0;
  }

  private give(request: u32, entry: RequestState, chunk: u32): void {
    entry.chunk = chunk;
    this.tokens += chunk;
    this.budget -= min(chunk, this.budget);
    this.sequences++;
    const lacks = this.requests.known(request) - entry.computed;
    if (chunk == 1) this.attention.addContext(entry.computed + 1, this.window);
    else this.attention.addChunk(entry.computed, chunk, this.window);
    if (chunk == 1 && lacks == 1 && entry.generated > 0) return;
    this.prompts++;
    this.lacking += lacks;
  }

  private preempt(request: u32, replica: u32): void {
    this.replicas.remove(replica, request);
    this.blocks.release(request, replica);
    this.requests.state(request).phase = Phase.Waiting;
    this.requests.served(request).preemptions++;
    this.preemptions++;
    this.replicas.enqueue(replica, request, true);
    this.replicas.state(replica).short = 1;
  }

  private planWaiting(replica: u32, nowNs: u64): void {
    const state = this.replicas.state(replica);
    const most = this.replicas.record(replica).maxSequences;
    while (state.waitingFirst != NONE && this.budget > 0 && state.running < most) {
      if (!this.admit(state.waitingFirst, replica, nowNs)) return;
    }
  }

  /** Lets the head of the queue in, or sends it to load; `false` when it must wait. */
  private admit(request: u32, replica: u32, nowNs: u64): bool {
    const entry = this.requests.state(request);
    const fresh = entry.computed == 0;
    let cached: u32 = 0;
    if (fresh) {
      cached = this.blocks.cachedBlocks(request, replica);
      if (this.startLoad(request, replica, cached, nowNs)) return true;
    }
    const computed = fresh ? cached * this.requests.blockTokens : entry.computed;
    const chunk = this.chunk(request, replica, computed);
    if (chunk == 0) return false;
    const have = fresh ? cached : entry.shared + entry.own;
    const need = this.requests.blocksFor(computed + chunk);
    const more = need > have ? need - have : 0;
    const idle = fresh ? this.blocks.idleAmong(request, replica, cached) : 0;
    if (!this.blocks.canTake(replica, more + idle)) {
      this.replicas.state(replica).short = 1;
      return false;
    }
    const served = this.requests.served(request);
    if (served.scheduledNs == NOT_YET) this.blocks.countStranded(request, replica, computed);
    this.letIn.onLetIn(request);
    if (fresh) {
      this.blocks.share(request, replica, cached);
      entry.computed = computed;
    }
    this.blocks.take(request, replica, more, nowNs);
    this.replicas.dequeue(replica, request);
    this.replicas.append(replica, request);
    entry.phase = Phase.Running;
    if (served.scheduledNs == NOT_YET) this.firstScheduled(request, computed, nowNs);
    this.give(request, entry, chunk);
    return true;
  }

  private firstScheduled(request: u32, computed: u32, nowNs: u64): void {
    const served = this.requests.served(request);
    served.scheduledNs = nowNs;
    served.cachedTokens = computed - served.loadedTokens - served.peerTokens;
    if (served.loadEndNs != NOT_YET) return;
    served.loadStartNs = nowNs;
    served.loadEndNs = nowNs;
  }

  /** Begins to load blocks behind the cached ones; `true` when the request does so. */
  private startLoad(request: u32, replica: u32, cached: u32, nowNs: u64): bool {
    const room = this.blocks.room(replica);
    const idle = this.blocks.idleAmong(request, replica, cached);
    if (room <= idle) return false;
    const count = this.loads.load(request, replica, cached, room - idle, nowNs);
    if (count == 0) return false;
    this.letIn.onLetIn(request);
    const entry = this.requests.state(request);
    this.blocks.share(request, replica, cached);
    const taken = this.blocks.take(request, replica, count, nowNs);
    assert(taken, "loads promised too much");
    entry.computed = cached * this.requests.blockTokens;
    this.replicas.dequeue(replica, request);
    this.replicas.goAway(replica, request);
    entry.phase = Phase.Loading;
    entry.chunk = count * this.requests.blockTokens;
    this.replicas.state(replica).loading++;
    const served = this.requests.served(request);
    if (served.loadStartNs == NOT_YET) served.loadStartNs = nowNs;
    return true;
  }

  /**
   * Takes the blocks back of the last in the queue that holds some (loaded, or sent here), up to
   * but not of `spared`. `false` when there is none.
   */
  stripLast(replica: u32, spared: u32): bool {
    const state = this.replicas.state(replica);
    for (let r = state.waitingLast; r != spared; r = this.requests.state(r).before) {
      const entry = this.requests.state(r);
      if (entry.shared + entry.own == 0) continue;
      this.blocks.release(r, replica);
      this.requests.forgetLoad(r);
      this.requests.served(r).preemptions++;
      this.preemptions++;
      return true;
    }
    return false;
  }
}
