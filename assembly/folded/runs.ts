/**
 * The table of runs: the parts of each extent whose blocks were touched last side by side in one
 * earlier extent, or never. It is the same in both touch orders, is made once for a trace, and
 * lies below the arena's mark, so that all tasks share it.
 *
 * Runs are numbered in the order of requests, extents and blocks, so the number of a run orders
 * next uses, too: of two blocks, the one whose next run has the smaller number is used sooner.
 *
 * There are at most three runs per extent: an extent splits at most two pieces and leaves one
 * where it met some, and what it met it leaves behind as one.
 *
 * Cost: at most 60 bytes per extent, of which 12 for each run that there is are ever touched.
 */
import { header } from "../columns/trace";
import { words } from "./pass";

/** No extent, no slot, no distance. */
export const NONE: u32 = 0xffffffff;

@final export class Runs {
  /** u32[count] */
  readonly firstBlock: usize;
  /** u32[count] */
  readonly blockCount: usize;
  /** u32[count]: the extent that touched the run last before, or `NONE`. */
  readonly source: usize;
  /** u32[extents + 1]: first run of each extent. */
  readonly first: usize;
  /** u32[…]: the runs that each extent is the source of, by block; extent after extent. */
  readonly next: usize;
  /** u32[extents + 1, and one to spare]: where those of each extent begin in `next`. */
  readonly firstNext: usize;
  /** u32[extents]: the request of each extent. */
  readonly request: usize;
  /** First request with a block twice, or `NONE`; and that block. */
  repeatRequest: u32 = NONE;
  repeatBlock: u32 = 0;

  constructor() {
    const most = <u32>min(<u64>header.extents * 3, <u64>header.accesses);
    this.firstBlock = words(most);
    this.blockCount = words(most);
    this.source = words(most);
    this.next = words(most);
    this.first = words(header.extents + 1);
    this.firstNext = words(header.extents + 2);
    this.request = words(header.extents);
  }

  @inline get count(): u32 {
    return load<u32>(this.first + (<usize>header.extents << 2));
  }
}
