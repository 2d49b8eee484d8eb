/**
 * What is still to happen, in order of (time, sequence): of two events at one instant, the one that
 * was made first happens first.
 *
 * ```
 * event: | timeNs u64 | sequence u64 | kind u32 | subject u32 | detail u32 | unused u32 |
 * ```
 *
 * Cost: O(log n) per event; 32 bytes per event that is waiting, in a binary heap that doubles.
 */
import { take } from "../arena";

const EVENT_BITS: u32 = 5;
const SEQUENCE: usize = 8;
const KIND: usize = 16;
const SUBJECT: usize = 20;
const DETAIL: usize = 24;
const ROOM_FIRST: u32 = 256;

/** What happens in timed movement. */
export enum EventKind {
  Done = 0, // a request has all its KV; detail: how many blocks it did not compute
  Arrived = 1, // a prefetched block has arrived
  Due = 2, // blocks are wanted that may follow a request
}

@final export class Events {
  length: u32 = 0;
  private room: u32 = ROOM_FIRST;
  private heap: usize = take(<usize>ROOM_FIRST << EVENT_BITS);
  private sequence: u64 = 0;

  // The event taken last.
  timeNs: u64 = 0;
  kind: u32 = 0;
  subject: u32 = 0;
  detail: u32 = 0;

  @inline private at(index: u32): usize {
    return this.heap + (<usize>index << EVENT_BITS);
  }

  /** Time of the next event; there must be one. */
  @inline nextNs(): u64 {
    return load<u64>(this.heap);
  }

  add(timeNs: u64, kind: u32, subject: u32, detail: u32): void {
    if (this.length == this.room) this.grow();
    const sequence = this.sequence++;
    let hole = this.length++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      // The newest event has the highest sequence: it rises past later times only.
      if (load<u64>(this.at(parent)) <= timeNs) break;
      memory.copy(this.at(hole), this.at(parent), 1 << EVENT_BITS);
      hole = parent;
    }
    const event = this.at(hole);
    store<u64>(event, timeNs);
    store<u64>(event, sequence, SEQUENCE);
    store<u32>(event, kind, KIND);
    store<u32>(event, subject, SUBJECT);
    store<u32>(event, detail, DETAIL);
  }

  private grow(): void {
    const bytes = <usize>this.room << EVENT_BITS;
    const heap = take(bytes << 1);
    memory.copy(heap, this.heap, bytes);
    this.heap = heap;
    this.room <<= 1;
  }

  /** Takes the next event out and shows it in the fields above. */
  take(): void {
    const first = this.heap;
    this.timeNs = load<u64>(first);
    this.kind = load<u32>(first, KIND);
    this.subject = load<u32>(first, SUBJECT);
    this.detail = load<u32>(first, DETAIL);
    const last = this.at(--this.length);
    let hole: u32 = 0;
    while (true) {
      let child = (hole << 1) + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && this.isBefore(this.at(child + 1), this.at(child))) child++;
      if (!this.isBefore(this.at(child), last)) break;
      memory.copy(this.at(hole), this.at(child), 1 << EVENT_BITS);
      hole = child;
    }
    memory.copy(this.at(hole), last, 1 << EVENT_BITS);
  }

  @inline private isBefore(a: usize, b: usize): bool {
    const timeA = load<u64>(a);
    const timeB = load<u64>(b);
    if (timeA != timeB) return timeA < timeB;
    return load<u64>(a, SEQUENCE) < load<u64>(b, SEQUENCE);
  }
}
