/** The records that the host writes for a hierarchy, as fields; see `../layout.ts`. */
import { HIERARCHY_BYTES, HierarchyField, TIER_BYTES, TierField } from "../abi_hierarchy";

@unmanaged export class HierarchyHeader {
  tiers: u32;
  tierRecords: u32;
  containment: u32;
  write: u32;
  writeHits: u32;
  promotion: u32;
  entry: u32;
  demotion: u32;
  movement: u32;
  recompute: u32;
  touch: u32;
  exchange: u32;
  pinnedDepth: u32;
  prefetcher: u32;
  prefetchMax: u32;
  warmup: u32;
  floorBytes: u64;
  seed: u64;
  nsPerToken: f64;
  nsPerTokenSquared: f64;
  arrivalNs: u32;
  session: u32;
  step: u32;
  blockReadNs: u32;
  requestNs: u32;
  blockTokens: u32;
  checkBooks: u32;
  reserved: u32;
  prefetchParameter0: f64;
  prefetchParameter1: f64;
  prefetchParameter2: f64;
  prefetchParameter3: f64;
  prefetchParameter4: f64;
  prefetchParameter5: f64;
  prefetchParameter6: f64;
  prefetchParameter7: f64;
}
if (offsetof<HierarchyHeader>("tiers") != HierarchyField.Tiers) {
  ERROR("HierarchyHeader.tiers drifted");
}
if (offsetof<HierarchyHeader>("tierRecords") != HierarchyField.TierRecords) {
  ERROR("HierarchyHeader.tierRecords drifted");
}
if (offsetof<HierarchyHeader>("containment") != HierarchyField.Containment) {
  ERROR("HierarchyHeader.containment drifted");
}
if (offsetof<HierarchyHeader>("write") != HierarchyField.Write) {
  ERROR("HierarchyHeader.write drifted");
}
if (offsetof<HierarchyHeader>("writeHits") != HierarchyField.WriteHits) {
  ERROR("HierarchyHeader.writeHits drifted");
}
if (offsetof<HierarchyHeader>("promotion") != HierarchyField.Promotion) {
  ERROR("HierarchyHeader.promotion drifted");
}
if (offsetof<HierarchyHeader>("entry") != HierarchyField.Entry) {
  ERROR("HierarchyHeader.entry drifted");
}
if (offsetof<HierarchyHeader>("demotion") != HierarchyField.Demotion) {
  ERROR("HierarchyHeader.demotion drifted");
}
if (offsetof<HierarchyHeader>("movement") != HierarchyField.Movement) {
  ERROR("HierarchyHeader.movement drifted");
}
if (offsetof<HierarchyHeader>("recompute") != HierarchyField.Recompute) {
  ERROR("HierarchyHeader.recompute drifted");
}
if (offsetof<HierarchyHeader>("touch") != HierarchyField.Touch) {
  ERROR("HierarchyHeader.touch drifted");
}
if (offsetof<HierarchyHeader>("exchange") != HierarchyField.Exchange) {
  ERROR("HierarchyHeader.exchange drifted");
}
if (offsetof<HierarchyHeader>("pinnedDepth") != HierarchyField.PinnedDepth) {
  ERROR("HierarchyHeader.pinnedDepth drifted");
}
if (offsetof<HierarchyHeader>("prefetcher") != HierarchyField.Prefetcher) {
  ERROR("HierarchyHeader.prefetcher drifted");
}
if (offsetof<HierarchyHeader>("prefetchMax") != HierarchyField.PrefetchMax) {
  ERROR("HierarchyHeader.prefetchMax drifted");
}
if (offsetof<HierarchyHeader>("warmup") != HierarchyField.Warmup) {
  ERROR("HierarchyHeader.warmup drifted");
}
if (offsetof<HierarchyHeader>("floorBytes") != HierarchyField.FloorBytes) {
  ERROR("HierarchyHeader.floorBytes drifted");
}
if (offsetof<HierarchyHeader>("seed") != HierarchyField.Seed) ERROR("HierarchyHeader.seed drifted");
if (offsetof<HierarchyHeader>("nsPerToken") != HierarchyField.NsPerToken) {
  ERROR("HierarchyHeader.nsPerToken drifted");
}
if (offsetof<HierarchyHeader>("nsPerTokenSquared") != HierarchyField.NsPerTokenSquared) {
  ERROR("HierarchyHeader.nsPerTokenSquared drifted");
}
if (offsetof<HierarchyHeader>("arrivalNs") != HierarchyField.ArrivalNs) {
  ERROR("HierarchyHeader.arrivalNs drifted");
}
if (offsetof<HierarchyHeader>("session") != HierarchyField.Session) {
  ERROR("HierarchyHeader.session drifted");
}
if (offsetof<HierarchyHeader>("step") != HierarchyField.Step) ERROR("HierarchyHeader.step drifted");
if (offsetof<HierarchyHeader>("blockReadNs") != HierarchyField.BlockReadNs) {
  ERROR("HierarchyHeader.blockReadNs drifted");
}
if (offsetof<HierarchyHeader>("requestNs") != HierarchyField.RequestNs) {
  ERROR("HierarchyHeader.requestNs drifted");
}
if (offsetof<HierarchyHeader>("blockTokens") != HierarchyField.BlockTokens) {
  ERROR("HierarchyHeader.blockTokens drifted");
}
if (offsetof<HierarchyHeader>("checkBooks") != HierarchyField.CheckBooks) {
  ERROR("HierarchyHeader.checkBooks drifted");
}
if (offsetof<HierarchyHeader>("reserved") != HierarchyField.Reserved) {
  ERROR("HierarchyHeader.reserved drifted");
}
if (offsetof<HierarchyHeader>("prefetchParameter0") != HierarchyField.PrefetchParameters) {
  ERROR("HierarchyHeader.prefetchParameter0 drifted");
}
if (offsetof<HierarchyHeader>() != HIERARCHY_BYTES) ERROR("HierarchyHeader drifted from abi.ts in size");

