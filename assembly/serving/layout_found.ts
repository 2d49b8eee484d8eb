/** The records that the host reads, as fields; see `../layout.ts`. */
import {
  REPLICA_RESULT_BYTES,
  ReplicaResultField,
  SERVED_BYTES,
  SERVING_RESULT_BYTES,
  STEP_LOG_BYTES,
  ServedField,
  ServingResultField,
  StepLogField,
} from "../abi_served";

@unmanaged export class ServedRecord {
  arrivalNs: u64;
  loadStartNs: u64;
  loadEndNs: u64;
  scheduledNs: u64;
  firstTokenNs: u64;
  decodeStartNs: u64;
  finishNs: u64;
  promptTokens: u32;
  cachedTokens: u32;
  loadedTokens: u32;
  outputTokens: u32;
  replica: u32;
  decoder: u32;
  preemptions: u32;
  retries: u32;
  transferBlocks: u32;
  state: u32;
  peerTokens: u32;
  reserved: u32;
}
if (offsetof<ServedRecord>("arrivalNs") != ServedField.ArrivalNs) {
  ERROR("ServedRecord.arrivalNs drifted");
}
if (offsetof<ServedRecord>("loadStartNs") != ServedField.LoadStartNs) {
  ERROR("ServedRecord.loadStartNs drifted");
}
if (offsetof<ServedRecord>("loadEndNs") != ServedField.LoadEndNs) {
  ERROR("ServedRecord.loadEndNs drifted");
}
if (offsetof<ServedRecord>("scheduledNs") != ServedField.ScheduledNs) {
  ERROR("ServedRecord.scheduledNs drifted");
}
if (offsetof<ServedRecord>("firstTokenNs") != ServedField.FirstTokenNs) {
  ERROR("ServedRecord.firstTokenNs drifted");
}
if (offsetof<ServedRecord>("decodeStartNs") != ServedField.DecodeStartNs) {
  ERROR("ServedRecord.decodeStartNs drifted");
}
if (offsetof<ServedRecord>("finishNs") != ServedField.FinishNs) {
  ERROR("ServedRecord.finishNs drifted");
}
if (offsetof<ServedRecord>("promptTokens") != ServedField.PromptTokens) {
  ERROR("ServedRecord.promptTokens drifted");
}
if (offsetof<ServedRecord>("cachedTokens") != ServedField.CachedTokens) {
  ERROR("ServedRecord.cachedTokens drifted");
}
if (offsetof<ServedRecord>("loadedTokens") != ServedField.LoadedTokens) {
  ERROR("ServedRecord.loadedTokens drifted");
}
if (offsetof<ServedRecord>("outputTokens") != ServedField.OutputTokens) {
  ERROR("ServedRecord.outputTokens drifted");
}
if (offsetof<ServedRecord>("replica") != ServedField.Replica) ERROR("ServedRecord.replica drifted");
if (offsetof<ServedRecord>("decoder") != ServedField.Decoder) ERROR("ServedRecord.decoder drifted");
if (offsetof<ServedRecord>("preemptions") != ServedField.Preemptions) {
  ERROR("ServedRecord.preemptions drifted");
}
if (offsetof<ServedRecord>("retries") != ServedField.Retries) ERROR("ServedRecord.retries drifted");
if (offsetof<ServedRecord>("transferBlocks") != ServedField.TransferBlocks) {
  ERROR("ServedRecord.transferBlocks drifted");
}
if (offsetof<ServedRecord>("state") != ServedField.State) ERROR("ServedRecord.state drifted");
if (offsetof<ServedRecord>("peerTokens") != ServedField.PeerTokens) {
  ERROR("ServedRecord.peerTokens drifted");
}
if (offsetof<ServedRecord>() != SERVED_BYTES) ERROR("ServedRecord drifted in size");

@unmanaged export class ServingFound {
  events: u64;
  steps: u64;
  endNs: u64;
  finished: u64;
  refused: u64;
  preemptions: u64;
  promptTokens: u64;
  cachedTokens: u64;
  loadedTokens: u64;
  outputTokens: u64;
  evictions: u64;
  transferBytes: u64;
  intervals: u32;
  replicaResults: u32;
  stepLogRows: u32;
  leftOut: u32;
  memoryBytes: u64;
  peerTokens: u64;
  strandedTokens: u64;
}
if (offsetof<ServingFound>("events") != ServingResultField.Events) {
  ERROR("ServingFound.events drifted");
}
if (offsetof<ServingFound>("steps") != ServingResultField.Steps) {
  ERROR("ServingFound.steps drifted");
}
if (offsetof<ServingFound>("endNs") != ServingResultField.EndNs) {
  ERROR("ServingFound.endNs drifted");
}
if (offsetof<ServingFound>("finished") != ServingResultField.Finished) {
  ERROR("ServingFound.finished drifted");
}
if (offsetof<ServingFound>("refused") != ServingResultField.Refused) {
  ERROR("ServingFound.refused drifted");
}
if (offsetof<ServingFound>("preemptions") != ServingResultField.Preemptions) {
  ERROR("ServingFound.preemptions drifted");
}
if (offsetof<ServingFound>("promptTokens") != ServingResultField.PromptTokens) {
  ERROR("ServingFound.promptTokens drifted");
}
if (offsetof<ServingFound>("cachedTokens") != ServingResultField.CachedTokens) {
  ERROR("ServingFound.cachedTokens drifted");
}
if (offsetof<ServingFound>("loadedTokens") != ServingResultField.LoadedTokens) {
  ERROR("ServingFound.loadedTokens drifted");
}
if (offsetof<ServingFound>("outputTokens") != ServingResultField.OutputTokens) {
  ERROR("ServingFound.outputTokens drifted");
}
if (offsetof<ServingFound>("evictions") != ServingResultField.Evictions) {
  ERROR("ServingFound.evictions drifted");
}
if (offsetof<ServingFound>("transferBytes") != ServingResultField.TransferBytes) {
  ERROR("ServingFound.transferBytes drifted");
}
if (offsetof<ServingFound>("intervals") != ServingResultField.Intervals) {
  ERROR("ServingFound.intervals drifted");
}
if (offsetof<ServingFound>("replicaResults") != ServingResultField.ReplicaResults) {
  ERROR("ServingFound.replicaResults drifted");
}
if (offsetof<ServingFound>("stepLogRows") != ServingResultField.StepLogRows) {
  ERROR("ServingFound.stepLogRows drifted");
}
if (offsetof<ServingFound>("leftOut") != ServingResultField.LeftOut) {
  ERROR("ServingFound.leftOut drifted");
}
if (offsetof<ServingFound>("memoryBytes") != ServingResultField.MemoryBytes) {
  ERROR("ServingFound.memoryBytes drifted");
}
if (offsetof<ServingFound>("peerTokens") != ServingResultField.PeerTokens) {
  ERROR("ServingFound.peerTokens drifted");
}
if (offsetof<ServingFound>("strandedTokens") != ServingResultField.StrandedTokens) {
  ERROR("ServingFound.strandedTokens drifted");
}
if (offsetof<ServingFound>() != SERVING_RESULT_BYTES) ERROR("ServingFound drifted in size");

