/** Links, stores, eviction rules, faults and samples as the host writes them; see `../layout.ts`. */
import { EVICTION_BYTES, EvictionField } from "../abi_engine";
import {
  FAULT_BYTES,
  FaultField,
  LINK_BYTES,
  LinkField,
  SAMPLES_BYTES,
  SamplesField,
  STORE_BYTES,
  StoreField,
} from "../abi_serving";

@unmanaged export class LinkRecord {
  latencyNs: u64;
  bytesPerSecond: u64;
  busyNs: u64;
  bytes: u64;
  transfers: u64;
  waitNs: u64;
  carried: f64;
  sampleRow: u32;
  reserved: u32;
}
if (offsetof<LinkRecord>("latencyNs") != LinkField.LatencyNs) ERROR("LinkRecord.latencyNs drifted");
if (offsetof<LinkRecord>("bytesPerSecond") != LinkField.BytesPerSecond) {
  ERROR("LinkRecord.bytesPerSecond drifted");
}
if (offsetof<LinkRecord>("busyNs") != LinkField.BusyNs) ERROR("LinkRecord.busyNs drifted");
if (offsetof<LinkRecord>("bytes") != LinkField.Bytes) ERROR("LinkRecord.bytes drifted");
if (offsetof<LinkRecord>("transfers") != LinkField.Transfers) ERROR("LinkRecord.transfers drifted");
if (offsetof<LinkRecord>("waitNs") != LinkField.WaitNs) ERROR("LinkRecord.waitNs drifted");
if (offsetof<LinkRecord>("carried") != LinkField.Carried) ERROR("LinkRecord.carried drifted");
if (offsetof<LinkRecord>("sampleRow") != LinkField.SampleRow) ERROR("LinkRecord.sampleRow drifted");
if (offsetof<LinkRecord>() != LINK_BYTES) ERROR("LinkRecord drifted in size");

@unmanaged export class StoreRecord {
  blocks: u32;
  flags: u32;
  linkRead: u32;
  linkWrite: u32;
  hits: u64;
  writes: u64;
  evictions: u64;
  resident: u64;
  peak: u64;
  tier: u32;
  below: u32;
  dropped: u64;
  lost: u64;
  eviction: u32;
  reserved: u32;
}
if (offsetof<StoreRecord>("blocks") != StoreField.Blocks) ERROR("StoreRecord.blocks drifted");
if (offsetof<StoreRecord>("flags") != StoreField.Flags) ERROR("StoreRecord.flags drifted");
if (offsetof<StoreRecord>("linkRead") != StoreField.LinkRead) ERROR("StoreRecord.linkRead drifted");
if (offsetof<StoreRecord>("linkWrite") != StoreField.LinkWrite) {
  ERROR("StoreRecord.linkWrite drifted");
}
if (offsetof<StoreRecord>("hits") != StoreField.Hits) ERROR("StoreRecord.hits drifted");
if (offsetof<StoreRecord>("writes") != StoreField.Writes) ERROR("StoreRecord.writes drifted");
if (offsetof<StoreRecord>("evictions") != StoreField.Evictions) {
  ERROR("StoreRecord.evictions drifted");
}
if (offsetof<StoreRecord>("resident") != StoreField.Resident) ERROR("StoreRecord.resident drifted");
if (offsetof<StoreRecord>("peak") != StoreField.Peak) ERROR("StoreRecord.peak drifted");
if (offsetof<StoreRecord>("tier") != StoreField.Tier) ERROR("StoreRecord.tier drifted");
if (offsetof<StoreRecord>("below") != StoreField.Below) ERROR("StoreRecord.below drifted");
if (offsetof<StoreRecord>("dropped") != StoreField.Dropped) ERROR("StoreRecord.dropped drifted");
if (offsetof<StoreRecord>("lost") != StoreField.Lost) ERROR("StoreRecord.lost drifted");
if (offsetof<StoreRecord>("eviction") != StoreField.Eviction) ERROR("StoreRecord.eviction drifted");
if (offsetof<StoreRecord>() != STORE_BYTES) ERROR("StoreRecord drifted in size");

@unmanaged export class EvictionRecord {
  entry: u32;
  reserved: u32;
  parameter0: f64;
  parameter1: f64;
  parameter2: f64;
  parameter3: f64;
}
if (offsetof<EvictionRecord>("entry") != EvictionField.Entry) {
  ERROR("EvictionRecord.entry drifted");
}
if (offsetof<EvictionRecord>("parameter0") != EvictionField.Parameters) {
  ERROR("EvictionRecord.parameter0 drifted");
}
if (offsetof<EvictionRecord>() != EVICTION_BYTES) ERROR("EvictionRecord drifted in size");

@unmanaged export class FaultRecord {
  timeNs: u64;
  kind: u32;
  subject: u32;
}
if (offsetof<FaultRecord>("timeNs") != FaultField.TimeNs) ERROR("FaultRecord.timeNs drifted");
if (offsetof<FaultRecord>("kind") != FaultField.Kind) ERROR("FaultRecord.kind drifted");
if (offsetof<FaultRecord>("subject") != FaultField.Subject) ERROR("FaultRecord.subject drifted");
if (offsetof<FaultRecord>() != FAULT_BYTES) ERROR("FaultRecord drifted in size");

@unmanaged export class SamplesRecord {
  table: u32;
  rows: u32;
  columns: u32;
  widthBits: u32;
}
if (offsetof<SamplesRecord>("table") != SamplesField.Table) ERROR("SamplesRecord.table drifted");
if (offsetof<SamplesRecord>("rows") != SamplesField.Rows) ERROR("SamplesRecord.rows drifted");
if (offsetof<SamplesRecord>("columns") != SamplesField.Columns) {
  ERROR("SamplesRecord.columns drifted");
}
if (offsetof<SamplesRecord>("widthBits") != SamplesField.WidthBits) {
  ERROR("SamplesRecord.widthBits drifted");
}
if (offsetof<SamplesRecord>() != SAMPLES_BYTES) ERROR("SamplesRecord drifted in size");
