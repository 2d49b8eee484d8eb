/** Everything about a cluster's blocks, counted from scratch. */
import { ErrorCode } from "../abi";
import { NONE } from "../abi_serving";
import { refuse } from "../failure";
import { Cluster } from "./cluster";

/** Refuses when the blocks of a replica do not add up. */
export function checkCluster(cluster: Cluster): ErrorCode {
  for (let i: u32 = 0; i < cluster.replicas.count; i++) {
    const state = cluster.replicas.state(i);
    const capacity = cluster.replicas.record(i).blocks;
    const kept = state.held + cluster.residents.idleIn(i);
    if (kept > capacity) {
      return refuse(ErrorCode.BooksDoNotBalance, i, <f64>kept, <f64>capacity);
    }
    let running: u32 = 0;
    for (let r = state.runningFirst; r != NONE; r = cluster.requests.state(r).after) running++;
    if (running != state.running) {
      return refuse(ErrorCode.BooksDoNotBalance, i, <f64>running, <f64>state.running);
    }
    if (cluster.events.length == 0 && state.held != 0) {
      return refuse(ErrorCode.BooksDoNotBalance, i, <f64>state.held, 0);
    }
  }
  return checkView(cluster);
}

/** Without delay, the view shows what is there, and at the end it expects nothing more. */
function checkView(cluster: Cluster): ErrorCode {
  const town = cluster.router.town;
  const blocks = town.view.blocks;
  if (blocks == null || town.view.stalenessNs > 0) return ErrorCode.None;
  const index = blocks.index;
  if (cluster.events.length == 0 && index.expected != 0) {
    return refuse(ErrorCode.BooksDoNotBalance, 0, <f64>index.expected, 0);
  }
  const seen = index.held - index.expected;
  if (<u32>town.doors.length < cluster.replicas.count || seen == cluster.residents.count) {
    return ErrorCode.None;
  }
  return refuse(ErrorCode.BooksDoNotBalance, 0, <f64>seen, <f64>cluster.residents.count);
}
