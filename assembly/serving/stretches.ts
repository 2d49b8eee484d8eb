/**
 * Steps in which every sequence decodes are alike but for the context, which grows by a token per
 * sequence: they are run as one stretch, until a sequence ends, blocks could run out, a context
 * fills its window, or somebody comes who may be let in. The blocks that a stretch needs are set
 * aside when it begins, and taken when it ends.
 */
import { NONE } from "../abi_serving";
import { Blocks } from "./blocks";
import { Planner } from "./planner";
import { Replicas, ReplicaState } from "./replicas";
import { Requests } from "./requests";
import { StepTime } from "./step";

@final export class Stretches {
  /** Sequences of the stretch begun last whose context is shorter than the window. */
  private growing: u32 = 0;

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly planner: Planner,
    private readonly times: StaticArray<StepTime>,
  ) {}

  /** Sets how many steps the plan stands for, and how long they take. */
  begin(replica: u32): void {
    const state = this.replicas.state(replica);
    const time = unchecked(this.times[this.replicas.record(replica).stepModel]);
    const plan = this.planner;
    this.growing = 0;
    state.steps = plan.prompts == 0 ? this.count(replica, time.windowTokens) : 1;
    if (state.steps > 1) this.setAside(replica);
    state.fixedNs = time.ns(plan.tokens, plan.sequences, plan.attention);
    state.slopeNs = time.contextNs * <f64>plan.sequences +
      time.windowContextNs * <f64>this.growing;
  }

  /** Like decode steps until something changes by itself. */
  private count(replica: u32, window: u32): u32 {
    // The next step looks at the queue.
    if (this.planner.disturbed) return 1;
    let steps: u32 = u32.MAX_VALUE;
    for (let r = this.replicas.state(replica).runningFirst; r != NONE;) {
      const entry = this.requests.state(r);
      if (entry.chunk == 0) return 1; // the budget is below the number of sequences
      steps = min(steps, this.requests.outputTokens(r) - entry.generated);
      const known = this.requests.known(r);
      if (known < window) {
        this.growing++;
        // The slope changes when its context has filled the window.
        steps = min(steps, window - known);
      }
      r = entry.after;
    }
    // Each sequence takes at most one block more than its tokens fill.
    const each = this.blocks.room(replica) / this.planner.sequences;
    const safe = each == 0 ? 1 : <u64>(each - 1) * this.requests.blockTokens + 1;
    return max<u32>(1, <u32>min<u64>(steps, safe));
  }

  /** Nobody else may have the blocks that the steps will fill. */
  private setAside(replica: u32): void {
    const state = this.replicas.state(replica);
    state.lag = 0;
    for (let r = state.runningFirst; r != NONE;) {
      const entry = this.requests.state(r);
      state.lag += this.requests.blocksFor(entry.computed + state.steps) - entry.shared - entry.own;
      r = entry.after;
    }
  }

  /** Nanoseconds of the first `steps` steps of the stretch. */
  lasting(state: ReplicaState, steps: u32): u64 {
    const n = <f64>steps;
    return max(<u64>1, <u64>(n * state.fixedNs + state.slopeNs * n * (n - 1) * 0.5));
  }

  /** Lets the stretch of a replica end with the step under way; `false` when it does so anyway. */
  shorten(replica: u32, nowNs: u64): bool {
    const state = this.replicas.state(replica);
    const steps = this.endedBefore(state, nowNs) + 1;
    if (steps >= state.steps) return false;
    state.steps = steps;
    this.setAside(replica);
    return true;
  }

  /** Steps of a stretch, but for the last, that end before a time. */
  endedBefore(state: ReplicaState, ns: u64): u32 {
    if (state.startNs >= ns) return 0;
    let low: u32 = 1;
    let high = state.steps;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (state.startNs + this.lasting(state, middle) >= ns) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }
}