@unmanaged export class ReplicaFound {
  busyNs: u64;
  steps: u64;
  promptTokens: u64;
  outputTokens: u64;
  requests: u64;
  heldNs: f64;
  peak: u32;
  capacity: u32;
  evictions: u64;
  mostRunning: u32;
  mostWaiting: u32;
  lent: u64;
}
if (offsetof<ReplicaFound>("busyNs") != ReplicaResultField.BusyNs) {
  ERROR("ReplicaFound.busyNs drifted");
}
if (offsetof<ReplicaFound>("steps") != ReplicaResultField.Steps) {
  ERROR("ReplicaFound.steps drifted");
}
if (offsetof<ReplicaFound>("promptTokens") != ReplicaResultField.PromptTokens) {
  ERROR("ReplicaFound.promptTokens drifted");
}
if (offsetof<ReplicaFound>("outputTokens") != ReplicaResultField.OutputTokens) {
  ERROR("ReplicaFound.outputTokens drifted");
}
if (offsetof<ReplicaFound>("requests") != ReplicaResultField.Requests) {
  ERROR("ReplicaFound.requests drifted");
}
if (offsetof<ReplicaFound>("heldNs") != ReplicaResultField.HeldNs) {
  ERROR("ReplicaFound.heldNs drifted");
}
if (offsetof<ReplicaFound>("peak") != ReplicaResultField.Peak) ERROR("ReplicaFound.peak drifted");
if (offsetof<ReplicaFound>("capacity") != ReplicaResultField.Capacity) {
  ERROR("ReplicaFound.capacity drifted");
}
if (offsetof<ReplicaFound>("evictions") != ReplicaResultField.Evictions) {
  ERROR("ReplicaFound.evictions drifted");
}
if (offsetof<ReplicaFound>("mostRunning") != ReplicaResultField.MostRunning) {
  ERROR("ReplicaFound.mostRunning drifted");
}
if (offsetof<ReplicaFound>("mostWaiting") != ReplicaResultField.MostWaiting) {
  ERROR("ReplicaFound.mostWaiting drifted");
}
if (offsetof<ReplicaFound>("lent") != ReplicaResultField.Lent) ERROR("ReplicaFound.lent drifted");
if (offsetof<ReplicaFound>() != REPLICA_RESULT_BYTES) ERROR("ReplicaFound drifted in size");

@unmanaged export class StepLogRecord {
  startNs: u64;
  endNs: u64;
  replica: u32;
  steps: u32;
  tokens: u32;
  sequences: u32;
  heldBlocks: u32;
  waiting: u32;
}
if (offsetof<StepLogRecord>("startNs") != StepLogField.StartNs) {
  ERROR("StepLogRecord.startNs drifted");
}
if (offsetof<StepLogRecord>("endNs") != StepLogField.EndNs) ERROR("StepLogRecord.endNs drifted");
if (offsetof<StepLogRecord>("replica") != StepLogField.Replica) {
  ERROR("StepLogRecord.replica drifted");
}
if (offsetof<StepLogRecord>("steps") != StepLogField.Steps) ERROR("StepLogRecord.steps drifted");
if (offsetof<StepLogRecord>("tokens") != StepLogField.Tokens) ERROR("StepLogRecord.tokens drifted");
if (offsetof<StepLogRecord>("sequences") != StepLogField.Sequences) {
  ERROR("StepLogRecord.sequences drifted");
}
if (offsetof<StepLogRecord>("heldBlocks") != StepLogField.HeldBlocks) {
  ERROR("StepLogRecord.heldBlocks drifted");
}
if (offsetof<StepLogRecord>("waiting") != StepLogField.Waiting) {
  ERROR("StepLogRecord.waiting drifted");
}
if (offsetof<StepLogRecord>() != STEP_LOG_BYTES) ERROR("StepLogRecord drifted in size");
