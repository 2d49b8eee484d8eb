/** The records of `abi.ts` that a hierarchy has, as fields; see `../layout.ts`. */
import {
  HIERARCHY_BYTES,
  HIERARCHY_RESULT_BYTES,
  HierarchyField,
  HierarchyResultField,
  TIER_BYTES,
  TIER_RESULT_BYTES,
  TierField,
  TierResultField,
} from "../abi";

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

@unmanaged export class HierarchyFound {
  requests: u64;
  lookups: u64;
  misses: u64;
  recomputed: u64;
  recomputedByChoice: u64;
  joined: u64;
  prefetchRequested: u64;
  prefetchUseful: u64;
  prefetchLate: u64;
  prefetchWasted: u64;
  prefetchBytes: u64;
  loadNs: u64;
  waitNs: u64;
  computeNs: u64;
  dequantiseNs: u64;
  blockReadNs: u64;
  hitTokens: u64;
  inputTokens: u64;
  tiers: u32;
  moves: u32;
  bytes: u32;
  wideBytes: u32;
}
if (offsetof<HierarchyFound>("requests") != HierarchyResultField.Requests) {
  ERROR("HierarchyFound.requests drifted");
}
if (offsetof<HierarchyFound>("lookups") != HierarchyResultField.Lookups) {
  ERROR("HierarchyFound.lookups drifted");
}
if (offsetof<HierarchyFound>("misses") != HierarchyResultField.Misses) {
  ERROR("HierarchyFound.misses drifted");
}
if (offsetof<HierarchyFound>("recomputed") != HierarchyResultField.Recomputed) {
  ERROR("HierarchyFound.recomputed drifted");
}
if (offsetof<HierarchyFound>("recomputedByChoice") != HierarchyResultField.RecomputedByChoice) {
  ERROR("HierarchyFound.recomputedByChoice drifted");
}
if (offsetof<HierarchyFound>("joined") != HierarchyResultField.Joined) {
  ERROR("HierarchyFound.joined drifted");
}
if (offsetof<HierarchyFound>("prefetchRequested") != HierarchyResultField.PrefetchRequested) {
  ERROR("HierarchyFound.prefetchRequested drifted");
}
if (offsetof<HierarchyFound>("prefetchUseful") != HierarchyResultField.PrefetchUseful) {
  ERROR("HierarchyFound.prefetchUseful drifted");
}
if (offsetof<HierarchyFound>("prefetchLate") != HierarchyResultField.PrefetchLate) {
  ERROR("HierarchyFound.prefetchLate drifted");
}
if (offsetof<HierarchyFound>("prefetchWasted") != HierarchyResultField.PrefetchWasted) {
  ERROR("HierarchyFound.prefetchWasted drifted");
}
if (offsetof<HierarchyFound>("prefetchBytes") != HierarchyResultField.PrefetchBytes) {
  ERROR("HierarchyFound.prefetchBytes drifted");
}
if (offsetof<HierarchyFound>("loadNs") != HierarchyResultField.LoadNs) {
  ERROR("HierarchyFound.loadNs drifted");
}
if (offsetof<HierarchyFound>("waitNs") != HierarchyResultField.WaitNs) {
  ERROR("HierarchyFound.waitNs drifted");
}
if (offsetof<HierarchyFound>("computeNs") != HierarchyResultField.ComputeNs) {
  ERROR("HierarchyFound.computeNs drifted");
}
if (offsetof<HierarchyFound>("dequantiseNs") != HierarchyResultField.DequantiseNs) {
  ERROR("HierarchyFound.dequantiseNs drifted");
}
if (offsetof<HierarchyFound>("blockReadNs") != HierarchyResultField.BlockReadNs) {
  ERROR("HierarchyFound.blockReadNs drifted");
}
if (offsetof<HierarchyFound>("hitTokens") != HierarchyResultField.HitTokens) {
  ERROR("HierarchyFound.hitTokens drifted");
}
if (offsetof<HierarchyFound>("inputTokens") != HierarchyResultField.InputTokens) {
  ERROR("HierarchyFound.inputTokens drifted");
}
if (offsetof<HierarchyFound>("tiers") != HierarchyResultField.Tiers) {
  ERROR("HierarchyFound.tiers drifted");
}
if (offsetof<HierarchyFound>("moves") != HierarchyResultField.Moves) {
  ERROR("HierarchyFound.moves drifted");
}
if (offsetof<HierarchyFound>("bytes") != HierarchyResultField.Bytes) {
  ERROR("HierarchyFound.bytes drifted");
}
if (offsetof<HierarchyFound>("wideBytes") != HierarchyResultField.WideBytes) {
  ERROR("HierarchyFound.wideBytes drifted");
}
if (offsetof<HierarchyFound>() != HIERARCHY_RESULT_BYTES) ERROR("HierarchyFound drifted from abi.ts in size");

