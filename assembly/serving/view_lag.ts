/**
 * News on their way: what is told now is heard after a delay, in the order that it was told.
 *
 * ```
 * record: | timeNs u64 | payload of 8·n bytes |
 * ```
 *
 * Cost: O(1) for each piece of news; a ring that doubles when it is full.
 */
import { take } from "../arena";

const ROOM_FIRST: u32 = 256;

@final export class Lag {
  private room: u32 = ROOM_FIRST;
  private ring: usize;
  private head: u32 = 0;
  private length: u32 = 0;

  /** @param bytes Of a record, its time included; a multiple of 8. */
  constructor(private readonly bytes: usize) {
    this.ring = take(<usize>ROOM_FIRST * bytes);
  }

  @inline private at(index: u32): usize {
    return this.ring + <usize>((this.head + index) & (this.room - 1)) * this.bytes;
  }

  /** Tells something; gives the address of its payload. */
  tell(timeNs: u64): usize {
    if (this.length == this.room) this.grow();
    const record = this.at(this.length++);
    store<u64>(record, timeNs);
    return record + 8;
  }

  private grow(): void {
    const ring = take(<usize>(this.room << 1) * this.bytes);
    const first = <usize>(this.room - this.head) * this.bytes;
    memory.copy(ring, this.ring + <usize>this.head * this.bytes, first);
    memory.copy(ring + first, this.ring, <usize>this.head * this.bytes);
    this.ring = ring;
    this.head = 0;
    this.room <<= 1;
  }

  /** Whether there is news that is as old as that. */
  @inline has(timeNs: u64): bool {
    return this.length > 0 && load<u64>(this.at(0)) <= timeNs;
  }

  /** Hears the oldest news; the payload stays until something is told. */
  hear(): usize {
    const payload = this.at(0) + 8;
    this.head = (this.head + 1) & (this.room - 1);
    this.length--;
    return payload;
  }
}
