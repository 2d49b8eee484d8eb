/** Steps for a trace of the run, as far as the host gave room. */
import { STEP_LOG_BYTES } from "../abi_serving";
import { ServingHeader } from "./layout";
import { StepLogRecord } from "./layout_found";
import { ReplicaState } from "./replicas";

@final export class StepLog {
  rows: u32 = 0;
  private readonly room: u32;
  private readonly start: usize;

  constructor(header: ServingHeader) {
    this.room = header.stepLog == 0 ? 0 : header.stepLogRoom;
    this.start = header.stepLog;
  }

  @inline private row(index: u32): StepLogRecord {
    return changetype<StepLogRecord>(this.start + <usize>index * STEP_LOG_BYTES);
  }

  add(replica: u32, state: ReplicaState, tokens: u32, sequences: u32, endNs: u64): void {
    if (this.rows == this.room) return;
    const row = this.row(this.rows++);
    row.startNs = state.startNs;
    row.endNs = endNs;
    row.replica = replica;
    row.steps = state.steps;
    row.tokens = tokens;
    row.sequences = sequences;
  }

  /** The stretch that a replica logged last ends earlier. */
  cut(replica: u32, state: ReplicaState, endNs: u64): void {
    for (let i = this.rows; i-- > 0;) {
      const row = this.row(i);
      if (row.replica != replica) continue;
      if (row.startNs != state.startNs) return;
      row.endNs = endNs;
      row.steps = state.steps;
      return;
    }
  }
}
