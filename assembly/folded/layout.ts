/** What the folded engine tells the host, as fields; see `../layout.ts`. */
import { FOLDED_RESULT_BYTES, FoldedResultField } from "../abi";

@unmanaged export class FoldedResult {
  hits: u64;
  prefixHits: u64;
  runs: u32;
  request: u32;
  extent: u32;
  firstBlock: u32;
  blockCount: u32;
  previousRequest: u32;
  distance: u32;
  peak: u32;
  evictedRows: u32;
  evictedBlocks: u32;
  touchedRequest: u32;
  evictedRequest: u32;
}
if (offsetof<FoldedResult>("hits") != FoldedResultField.Hits) ERROR("FoldedResult.hits drifted");
if (offsetof<FoldedResult>("prefixHits") != FoldedResultField.PrefixHits) {
  ERROR("FoldedResult.prefixHits drifted");
}
if (offsetof<FoldedResult>("runs") != FoldedResultField.Runs) ERROR("FoldedResult.runs drifted");
if (offsetof<FoldedResult>("request") != FoldedResultField.Request) {
  ERROR("FoldedResult.request drifted");
}
if (offsetof<FoldedResult>("extent") != FoldedResultField.Extent) {
  ERROR("FoldedResult.extent drifted");
}
if (offsetof<FoldedResult>("firstBlock") != FoldedResultField.FirstBlock) {
  ERROR("FoldedResult.firstBlock drifted");
}
if (offsetof<FoldedResult>("blockCount") != FoldedResultField.BlockCount) {
  ERROR("FoldedResult.blockCount drifted");
}
if (offsetof<FoldedResult>("previousRequest") != FoldedResultField.PreviousRequest) {
  ERROR("FoldedResult.previousRequest drifted");
}
if (offsetof<FoldedResult>("distance") != FoldedResultField.Distance) {
  ERROR("FoldedResult.distance drifted");
}
if (offsetof<FoldedResult>("peak") != FoldedResultField.Peak) ERROR("FoldedResult.peak drifted");
if (offsetof<FoldedResult>("evictedRows") != FoldedResultField.EvictedRows) {
  ERROR("FoldedResult.evictedRows drifted");
}
if (offsetof<FoldedResult>("evictedBlocks") != FoldedResultField.EvictedBlocks) {
  ERROR("FoldedResult.evictedBlocks drifted");
}
if (offsetof<FoldedResult>("touchedRequest") != FoldedResultField.TouchedRequest) {
  ERROR("FoldedResult.touchedRequest drifted");
}
if (offsetof<FoldedResult>("evictedRequest") != FoldedResultField.EvictedRequest) {
  ERROR("FoldedResult.evictedRequest drifted");
}
if (offsetof<FoldedResult>() != FOLDED_RESULT_BYTES) {
  ERROR("FoldedResult drifted from abi.ts in size");
}
