/** Folding: requests of 64-bit block hashes become extents of dense block numbers. */
import { ErrorCode, FOLD_BYTES } from "./abi";
import { take } from "./arena";
import { Interner } from "./intern";
import { FoldHeader } from "./layout";

export const fold: FoldHeader = changetype<FoldHeader>(memory.data(FOLD_BYTES, 8));

let interner: Interner | null = null;
let rowsRoom: u32 = 0;
let blocksRoom: u32 = 0;

/** Makes room for a batch; columns of an earlier batch move, their content is lost. */
export function foldRoom(rows: u32, blocks: u32): ErrorCode {
  if (interner == null) interner = new Interner();
  if (rows > rowsRoom) {
    rowsRoom = max(rows, rowsRoom << 1);
    fold.lengths = <u32>take(<usize>rowsRoom << 2);
    fold.extentCounts = <u32>take(<usize>rowsRoom << 2);
  }
  if (blocks > blocksRoom) {
    blocksRoom = max(blocks, blocksRoom << 1);
    fold.hashes = <u32>take(<usize>blocksRoom << 3);
    fold.firstBlock = <u32>take(<usize>blocksRoom << 2);
    fold.blockCount = <u32>take(<usize>blocksRoom << 2);
  }
  return ErrorCode.None;
}

/** Folds `rows` requests; a run of consecutive numbers within a request becomes one extent. */
export function foldBatch(rows: u32): void {
  const numbers = interner!;
  let hash: usize = fold.hashes;
  let extents: u32 = 0;
  for (let r: u32 = 0; r < rows; r++) {
    const before = extents;
    let expected: u64 = u64.MAX_VALUE;
    for (let left = load<u32>(fold.lengths + (r << 2)); left > 0; left--, hash += 8) {
      const block = numbers.intern(load<u64>(hash));
      if (<u64>block == expected) {
        const count = fold.blockCount + ((extents - 1) << 2);
        store<u32>(count, load<u32>(count) + 1);
      } else {
        store<u32>(fold.firstBlock + (extents << 2), block);
        store<u32>(fold.blockCount + (extents << 2), 1);
        extents++;
      }
      expected = <u64>block + 1;
    }
    store<u32>(fold.extentCounts + (r << 2), extents - before);
  }
  fold.extents = extents;
  fold.unique = numbers.count;
}