@unmanaged export class TierRecord {
  capacityBytes: u64;
  blockBytes: u64;
  blockSizes: u32;
  slots: u32;
  readBytesPerSecond: u64;
  writeBytesPerSecond: u64;
  readLatencyNs: u64;
  writeLatencyNs: u64;
  dequantiseNs: u64;
  dequantiseBytesPerSecond: u64;
  concurrency: u32;
  policy: u32;
  admission: u32;
  reserved: u32;
  policyParameter0: f64;
  policyParameter1: f64;
  policyParameter2: f64;
  policyParameter3: f64;
  policyParameter4: f64;
  policyParameter5: f64;
  policyParameter6: f64;
  policyParameter7: f64;
  admissionParameter0: f64;
  admissionParameter1: f64;
  admissionParameter2: f64;
  admissionParameter3: f64;
}
if (offsetof<TierRecord>("capacityBytes") != TierField.CapacityBytes) {
  ERROR("TierRecord.capacityBytes drifted");
}
if (offsetof<TierRecord>("blockBytes") != TierField.BlockBytes) {
  ERROR("TierRecord.blockBytes drifted");
}
if (offsetof<TierRecord>("blockSizes") != TierField.BlockSizes) {
  ERROR("TierRecord.blockSizes drifted");
}
if (offsetof<TierRecord>("slots") != TierField.Slots) ERROR("TierRecord.slots drifted");
if (offsetof<TierRecord>("readBytesPerSecond") != TierField.ReadBytesPerSecond) {
  ERROR("TierRecord.readBytesPerSecond drifted");
}
if (offsetof<TierRecord>("writeBytesPerSecond") != TierField.WriteBytesPerSecond) {
  ERROR("TierRecord.writeBytesPerSecond drifted");
}
if (offsetof<TierRecord>("readLatencyNs") != TierField.ReadLatencyNs) {
  ERROR("TierRecord.readLatencyNs drifted");
}
if (offsetof<TierRecord>("writeLatencyNs") != TierField.WriteLatencyNs) {
  ERROR("TierRecord.writeLatencyNs drifted");
}
if (offsetof<TierRecord>("dequantiseNs") != TierField.DequantiseNs) {
  ERROR("TierRecord.dequantiseNs drifted");
}
if (offsetof<TierRecord>("dequantiseBytesPerSecond") != TierField.DequantiseBytesPerSecond) {
  ERROR("TierRecord.dequantiseBytesPerSecond drifted");
}
if (offsetof<TierRecord>("concurrency") != TierField.Concurrency) {
  ERROR("TierRecord.concurrency drifted");
}
if (offsetof<TierRecord>("policy") != TierField.Policy) ERROR("TierRecord.policy drifted");
if (offsetof<TierRecord>("admission") != TierField.Admission) ERROR("TierRecord.admission drifted");
if (offsetof<TierRecord>("reserved") != TierField.Reserved) ERROR("TierRecord.reserved drifted");
if (offsetof<TierRecord>("policyParameter0") != TierField.PolicyParameters) {
  ERROR("TierRecord.policyParameter0 drifted");
}
if (offsetof<TierRecord>("admissionParameter0") != TierField.AdmissionParameters) {
  ERROR("TierRecord.admissionParameter0 drifted");
}
if (offsetof<TierRecord>() != TIER_BYTES) ERROR("TierRecord drifted from abi.ts in size");
