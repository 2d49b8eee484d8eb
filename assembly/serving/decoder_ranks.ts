/**
 * Decoders by work, in a tree that finds those with the least near a replica.
 *
 * ```
 * place    decoders in order of rack, island, number: those near a replica are neighbours
 * leaf     work << 32 | number
 * node     the least leaf below it
 * ```
 *
 * Cost: O(log decoders) for each change of work.
 */
import { NONE, REPLICA_BYTES, Role } from "../abi_serving";
import { take } from "../arena";
import { ReplicaRecord, ServingHeader } from "./layout";

/** A leaf without a decoder. */
export const NOBODY: u64 = u64.MAX_VALUE;

@final export class DecoderRanks {
  readonly count: u32;
  /** Leaves: a power of two. */
  readonly size: u32;
  /** Whether replicas of one island stand in several racks. */
  readonly islandsCross: bool;
  /** u64[2 · size], the root at 1. */
  private readonly tree: usize;
  /** u32[count]: the decoder of a place; u32[replicas]: the place of a decoder, or NONE. */
  private readonly decoders: usize;
  private readonly places: usize;

  constructor(private readonly header: ServingHeader) {
    const replicas = header.replicas;
    this.decoders = take(<usize>replicas << 2);
    this.places = take(<usize>replicas << 2);
    let count: u32 = 0;
    for (let i: u32 = 0; i < replicas; i++) {
      store<u32>(this.places + (i << 2), NONE);
      if (this.record(i).role == Role.Decode) this.insert(i, count++);
    }
    let size: u32 = 1;
    while (size < count) size <<= 1;
    this.count = count;
    this.size = size;
    this.tree = take(<usize>size << 4);
    memory.fill(this.tree, 0xff, <usize>size << 4);
    for (let place: u32 = 0; place < count; place++) {
      store<u32>(this.places + (this.decoder(place) << 2), place);
      this.rise(place, this.decoder(place));
    }
    this.islandsCross = this.findCrossing();
  }

  @inline decoder(place: u32): u32 {
    return load<u32>(this.decoders + (place << 2));
  }

  /** The least leaf below a node; `size + place` are the leaves. */
  @inline least(node: u32): u64 {
    return load<u64>(this.tree + (<usize>node << 3));
  }

  /** The first place that is not before a rack and island. */
  firstOf(rack: u32, island: u32): u32 {
    return this.firstFrom((<u64>rack << 32) | island);
  }

  /** The first place behind a rack and island; NONE is the last of all islands. */
  endOf(rack: u32, island: u32): u32 {
    const key = (<u64>rack << 32) | island;
    return key == u64.MAX_VALUE ? this.count : this.firstFrom(key + 1);
  }

  private firstFrom(key: u64): u32 {
    let low: u32 = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.key(this.decoder(middle)) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A replica has another number of requests; what does not decode is passed over. */
  @inline change(replica: u32, work: u32): void {
    const place = load<u32>(this.places + (replica << 2));
    if (place != NONE) this.rise(place, (<u64>work << 32) | replica);
  }

  private rise(place: u32, leaf: u64): void {
    let node = this.size + place;
    store<u64>(this.tree + (<usize>node << 3), leaf);
    while (node > 1) {
      const least = min(this.least(node), this.least(node ^ 1));
      node >>= 1;
      if (this.least(node) == least) return;
      store<u64>(this.tree + (<usize>node << 3), least);
    }
  }

  @inline private record(replica: u32): ReplicaRecord {
    return changetype<ReplicaRecord>(this.header.replicaRecords + <usize>replica * REPLICA_BYTES);
  }

  @inline private key(replica: u32): u64 {
    return (<u64>this.record(replica).rack << 32) | this.record(replica).island;
  }

  /** Puts a decoder behind all that do not come after it: fleets are in order, or nearly. */
  private insert(replica: u32, count: u32): void {
    const key = this.key(replica);
    let place = count;
    while (place > 0 && this.key(this.decoder(place - 1)) > key) {
      store<u32>(this.decoders + (place << 2), this.decoder(place - 1));
      place--;
    }
    store<u32>(this.decoders + (place << 2), replica);
  }

  private findCrossing(): bool {
    let slots: u32 = 2;
    while (slots < this.header.replicas << 1) slots <<= 1;
    // u32[slots]: a replica of each island, plus one; islands go to the next free slot.
    const table = take(<usize>slots << 2);
    for (let i: u32 = 0; i < this.header.replicas; i++) {
      const island = this.record(i).island;
      if (island == NONE) continue;
      let at = table + (((island * 0x9e3779b1) & (slots - 1)) << 2);
      while (load<u32>(at) != 0 && this.record(load<u32>(at) - 1).island != island) {
        at = at + 4 == table + (slots << 2) ? table : at + 4;
      }
      if (load<u32>(at) == 0) store<u32>(at, i + 1);
      else if (this.record(load<u32>(at) - 1).rack != this.record(i).rack) return true;
    }
    return false;
  }
}
