/** Times between tokens, counted in buckets that are 1 ÷ 32 of an octave wide (2.2 %). */
import { INTERVAL_BUCKETS, INTERVAL_BUCKETS_PER_OCTAVE } from "../abi_served";
import { take } from "../arena";

/** Most pieces of a stretch that are counted by themselves. */
const PIECES_MOST: u32 = 8;

@final export class Intervals {
  readonly counts: usize = take(<usize>INTERVAL_BUCKETS << 3);

  add(ns: u64, times: u64): void {
    const bucket = this.bucket(ns);
    const at = this.counts + (<usize>bucket << 3);
    store<u64>(at, load<u64>(at) + times);
  }

  /** Steps `from` to `to` of a stretch, each `slopeNs` longer than the one before. */
  addRising(fixedNs: f64, slopeNs: f64, from: u32, to: u32): void {
    const first = fixedNs + slopeNs * <f64>from;
    const last = fixedNs + slopeNs * <f64>(to - 1);
    // A stretch within one or few buckets is counted in few pieces.
    const spread = last > first ? last / max(first, 1) : 1;
    const pieces: u32 = spread < 1.01 ? 1 : min(to - from, PIECES_MOST);
    let start = from;
    for (let piece: u32 = 0; piece < pieces; piece++) {
      const end = from + <u32>((<u64>(to - from) * (piece + 1)) / pieces);
      const middle = fixedNs + slopeNs * (<f64>start + <f64>(end - 1)) * 0.5;
      this.add(<u64>middle, end - start);
      start = end;
    }
  }

  private bucket(ns: u64): u32 {
    if (ns == 0) return 0;
    const bucket = <u32>(Math.log2(<f64>ns) * <f64>INTERVAL_BUCKETS_PER_OCTAVE);
    return min(bucket, <u32>INTERVAL_BUCKETS - 1);
  }
}
