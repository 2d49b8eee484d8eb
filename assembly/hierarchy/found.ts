/** The records that a hierarchy answers with, as fields; see `../layout.ts`. */
import {
  HIERARCHY_RESULT_BYTES,
  HierarchyResultField,
  TIER_RESULT_BYTES,
  TierResultField,
} from "../abi_hierarchy";

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
