/** Header and replicas as the host writes them, as fields; see `../layout.ts`. */
import { REPLICA_BYTES, ReplicaField, SERVING_BYTES, ServingField } from "../abi_serving";

@unmanaged export class ServingHeader {
  replicas: u32;
  replicaRecords: u32;
  stepModels: u32;
  stepModelRecords: u32;
  links: u32;
  linkRecords: u32;
  stores: u32;
  storeRecords: u32;
  faults: u32;
  faultRecords: u32;
  router: u32;
  routerSample: u32;
  stalenessNs: u64;
  seed: u64;
  arrivalNs: u32;
  outputTokens: u32;
  session: u32;
  previous: u32;
  thinkNs: u32;
  results: u32;
  blockTokens: u32;
  blockBytes: u32;
  speculativeView: u32;
  handover: u32;
  deltaTransfer: u32;
  recompute: u32;
  discipline: u32;
  layers: u32;
  jitterShape: f64;
  tailProbability: f64;
  tailFactor: f64;
  checkBooks: u32;
  stepLog: u32;
  stepLogRoom: u32;
  continuation: u32;
  routerParameter0: f64;
  routerParameter1: f64;
  routerParameter2: f64;
  routerParameter3: f64;
  routerParameter4: f64;
  routerParameter5: f64;
  routerParameter6: f64;
  routerParameter7: f64;
  writeDelayNs: u64;
  spines: u32;
  samples: u32;
  peers: u32;
  evictions: u32;
  evictionRecords: u32;
  reserved: u32;
  warmupNs: u64;
}
if (offsetof<ServingHeader>("replicas") != ServingField.Replicas) {
  ERROR("ServingHeader.replicas drifted");
}
if (offsetof<ServingHeader>("replicaRecords") != ServingField.ReplicaRecords) {
  ERROR("ServingHeader.replicaRecords drifted");
}
if (offsetof<ServingHeader>("stepModels") != ServingField.StepModels) {
  ERROR("ServingHeader.stepModels drifted");
}
if (offsetof<ServingHeader>("stepModelRecords") != ServingField.StepModelRecords) {
  ERROR("ServingHeader.stepModelRecords drifted");
}
if (offsetof<ServingHeader>("links") != ServingField.Links) ERROR("ServingHeader.links drifted");
if (offsetof<ServingHeader>("linkRecords") != ServingField.LinkRecords) {
  ERROR("ServingHeader.linkRecords drifted");
}
if (offsetof<ServingHeader>("stores") != ServingField.Stores) ERROR("ServingHeader.stores drifted");
if (offsetof<ServingHeader>("storeRecords") != ServingField.StoreRecords) {
  ERROR("ServingHeader.storeRecords drifted");
}
if (offsetof<ServingHeader>("faults") != ServingField.Faults) ERROR("ServingHeader.faults drifted");
if (offsetof<ServingHeader>("faultRecords") != ServingField.FaultRecords) {
  ERROR("ServingHeader.faultRecords drifted");
}
if (offsetof<ServingHeader>("router") != ServingField.Router) ERROR("ServingHeader.router drifted");
if (offsetof<ServingHeader>("routerSample") != ServingField.RouterSample) {
  ERROR("ServingHeader.routerSample drifted");
}
if (offsetof<ServingHeader>("stalenessNs") != ServingField.StalenessNs) {
  ERROR("ServingHeader.stalenessNs drifted");
}
if (offsetof<ServingHeader>("seed") != ServingField.Seed) ERROR("ServingHeader.seed drifted");
if (offsetof<ServingHeader>("arrivalNs") != ServingField.ArrivalNs) {
  ERROR("ServingHeader.arrivalNs drifted");
}
if (offsetof<ServingHeader>("outputTokens") != ServingField.OutputTokens) {
  ERROR("ServingHeader.outputTokens drifted");
}
if (offsetof<ServingHeader>("session") != ServingField.Session) {
  ERROR("ServingHeader.session drifted");
}
if (offsetof<ServingHeader>("previous") != ServingField.Previous) {
  ERROR("ServingHeader.previous drifted");
}
if (offsetof<ServingHeader>("thinkNs") != ServingField.ThinkNs) {
  ERROR("ServingHeader.thinkNs drifted");
}
if (offsetof<ServingHeader>("results") != ServingField.Results) {
  ERROR("ServingHeader.results drifted");
}
if (offsetof<ServingHeader>("blockTokens") != ServingField.BlockTokens) {
  ERROR("ServingHeader.blockTokens drifted");
}
if (offsetof<ServingHeader>("blockBytes") != ServingField.BlockBytes) {
  ERROR("ServingHeader.blockBytes drifted");
}
if (offsetof<ServingHeader>("speculativeView") != ServingField.SpeculativeView) {
  ERROR("ServingHeader.speculativeView drifted");
}
if (offsetof<ServingHeader>("handover") != ServingField.Handover) {
  ERROR("ServingHeader.handover drifted");
}
if (offsetof<ServingHeader>("deltaTransfer") != ServingField.DeltaTransfer) {
  ERROR("ServingHeader.deltaTransfer drifted");
}
if (offsetof<ServingHeader>("recompute") != ServingField.Recompute) {
  ERROR("ServingHeader.recompute drifted");
}
if (offsetof<ServingHeader>("discipline") != ServingField.Discipline) {
  ERROR("ServingHeader.discipline drifted");
}
if (offsetof<ServingHeader>("layers") != ServingField.Layers) ERROR("ServingHeader.layers drifted");
if (offsetof<ServingHeader>("jitterShape") != ServingField.JitterShape) {
  ERROR("ServingHeader.jitterShape drifted");
}
if (offsetof<ServingHeader>("tailProbability") != ServingField.TailProbability) {
  ERROR("ServingHeader.tailProbability drifted");
}
if (offsetof<ServingHeader>("tailFactor") != ServingField.TailFactor) {
  ERROR("ServingHeader.tailFactor drifted");
}
if (offsetof<ServingHeader>("checkBooks") != ServingField.CheckBooks) {
  ERROR("ServingHeader.checkBooks drifted");
}
if (offsetof<ServingHeader>("stepLog") != ServingField.StepLog) {
  ERROR("ServingHeader.stepLog drifted");
}
if (offsetof<ServingHeader>("stepLogRoom") != ServingField.StepLogRoom) {
  ERROR("ServingHeader.stepLogRoom drifted");
}
if (offsetof<ServingHeader>("continuation") != ServingField.Continuation) {
  ERROR("ServingHeader.continuation drifted");
}
if (offsetof<ServingHeader>("routerParameter0") != ServingField.RouterParameters) {
  ERROR("ServingHeader.routerParameter0 drifted");
}
if (offsetof<ServingHeader>("writeDelayNs") != ServingField.WriteDelayNs) {
  ERROR("ServingHeader.writeDelayNs drifted");
}
if (offsetof<ServingHeader>("peers") != ServingField.Peers) ERROR("ServingHeader.peers drifted");
if (offsetof<ServingHeader>("spines") != ServingField.Spines) ERROR("ServingHeader.spines drifted");
if (offsetof<ServingHeader>("samples") != ServingField.Samples) {
  ERROR("ServingHeader.samples drifted");
}
if (offsetof<ServingHeader>("evictions") != ServingField.Evictions) {
  ERROR("ServingHeader.evictions drifted");
}
if (offsetof<ServingHeader>("evictionRecords") != ServingField.EvictionRecords) {
  ERROR("ServingHeader.evictionRecords drifted");
}
if (offsetof<ServingHeader>("warmupNs") != ServingField.WarmupNs) {
  ERROR("ServingHeader.warmupNs drifted");
}
if (offsetof<ServingHeader>() != SERVING_BYTES) ERROR("ServingHeader drifted in size");

