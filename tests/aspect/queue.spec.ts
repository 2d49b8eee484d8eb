import { Queue, SAVED_BYTES } from "../../assembly/hierarchy/queue";
import { Random } from "../../assembly/random";
import { take } from "../../assembly/arena";

describe("Queue", () => {
  it("serves one at a time with a concurrency of 1", () => {
    const queue = new Queue(100, 1_000_000_000, 1);
    expect(queue.submit(0, 50)).toBe(150);
    expect(queue.waitNs).toBe(0);
    expect(queue.submit(10, 50)).toBe(300);
    expect(queue.waitNs).toBe(140);
    expect(queue.serviceNs).toBe(150);
    expect(queue.submit(1000, 50)).toBe(1150);
    expect(queue.waitNs).toBe(0);
  });

  it("overlaps latencies and never exceeds the bandwidth", () => {
    const queue = new Queue(100, 1_000_000_000, 4);
    for (let i: u64 = 0; i < 4; i++) expect(queue.submit(0, 50)).toBe(150 + 50 * i);
    // The fifth has to wait for the first one's place.
    expect(queue.submit(0, 50)).toBe(350);
  });

  it("rounds time up, and bears blocks of almost 4 GiB", () => {
    const queue = new Queue(0, 3, 1);
    expect(queue.channelTime(1)).toBe(333_333_334);
    expect(queue.channelTime(0xffffffff)).toBe(1431655765000000000);
  });

  it("takes submissions back as if they had not been", () => {
    const random = new Random(5, "queue");
    for (let concurrency: u32 = 1; concurrency < 5; concurrency++) {
      const queue = new Queue(70, 1_000_000_000, concurrency);
      const twin = new Queue(70, 1_000_000_000, concurrency);
      const saved = take(SAVED_BYTES * 8);
      let now: u64 = 0;
      for (let round = 0; round < 500; round++) {
        now += random.below(200);
        const undone = random.below(8);
        for (let i: u32 = 0; i < undone; i++) {
          queue.save(saved + i * SAVED_BYTES);
          queue.submit(now, random.below(100));
        }
        for (let i = undone; i-- > 0;) queue.restore(saved + i * SAVED_BYTES);
        const bytes = random.below(100);
        expect(queue.submit(now, bytes)).toBe(twin.submit(now, bytes));
      }
    }
  });
});
