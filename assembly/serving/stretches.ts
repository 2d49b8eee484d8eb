/** Like decode steps in a row: how many, how long, and which blocks they will take. */
import { NONE } from "../abi_serving";
import { Blocks } from "./blocks";
import { Planner } from "./planner";
import { ReplicaState, Replicas } from "./replicas";
import { Requests } from "./requests";
import { StepTime } from "./step";

@final export class Stretches {
  /** Sequences of the newest stretch whose context is shorter than the window. */
  growing: u32 = 0;

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly times: StaticArray<StepTime>,
  ) {}

  /** Like steps of the plan until something changes by itself; their blocks are set aside. */
  begin(replica: u32, plan: Planner): u32 {
    // The next step looks at the queue.
    if (plan.disturbed) return 1;
    let steps: u32 = u32.MAX_VALUE;
    const window = unchecked(this.times[this.replicas.record(replica).stepModel]).windowTokens;
    this.growing = 0;
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
    const each = this.blocks.room(replica) / plan.sequences;
    const safe = each == 0 ? 1 : <u64>(each - 1) * this.requests.blockTokens + 1;
    steps = max<u32>(1, <u32>min<u64>(steps, safe));
    if (steps > 1) this.setAside(replica, steps);
    return steps;
  }

  /** Nobody else may have the blocks that so many steps will fill. */
  setAside(replica: u32, steps: u32): void {
    const state = this.replicas.state(replica);
    for (let r = state.runningFirst; r != NONE;) {
      const entry = this.requests.state(r);
      state.lag += this.requests.blocksFor(entry.computed + steps) - entry.shared - entry.own;
      r = entry.after;
    }
  }
}

/** Nanoseconds of the first `steps` steps of a stretch. */
export function lasting(state: ReplicaState, steps: u32): u64 {
  const n = <f64>steps;
  return max(<u64>1, <u64>(n * state.fixedNs + state.slopeNs * n * (n - 1) * 0.5));
}