@unmanaged export class TierFound {
  hits: u64;
  prefixHits: u64;
  promotedIn: u64;
  demotedIn: u64;
  insertedIn: u64;
  evictions: u64;
  dropped: u64;
  bypasses: u64;
  bytesIn: u64;
  bytesOut: u64;
  usedBytes: u64;
  peakBytes: u64;
  resident: u64;
  readBusyNs: u64;
  writeBusyNs: u64;
  waitNs: u64;
  transfers: u64;
  startBytes: u64;
  startBlocks: u64;
}
if (offsetof<TierFound>("hits") != TierResultField.Hits) ERROR("TierFound.hits drifted");
if (offsetof<TierFound>("prefixHits") != TierResultField.PrefixHits) {
  ERROR("TierFound.prefixHits drifted");
}
if (offsetof<TierFound>("promotedIn") != TierResultField.PromotedIn) {
  ERROR("TierFound.promotedIn drifted");
}
if (offsetof<TierFound>("demotedIn") != TierResultField.DemotedIn) {
  ERROR("TierFound.demotedIn drifted");
}
if (offsetof<TierFound>("insertedIn") != TierResultField.InsertedIn) {
  ERROR("TierFound.insertedIn drifted");
}
if (offsetof<TierFound>("evictions") != TierResultField.Evictions) {
  ERROR("TierFound.evictions drifted");
}
if (offsetof<TierFound>("dropped") != TierResultField.Dropped) ERROR("TierFound.dropped drifted");
if (offsetof<TierFound>("bypasses") != TierResultField.Bypasses) {
  ERROR("TierFound.bypasses drifted");
}
if (offsetof<TierFound>("bytesIn") != TierResultField.BytesIn) ERROR("TierFound.bytesIn drifted");
if (offsetof<TierFound>("bytesOut") != TierResultField.BytesOut) {
  ERROR("TierFound.bytesOut drifted");
}
if (offsetof<TierFound>("usedBytes") != TierResultField.UsedBytes) {
  ERROR("TierFound.usedBytes drifted");
}
if (offsetof<TierFound>("peakBytes") != TierResultField.PeakBytes) {
  ERROR("TierFound.peakBytes drifted");
}
if (offsetof<TierFound>("resident") != TierResultField.Resident) {
  ERROR("TierFound.resident drifted");
}
if (offsetof<TierFound>("readBusyNs") != TierResultField.ReadBusyNs) {
  ERROR("TierFound.readBusyNs drifted");
}
if (offsetof<TierFound>("writeBusyNs") != TierResultField.WriteBusyNs) {
  ERROR("TierFound.writeBusyNs drifted");
}
if (offsetof<TierFound>("waitNs") != TierResultField.WaitNs) ERROR("TierFound.waitNs drifted");
if (offsetof<TierFound>("transfers") != TierResultField.Transfers) {
  ERROR("TierFound.transfers drifted");
}
if (offsetof<TierFound>("startBytes") != TierResultField.StartBytes) {
  ERROR("TierFound.startBytes drifted");
}
if (offsetof<TierFound>("startBlocks") != TierResultField.StartBlocks) {
  ERROR("TierFound.startBlocks drifted");
}
if (offsetof<TierFound>() != TIER_RESULT_BYTES) ERROR("TierFound drifted from abi.ts in size");
