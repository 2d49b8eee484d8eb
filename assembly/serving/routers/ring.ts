/** Points of replicas on a circle of hashes, for consistent hashing. */
import { take } from "../../arena";
import { mix } from "../../random";

@final export class Ring {
  readonly length: u32;
  /** u64[length], rising: the hash in the upper half, the replica in the lower. */
  private readonly points: usize;

  /** @param each Points of one replica. */
  constructor(replicas: StaticArray<u32>, each: u32) {
    this.length = <u32>replicas.length * each;
    this.points = take(<usize>this.length << 3);
    let at = this.points;
    for (let r = 0; r < replicas.length; r++) {
      const replica = unchecked(replicas[r]);
      for (let p: u32 = 0; p < each; p++) {
        const hash = mix(mix(<u64>replica + 1) + p);
        store<u64>(at, (hash & 0xffffffff00000000) | replica);
        at += 8;
      }
    }
    this.sort();
  }

  @inline private at(index: u32): u64 {
    return load<u64>(this.points + (<usize>index << 3));
  }

  @inline private put(index: u32, point: u64): void {
    store<u64>(this.points + (<usize>index << 3), point);
  }

  /** Heapsort: the library's sort leaves used memory behind, which `take` hands out as zeroed. */
  private sort(): void {
    for (let i = this.length >> 1; i-- > 0;) this.sink(i, this.length, this.at(i));
    for (let end = this.length; end-- > 1;) {
      const last = this.at(end);
      this.put(end, this.at(0));
      this.sink(0, end, last);
    }
  }

  private sink(from: u32, end: u32, point: u64): void {
    let hole = from;
    while (true) {
      let child = (hole << 1) + 1;
      if (child >= end) break;
      if (child + 1 < end && this.at(child + 1) > this.at(child)) child++;
      if (this.at(child) <= point) break;
      this.put(hole, this.at(child));
      hole = child;
    }
    this.put(hole, point);
  }

  /** Position of the first point from a hash on; `length` behind the last. */
  after(hash: u64): u32 {
    let low: u32 = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The replica of a point; positions go around. */
  @inline replica(index: u32): u32 {
    return <u32>this.at(index < this.length ? index : index - this.length);
  }
}
