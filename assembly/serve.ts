/** Loop 3, in time order over a cluster: a simulation is opened, advanced by events, and closed. */
import { ErrorCode } from "./abi";
import { SERVED_BYTES, SERVING_RESULT_BYTES, ServedState } from "./abi_served";
import { SERVING_BYTES } from "./abi_serving";
import { rewind, setMark } from "./arena";
import { header as trace } from "./columns/trace";
import { refuse } from "./failure";
import { Cluster } from "./serving/cluster";
import { ServingHeader } from "./serving/layout";
import { ServedRecord, ServingFound } from "./serving/layout_found";

export const servingFound: ServingFound = changetype<ServingFound>(
  memory.data(SERVING_RESULT_BYTES, 16),
);
const header: ServingHeader = changetype<ServingHeader>(memory.data(SERVING_BYTES, 16));
let cluster: Cluster | null = null;

/** Prepares a simulation; columns of the host lie below the mark. */
export function openServing(asked: ServingHeader): ErrorCode {
  memory.copy(changetype<usize>(header), changetype<usize>(asked), SERVING_BYTES);
  cluster = null;
  rewind();
  setMark();
  if (changetype<usize>(trace) == 0) return refuse(ErrorCode.NoTrace);
  memory.fill(header.results, 0, <usize>trace.requests * SERVED_BYTES);
  memory.fill(changetype<usize>(servingFound), 0, SERVING_RESULT_BYTES);
  cluster = new Cluster(header);
  return ErrorCode.None;
}

/** Handles `count` events at most; gives 1 while there are more, 0 at the end. */
export function advanceServing(count: u32): u32 {
  const more = cluster!.advance(count);
  show(cluster!);
  return <u32>more;
}

function show(town: Cluster): void {
  const found = servingFound;
  found.events = town.happened;
  found.steps = town.scheduler.steps;
  found.endNs = town.nowNs;
  found.finished = town.finished;
  found.refused = town.refused;
  found.preemptions = town.planner.preemptions;
  found.evictions = town.blocks.evictions;
  found.strandedTokens = town.blocks.strandedTokens;
  found.transferBytes = town.handovers.transferBytes;
  found.intervals = <u32>town.scheduler.intervals.counts;
  found.replicaResults = <u32>town.replicas.found;
  found.stepLogRows = town.log.rows;
  found.memoryBytes = <u64>memory.size() << 16;
}

/** Ends the simulation: sums the requests up, and checks the books. */
export function closeServing(): ErrorCode {
  const town = cluster!;
  show(town);
  for (let i: u32 = 0; i < town.replicas.count; i++) town.replicas.tally(i, town.nowNs);
  if (town.samples.isOn) town.samples.reach(town.nowNs);
  servingFound.finished = 0;
  servingFound.refused = 0;
  for (let r: u32 = 0; r < trace.requests; r++) {
    const served: ServedRecord = town.requests.served(r);
    if (!town.requests.isCounted(r)) {
      servingFound.leftOut++;
      continue;
    }
    if (served.state == ServedState.Refused) servingFound.refused++;
    if (served.state != ServedState.Finished) continue;
    servingFound.finished++;
    servingFound.promptTokens += served.promptTokens;
    servingFound.cachedTokens += served.cachedTokens;
    servingFound.loadedTokens += served.loadedTokens;
    servingFound.peerTokens += served.peerTokens;
    servingFound.outputTokens += served.outputTokens;
  }
  if (town.code != ErrorCode.None) return town.code;
  const ended = town.finished + town.refused;
  // Where nothing is mended, requests may wait for ever.
  if (ended != <u64>trace.requests && header.faults == 0) {
    return refuse(ErrorCode.BooksDoNotBalance, 3, <f64>ended, <f64>trace.requests);
  }
  return town.books.check();
}
