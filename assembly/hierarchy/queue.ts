/**
 * One direction of a tier's device: transfers in order of arrival. Up to `concurrency` of them are
 * under way at a time and their latencies overlap; their bytes share one channel, so that the
 * bandwidth is never exceeded. With a concurrency of 1 this is the single-server queue.
 *
 * ```
 * start ── latency ──► channel free? ── bytes ÷ bandwidth ──► end
 * ```
 *
 * Ends never fall from one transfer to the next, so the place of a transfer is free when the one
 * `concurrency` before it ended: a ring of ends is all the state there is.
 */
import { take } from "../arena";

/** Bytes that `save` writes. */
export const SAVED_BYTES: usize = 16;

@final export class Queue {
  /** When the channel is free, and when the last transfer of a demand ends. */
  channelNs: u64 = 0;
  demandNs: u64 = 0;
  /** Of the transfer submitted last: how long it waited, and was served. */
  waitNs: u64 = 0;
  serviceNs: u64 = 0;
  /** Its time on the channel, and its bytes: most have as many as the one before. */
  busyNs: u64 = 0;
  private bytes: u64 = 0;
  private readonly ends: usize;
  private next: u32 = 0;

  constructor(
    readonly latencyNs: u64,
    private readonly bytesPerSecond: u64,
    private readonly concurrency: u32,
  ) {
    this.ends = take(<usize>concurrency << 3);
  }

  /**
   * Time on the channel, rounded up. One block has less than 2³² bytes, so that the product stays
   * below 2⁶³.
   */
  @inline channelTime(bytes: u64): u64 {
    return (bytes * 1_000_000_000 + this.bytesPerSecond - 1) / this.bytesPerSecond;
  }

  /** Lines a transfer up that is ready at `nowNs`; gives its end. */
  submit(nowNs: u64, bytes: u64): u64 {
    const place = this.ends + (<usize>this.next << 3);
    const startNs = max(nowNs, load<u64>(place));
    if (bytes != this.bytes) {
      this.bytes = bytes;
      this.busyNs = this.channelTime(bytes);
    }
    const busyNs = this.busyNs;
    const endNs = max(startNs + this.latencyNs, this.channelNs) + busyNs;
    this.serviceNs = this.latencyNs + busyNs;
    this.waitNs = endNs - nowNs - this.serviceNs;
    this.channelNs = endNs;
    store<u64>(place, endNs);
    if (++this.next == this.concurrency) this.next = 0;
    return endNs;
  }

  /** Writes down what the next `submit` will change. */
  @inline save(at: usize): void {
    store<u64>(at, this.channelNs);
    store<u64>(at, load<u64>(this.ends + (<usize>this.next << 3)), 8);
  }

  /** Takes the newest `submit` back, with what was saved before it. */
  @inline restore(at: usize): void {
    this.next = (this.next == 0 ? this.concurrency : this.next) - 1;
    this.channelNs = load<u64>(at);
    store<u64>(this.ends + (<usize>this.next << 3), load<u64>(at, 8));
  }
}
