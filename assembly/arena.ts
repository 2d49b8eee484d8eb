/**
 * Memory of an instance: below the mark the trace, above it the run in progress.
 *
 * ```
 * | static data | trace columns … | mark | tables of the run … →
 * ```
 *
 * The stub runtime only ever frees its newest block. `rewind` makes the mark's own block span
 * everything above it, so that freeing the mark drops the whole run at once; managed objects
 * (policies) go with it. Memory that was used before is cleared when it is handed out again.
 */
import { ErrorCode } from "./abi";
import { failure } from "./failure";

/** Bytes before a block's payload that hold its size. */
const BLOCK_OVERHEAD: usize = 4;
const PAGE_BITS: usize = 16;
const ADDRESS_MAX: u64 = 0xffff0000;

let mark: usize = 0;
/** Everything from here up has never been written, and is zero. */
let cleanFrom: usize = 0;

/** The next free address. */
function top(): usize {
  const probe = heap.alloc(0);
  heap.free(probe);
  return probe;
}

/**
 * Takes `bytes` of zeroed memory, 16-byte aligned, for the life of the run (or of the trace, before
 * the first `setMark`). Traps with `OutOfMemory` recorded when the instance cannot grow.
 */
export function take(bytes: usize): usize {
  const start = top();
  const end = <u64>start + <u64>bytes + 64;
  const limit = <u64>memory.size() << PAGE_BITS;
  if (end > limit) {
    const pages = <i32>((end - limit + 0xffff) >> PAGE_BITS);
    if (end > ADDRESS_MAX || memory.grow(pages) < 0) {
      failure.code = ErrorCode.OutOfMemory;
      failure.value = <f64>end;
      failure.limit = <f64>limit;
      unreachable();
    }
  }
  const address = heap.alloc(bytes);
  if (address < cleanFrom) memory.fill(address, 0, min(bytes, cleanFrom - address));
  if (address + bytes > cleanFrom) cleanFrom = address + bytes;
  return address;
}

/** Returns what `take` gave last, and only that. */
export function giveBack(address: usize): void {
  heap.free(address);
}

/** Keeps all that was taken so far; what follows belongs to a run. */
export function setMark(): void {
  mark = heap.alloc(0);
}

/** Drops everything taken, and every object made, since `setMark`. */
export function rewind(): void {
  const end = top();
  if (end > cleanFrom) cleanFrom = end;
  store<usize>(mark - BLOCK_OVERHEAD, end - BLOCK_OVERHEAD - mark);
  heap.free(mark);
}
