/**
 * Loop 2, through a hierarchy: a run is opened, advanced by requests, and closed.
 *
 * Synchronous, a request is served at an instant: root-first it looks up, touches and prefetches
 * block by block; tail-first it looks all blocks up, touches them last block first, and prefetches
 * for the deepest ones. Timed, the same happens at two instants, see `hierarchy/timed.ts`. Bytes
 * are counted here; the times of synchronous movement follow from the counts, on the host.
 */
import { ErrorCode, TouchOrder } from "./abi";
import { HIERARCHY_BYTES, HIERARCHY_RESULT_BYTES, Movement } from "./abi_hierarchy";
import { rewind, setMark, take } from "./arena";
import { accessesIn, header as trace, linkUses, longestRequest } from "./columns/trace";
import { refuse } from "./failure";
import { checkBooks } from "./hierarchy/books";
import { checkHeader } from "./hierarchy/check";
import { Fetch } from "./hierarchy/fetch";
import { Hierarchy } from "./hierarchy/hierarchy";
import { HierarchyFound } from "./hierarchy/found";
import { HierarchyHeader } from "./hierarchy/layout";
import { foresees, makeFetch, makeHierarchy } from "./hierarchy/make";
import { clearCounters } from "./hierarchy/reset";
import { showCounters } from "./hierarchy/show";
import { Steps } from "./hierarchy/steps";
import { Timed } from "./hierarchy/timed";

export const hierarchyFound: HierarchyFound = changetype<HierarchyFound>(
  memory.data(HIERARCHY_RESULT_BYTES, 16),
);
/** The request of the host, kept in static memory because `rewind` drops the rest. */
const header: HierarchyHeader = changetype<HierarchyHeader>(memory.data(HIERARCHY_BYTES, 16));

let hierarchy: Hierarchy | null = null;
let steps: Steps | null = null;
let fetch: Fetch | null = null;
let timed: Timed | null = null;
let request: u32 = 0;

/** Prepares a run; the one before it is dropped. Columns of the host lie below the mark. */
export function openHierarchy(asked: HierarchyHeader): ErrorCode {
  memory.copy(changetype<usize>(header), changetype<usize>(asked), HIERARCHY_BYTES);
  hierarchy = null;
  steps = null;
  fetch = null;
  timed = null;
  rewind();
  const code = checkHeader(header);
  if (code != ErrorCode.None) {
    setMark();
    return code;
  }
  const accesses = accessesIn(header.touch);
  if (foresees(header)) linkUses(accesses);
  setMark();
  memory.fill(changetype<usize>(hierarchyFound), 0, HIERARCHY_RESULT_BYTES);
  request = 0;
  const made = makeHierarchy(header, hierarchyFound, accesses);
  hierarchy = made;
  steps = new Steps(made, accesses);
  fetch = makeFetch(header, made);
  if (header.movement == Movement.Timed) {
    timed = new Timed(made, steps!, fetch, longestRequest);
    made.mover = timed;
  }
  return ErrorCode.None;
}

/** Replays `count` more requests at most; gives the requests still to do. */
export function advanceHierarchy(count: u32): u32 {
  const end = <u32>min(<u64>request + count, <u64>trace.requests);
  for (; request < end; request++) {
    if (request == header.warmup && request > 0) clearCounters(hierarchy!);
    if (timed != null) arrive(request);
    else if (header.touch == TouchOrder.TailFirst) serveTailFirst(request);
    else serveRootFirst(request);
  }
  if (request == trace.requests && timed != null) timed!.end();
  showCounters(hierarchy!);
  return trace.requests - request;
}

function arrive(r: u32): void {
  const durationNs = timed!.arrive(r, steps!.arrivalNs(r));
  store<f64>(header.requestNs + (r << 3), <f64>durationNs);
}

/** Synchronous: what was planned for a time before this arrival happens. */
function meet(r: u32, fetching: Fetch): void {
  fetching.moveTo(steps!.arrivalNs(r));
  steps!.check();
}

function serveRootFirst(r: u32): void {
  const driven = hierarchy!;
  const step = steps!;
  if (fetch != null) meet(r, fetch!);
  step.begin(r);
  if (fetch != null) {
    step.announce(r, fetch!);
    fetch!.prefetcher.onRequest(r, step.session(r));
  }
  let run: u32 = 0;
  for (let depth: u32 = 0; depth < step.blocks; depth++) {
    const block = step.block(depth);
    const tier = driven.find(block);
    step.count(block, tier, run == depth);
    if (tier == driven.count) step.countComputed(block);
    else if (run == depth) run++;
    if (fetch != null) step.look(depth, fetch!);
    step.touch(depth);
    if (fetch != null) {
      driven.settle();
      fetch!.after(block);
      step.check();
    }
  }
  driven.settle();
  if (fetch != null) {
    fetch!.prefetcher.onRequestEnd();
    fetch!.planAfter(r);
  }
  step.countRequest(run);
  step.compute(run);
}

function serveTailFirst(r: u32): void {
  const step = steps!;
  if (fetch != null) meet(r, fetch!);
  step.begin(r);
  if (fetch != null) step.announce(r, fetch!);
  const run = step.lookUp();
  step.touchAll();
  if (fetch != null) {
    step.show(r, fetch!);
    fetch!.move();
    fetch!.planAfter(r);
    step.check();
  }
  step.countRequest(run);
  step.compute(run);
}

/** Ends the run: what was prefetched and never used is wasted; the books are checked. */
export function closeHierarchy(): ErrorCode {
  const driven = hierarchy!;
  hierarchyFound.prefetchWasted += driven.pending;
  if (steps!.broken != ErrorCode.None) return steps!.broken;
  const code = checkBooks(driven);
  if (code != ErrorCode.None) return code;
  const found = hierarchyFound;
  const known = found.prefetchUseful + found.prefetchLate + found.prefetchWasted;
  if (known != found.prefetchRequested) {
    return refuse(ErrorCode.BooksDoNotBalance, 15, <f64>known, <f64>found.prefetchRequested);
  }
  return ErrorCode.None;
}

/** Room below the run for a column of the host; drops the run in progress. */
export function allocBelow(bytes: usize): usize {
  hierarchy = null;
  steps = null;
  fetch = null;
  timed = null;
  rewind();
  const address = take(bytes);
  setMark();
  return address;
}