@unmanaged export class ReplicaRecord {
  role: u32;
  node: u32;
  rack: u32;
  stepModel: u32;
  blocks: u32;
  maxSequences: u32;
  tokenBudget: u32;
  flags: u32;
  firstStore: u32;
  stores: u32;
  storePath: u32;
  linkOut: u32;
  linkIn: u32;
  linkUp: u32;
  island: u32;
  linkPeer: u32;
  linkHostIn: u32;
  linkHostOut: u32;
  linkDown: u32;
  linkSwitchIn: u32;
  linkSwitchOut: u32;
  sampleRow: u32;
  nextMate: u32;
  eviction: u32;
}
if (offsetof<ReplicaRecord>("role") != ReplicaField.Role) ERROR("ReplicaRecord.role drifted");
if (offsetof<ReplicaRecord>("node") != ReplicaField.Node) ERROR("ReplicaRecord.node drifted");
if (offsetof<ReplicaRecord>("rack") != ReplicaField.Rack) ERROR("ReplicaRecord.rack drifted");
if (offsetof<ReplicaRecord>("stepModel") != ReplicaField.StepModel) {
  ERROR("ReplicaRecord.stepModel drifted");
}
if (offsetof<ReplicaRecord>("blocks") != ReplicaField.Blocks) ERROR("ReplicaRecord.blocks drifted");
if (offsetof<ReplicaRecord>("maxSequences") != ReplicaField.MaxSequences) {
  ERROR("ReplicaRecord.maxSequences drifted");
}
if (offsetof<ReplicaRecord>("tokenBudget") != ReplicaField.TokenBudget) {
  ERROR("ReplicaRecord.tokenBudget drifted");
}
if (offsetof<ReplicaRecord>("flags") != ReplicaField.Flags) ERROR("ReplicaRecord.flags drifted");
if (offsetof<ReplicaRecord>("firstStore") != ReplicaField.FirstStore) {
  ERROR("ReplicaRecord.firstStore drifted");
}
if (offsetof<ReplicaRecord>("stores") != ReplicaField.Stores) ERROR("ReplicaRecord.stores drifted");
if (offsetof<ReplicaRecord>("storePath") != ReplicaField.StorePath) {
  ERROR("ReplicaRecord.storePath drifted");
}
if (offsetof<ReplicaRecord>("linkOut") != ReplicaField.LinkOut) {
  ERROR("ReplicaRecord.linkOut drifted");
}
if (offsetof<ReplicaRecord>("linkIn") != ReplicaField.LinkIn) ERROR("ReplicaRecord.linkIn drifted");
if (offsetof<ReplicaRecord>("linkUp") != ReplicaField.LinkUp) ERROR("ReplicaRecord.linkUp drifted");
if (offsetof<ReplicaRecord>("island") != ReplicaField.Island) ERROR("ReplicaRecord.island drifted");
if (offsetof<ReplicaRecord>("linkPeer") != ReplicaField.LinkPeer) {
  ERROR("ReplicaRecord.linkPeer drifted");
}
if (offsetof<ReplicaRecord>("linkHostIn") != ReplicaField.LinkHostIn) {
  ERROR("ReplicaRecord.linkHostIn drifted");
}
if (offsetof<ReplicaRecord>("linkHostOut") != ReplicaField.LinkHostOut) {
  ERROR("ReplicaRecord.linkHostOut drifted");
}
if (offsetof<ReplicaRecord>("linkDown") != ReplicaField.LinkDown) {
  ERROR("ReplicaRecord.linkDown drifted");
}
if (offsetof<ReplicaRecord>("linkSwitchIn") != ReplicaField.LinkSwitchIn) {
  ERROR("ReplicaRecord.linkSwitchIn drifted");
}
if (offsetof<ReplicaRecord>("linkSwitchOut") != ReplicaField.LinkSwitchOut) {
  ERROR("ReplicaRecord.linkSwitchOut drifted");
}
if (offsetof<ReplicaRecord>("sampleRow") != ReplicaField.SampleRow) {
  ERROR("ReplicaRecord.sampleRow drifted");
}
if (offsetof<ReplicaRecord>("nextMate") != ReplicaField.NextMate) {
  ERROR("ReplicaRecord.nextMate drifted");
}
if (offsetof<ReplicaRecord>("eviction") != ReplicaField.Eviction) {
  ERROR("ReplicaRecord.eviction drifted");
}
if (offsetof<ReplicaRecord>() != REPLICA_BYTES) ERROR("ReplicaRecord drifted in size");
