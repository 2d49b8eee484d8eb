/** Steps for a trace of the run, as far as the host gave room. */
import { STEP_LOG_BYTES } from "../abi_served";
import { take } from "../arena";
import { ServingHeader } from "./layout";
import { StepLogRecord } from "./layout_found";
import { ReplicaState } from "./replicas";

@final export class StepLog {
  rows: u32 = 0;
  private readonly room: u32;
  private readonly start: usize;
  /** u32[replicas]: one more than the row that each wrote last. */
  private readonly last: usize;

  constructor(header: ServingHeader) {
    this.room = header.stepLog == 0 ? 0 : header.stepLogRoom;
    this.start = header.stepLog;
    this.last = this.room == 0 ? 0 : take(<usize>header.replicas << 2);
  }

  @inline private row(index: u32): StepLogRecord {
    return changetype<StepLogRecord>(this.start + <usize>index * STEP_LOG_BYTES);
  }

  add(replica: u32, state: ReplicaState, tokens: u32, sequences: u32, endNs: u64): void {
    if (this.room == 0) return;
    if (this.rows == this.room) return store<u32>(this.last + (replica << 2), 0);
    const row = this.row(this.rows++);
    store<u32>(this.last + (replica << 2), this.rows);
    row.startNs = state.startNs;
    row.endNs = endNs;
    row.replica = replica;
    row.steps = state.steps;
    row.tokens = tokens;
    row.sequences = sequences;
    row.heldBlocks = state.held;
    row.waiting = state.waiting;
  }

  /** The stretch that a replica began last ends earlier. */
  cut(replica: u32, state: ReplicaState, endNs: u64): void {
    if (this.room == 0) return;
    const last = load<u32>(this.last + (replica << 2));
    if (last == 0) return;
    const row = this.row(last - 1);
    row.endNs = endNs;
    row.steps = state.steps;
  }
}
