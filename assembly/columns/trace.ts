/**
 * The trace inside the engine: extents checked once, then expanded on demand into one access per
 * block in the touch order of the run. Columns are kept for all later runs of the instance.
 */
import { ErrorCode, TouchOrder } from "../abi";
import { giveBack, take } from "../arena";
import { refuse } from "../failure";
import { TraceHeader } from "../layout";

/** No position: the block is never used again (or was never used before). */
export const NEVER: u32 = 0xffffffff;

/** Columns in one touch order; positions are indices into `block`. */
@final export class Accesses {
  /** u32[accesses]: the block touched. */
  block: usize = 0;
  /** u32[accesses]: position of that block's previous touch, plus one; 0 when there is none. */
  previous: usize = 0;
  /** u32[accesses]: position of the next touch of that block, or `NEVER`. */
  next: usize = 0;
}

export let header: TraceHeader = changetype<TraceHeader>(0);
/** u32[requests + 1]: first access of each request. */
export let firstAccess: usize = 0;
/** Accesses of the longest request. */
export let longestRequest: u32 = 0;

let rootFirst: Accesses | null = null;
let tailFirst: Accesses | null = null;

/** Checks the columns that the host placed; nothing is expanded yet. */
export function openColumns(trace: TraceHeader): ErrorCode {
  header = trace;
  rootFirst = null;
  tailFirst = null;
  longestRequest = 0;
  if (load<u32>(trace.firstExtent) != 0) return refuse(ErrorCode.OffsetsNotRising, 0);
  const accesses = countExtents(trace);
  if (accesses < 0) return ErrorCode.ExtentOutOfRange;
  if (<u64>accesses != <u64>trace.accesses) {
    return refuse(ErrorCode.AccessesDiffer, 0, <f64>accesses, <f64>trace.accesses);
  }
  return countRequests(trace);
}

/** Sum of all block counts, or -1 after refusing an extent. */
function countExtents(trace: TraceHeader): i64 {
  let accesses: i64 = 0;
  for (let e: u32 = 0; e < trace.extents; e++) {
    const first = load<u32>(trace.firstBlock + (e << 2));
    const count = load<u32>(trace.blockCount + (e << 2));
    if (count == 0 || <u64>first + <u64>count > <u64>trace.blocks) {
      refuse(ErrorCode.ExtentOutOfRange, e, <f64>first + <f64>count, <f64>trace.blocks);
      return -1;
    }
    accesses += count;
  }
  return accesses;
}

function countRequests(trace: TraceHeader): ErrorCode {
  firstAccess = take((<usize>trace.requests + 1) << 2);
  let access: u32 = 0;
  let extent: u32 = 0;
  for (let r: u32 = 0; r < trace.requests; r++) {
    const end = load<u32>(trace.firstExtent + ((r + 1) << 2));
    if (end < extent || end > trace.extents) {
      return refuse(ErrorCode.OffsetsNotRising, r, <f64>end, <f64>trace.extents);
    }
    const start = access;
    for (; extent < end; extent++) access += load<u32>(trace.blockCount + (extent << 2));
    if (access - start > longestRequest) longestRequest = access - start;
    store<u32>(firstAccess + ((r + 1) << 2), access);
  }
  if (extent != trace.extents) {
    return refuse(ErrorCode.OffsetsNotRising, trace.requests, <f64>extent, <f64>trace.extents);
  }
  return ErrorCode.None;
}

/** The accesses in a touch order, expanded at the first call. Call below the arena's mark only. */
export function accessesIn(touch: TouchOrder): Accesses {
  let accesses = touch == TouchOrder.RootFirst ? rootFirst : tailFirst;
  if (accesses == null) {
    accesses = new Accesses();
    accesses.block = take(<usize>header.accesses << 2);
    if (touch == TouchOrder.RootFirst) {
      expandRootFirst(accesses.block);
      rootFirst = accesses;
    } else {
      expandTailFirst(accesses.block);
      tailFirst = accesses;
    }
  }
  return accesses;
}

function expandRootFirst(block: usize): void {
  let out = block;
  for (let e: u32 = 0; e < header.extents; e++) {
    let id = load<u32>(header.firstBlock + (e << 2));
    const end = id + load<u32>(header.blockCount + (e << 2));
    for (; id < end; id++, out += 4) store<u32>(out, id);
  }
}

function expandTailFirst(block: usize): void {
  let out = block;
  for (let r: u32 = 0; r < header.requests; r++) {
    const first = load<u32>(header.firstExtent + (r << 2));
    let e = load<u32>(header.firstExtent + ((r + 1) << 2));
    while (e-- > first) {
      const low = load<u32>(header.firstBlock + (e << 2));
      let id = low + load<u32>(header.blockCount + (e << 2));
      for (; id > low; out += 4) store<u32>(out, --id);
    }
  }
}

/** Fills the `previous` and `next` columns, once. Call below the arena's mark only. */
export function linkUses(accesses: Accesses): void {
  if (accesses.next != 0) return;
  const count = header.accesses;
  const block = accesses.block;
  const previous = take(<usize>count << 2);
  const next = take(<usize>count << 2);
  const last = take(<usize>header.blocks << 2);
  for (let i: u32 = 0; i < count; i++) {
    const entry = last + (load<u32>(block + (i << 2)) << 2);
    const before = load<u32>(entry);
    store<u32>(previous + (i << 2), before);
    if (before != 0) store<u32>(next + ((before - 1) << 2), i);
    store<u32>(entry, i + 1);
  }
  // What is left in `last` are the final uses.
  for (let b: u32 = 0; b < header.blocks; b++) {
    const at = load<u32>(last + (b << 2));
    if (at != 0) store<u32>(next + ((at - 1) << 2), NEVER);
  }
  giveBack(last);
  accesses.previous = previous;
  accesses.next = next;
}
