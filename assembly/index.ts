/** The exports, all of them. One instance holds one trace and replays it any number of times. */
import { admitters } from "./admission/registry";
import { ABI_VERSION, ErrorCode, FoldedTask, RegistryKind, TouchOrder } from "./abi";
import { setMark, take } from "./arena";
import { openColumns } from "./columns/trace";
import { failure as lastFailure } from "./failure";
import { fold, foldBatch as foldRows, foldRoom as makeFoldRoom } from "./fold";
import {
  advanceFolded as advanceFoldedTask,
  closeFolded as endFolded,
  dropRuns,
  foldedResult as foldedFound,
  openFolded as beginFolded,
} from "./folded/replay";
import { HierarchyHeader } from "./hierarchy/layout";
import { ServingHeader } from "./serving/layout";
import { evictions } from "./serving/orders/registry";
import { routers } from "./serving/routers/registry";
import {
  advanceServing as advanceCluster,
  closeServing as endCluster,
  openServing as beginCluster,
  servingFound,
} from "./serve";
import { RunHeader, TraceHeader } from "./layout";
import { policies } from "./policies/registry";
import { prefetchers } from "./prefetch/registry";
import { advance as advanceRun, closeRun as endRun, openRun as beginRun, result as found } from "./replay";
import {
  advanceHierarchy as advanceTiers,
  allocBelow as takeBelow,
  closeHierarchy as endTiers,
  hierarchyFound,
  openHierarchy as beginTiers,
} from "./simulate";
import {
  closeModels as dropModels,
  modelRoom as makeModelRoom,
  openModel as checkModel,
  recordRoom as makeRecordRoom,
} from "./trees";

/** The host refuses a module of another version. */
export function abiVersion(): u32 {
  return ABI_VERSION;
}

/** Room for a column or header of the host; zeroed, 16-byte aligned. Before `openTrace` only. */
export function alloc(bytes: usize): usize {
  return take(bytes);
}

export function registryCount(kind: RegistryKind): u32 {
  if (kind == RegistryKind.Policy) return policies.length;
  if (kind == RegistryKind.Router) return routers.length;
  if (kind == RegistryKind.Eviction) return evictions.length;
  return kind == RegistryKind.Admission ? admitters.length : prefetchers.length;
}

/** Address of a UTF-16 string; its byte length stands in the 4 bytes before it. */
export function registryName(kind: RegistryKind, index: u32): usize {
  if (kind == RegistryKind.Policy) return changetype<usize>(policies[index].name);
  if (kind == RegistryKind.Admission) return changetype<usize>(admitters[index].name);
  if (kind == RegistryKind.Router) return changetype<usize>(routers[index].name);
  if (kind == RegistryKind.Eviction) return changetype<usize>(evictions[index].name);
  return changetype<usize>(prefetchers[index].name);
}

/** Address of a string of space-separated `name=default:min:max` entries. */
export function registryParameters(kind: RegistryKind, index: u32): usize {
  if (kind == RegistryKind.Policy) return changetype<usize>(policies[index].parameters);
  if (kind == RegistryKind.Admission) return changetype<usize>(admitters[index].parameters);
  if (kind == RegistryKind.Router) return changetype<usize>(routers[index].parameters);
  if (kind == RegistryKind.Eviction) return changetype<usize>(evictions[index].parameters);
  return changetype<usize>(prefetchers[index].parameters);
}

/** Bits of `Trait`. */
export function registryTraits(kind: RegistryKind, index: u32): u32 {
  if (kind == RegistryKind.Policy) return policies[index].traits();
  if (kind == RegistryKind.Router) return routers[index].traits;
  if (kind == RegistryKind.Eviction) return evictions[index].traits;
  return kind == RegistryKind.Prefetch ? prefetchers[index].traits : 0;
}

/** Takes the trace whose header is at `address`; its columns stay where they are. */
export function openTrace(address: usize): ErrorCode {
  const code = openColumns(changetype<TraceHeader>(address));
  dropRuns();
  setMark();
  return code;
}

export function openRun(address: usize): ErrorCode {
  return beginRun(changetype<RunHeader>(address));
}

export function advance(accesses: u32): u32 {
  return advanceRun(accesses);
}

export function closeRun(): ErrorCode {
  return endRun();
}

/** Address of the result header. */
export function result(): usize {
  return changetype<usize>(found);
}

/** Address of the last refusal. */
export function failure(): usize {
  return changetype<usize>(lastFailure);
}

export function foldRoom(rows: u32, blocks: u32): ErrorCode {
  return makeFoldRoom(rows, blocks);
}

export function foldBatch(rows: u32): void {
  foldRows(rows);
}

/** Address of the fold header. */
export function foldHeader(): usize {
  return changetype<usize>(fold);
}

/** Room for packed models, or 0 when no trace is open. Drops the run and the models in force. */
export function modelRoom(bytes: u32): usize {
  return makeModelRoom(bytes);
}

/** Checks a model that the host wrote into the room, and puts it in force for a tier. */
export function openModel(tier: u32, address: usize): ErrorCode {
  return checkModel(tier, address);
}

/** Ends the force of all models: `learned` is LRU again. */
export function closeModels(): void {
  dropModels();
}

/** Address of the recorder's header, with room for that many rows. Drops the run in progress. */
export function recordRoom(rows: u32): usize {
  return makeRecordRoom(rows);
}

/** Room for a column that later runs read; drops the run in progress. After `openTrace`. */
export function allocBelow(bytes: usize): usize {
  return takeBelow(bytes);
}

export function openHierarchy(address: usize): ErrorCode {
  return beginTiers(changetype<HierarchyHeader>(address));
}

/** Replays `requests` more requests at most; gives the requests still to do. */
export function advanceHierarchy(requests: u32): u32 {
  return advanceTiers(requests);
}

export function closeHierarchy(): ErrorCode {
  return endTiers();
}

/** Address of the result header of a hierarchy. */
export function hierarchyResult(): usize {
  return changetype<usize>(hierarchyFound);
}

/** Begins a task on extents; the run before it is dropped. `Reuse` reads no capacity. */
export function openFolded(task: FoldedTask, touch: TouchOrder, capacityBlocks: u32): ErrorCode {
  return beginFolded(task, touch, capacityBlocks);
}

/** Goes on for one slice; gives about how many are still to do, 0 at the end. */
export function advanceFolded(): u32 {
  return advanceFoldedTask();
}

export function closeFolded(): ErrorCode {
  return endFolded();
}

/** Address of the result of a task on extents. */
export function foldedResult(): usize {
  return changetype<usize>(foldedFound);
}

export function openServing(address: usize): ErrorCode {
  return beginCluster(changetype<ServingHeader>(address));
}

/** Handles `events` events at most; gives 1 while more are to come. */
export function advanceServing(events: u32): u32 {
  return advanceCluster(events);
}

export function closeServing(): ErrorCode {
  return endCluster();
}

/** Address of the result header of a cluster. */
export function servingResult(): usize {
  return changetype<usize>(servingFound);
}
