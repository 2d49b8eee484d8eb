import { Sketch } from "../../assembly/columns/sketch";
import { Random } from "../../assembly/random";

const NEVER: u64 = u64.MAX_VALUE;

function addTimes(sketch: Sketch, block: u32, times: u32): void {
  for (let i: u32 = 0; i < times; i++) sketch.add(block);
}

describe("Sketch", () => {
  it("remembers nothing at first", () => {
    const sketch = new Sketch(64, NEVER);
    let sum: u32 = 0;
    for (let block: u32 = 0; block < 1_000; block++) sum += sketch.estimate(block);
    expect(sum).toBe(0);
  });

  it("counts a lone block exactly, and stops at 15", () => {
    const sketch = new Sketch(64, NEVER);
    let wrong = 0;
    for (let times: u32 = 1; times <= 40; times++) {
      sketch.add(7);
      if (sketch.estimate(7) != min(times, 15)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("takes the first and the last block number", () => {
    const sketch = new Sketch(64, NEVER);
    addTimes(sketch, 0, 3);
    addTimes(sketch, u32.MAX_VALUE, 5);
    expect(sketch.estimate(0)).toBe(3);
    expect(sketch.estimate(u32.MAX_VALUE)).toBe(5);
  });

  it("never estimates too low without ageing", () => {
    const random = new Random(1, "sketch");
    const sketch = new Sketch(32, NEVER);
    const counts = new StaticArray<u32>(500);
    let low = 0;
    for (let i = 0; i < 5_000; i++) {
      const block = min(random.below(500), random.below(500));
      sketch.add(block);
      counts[block]++;
      if (sketch.estimate(block) < min(counts[block], 15)) low++;
    }
    for (let block: u32 = 0; block < 500; block++) {
      if (sketch.estimate(block) < min(counts[block], 15)) low++;
    }
    expect(low).toBe(0);
  });

  it("is near the truth for as many blocks as it was made for", () => {
    const sketch = new Sketch(1_024, NEVER);
    for (let block: u32 = 0; block < 1_024; block++) addTimes(sketch, block, 1 + block % 8);
    let wrong = 0;
    for (let block: u32 = 0; block < 1_024; block++) {
      if (sketch.estimate(block) != 1 + block % 8) wrong++;
    }
    // Four of 16,384 counters each: few blocks meet another in all four rows.
    expect(wrong).toBeLessThan(50);
  });

  it("halves every count when the period is full, and not before", () => {
    const sketch = new Sketch(64, 24);
    addTimes(sketch, 1, 15);
    addTimes(sketch, 2, 8);
    expect(sketch.estimate(1)).toBe(15);
    expect(sketch.estimate(2)).toBe(8);
    sketch.add(3);
    expect(sketch.estimate(1)).toBe(7);
    expect(sketch.estimate(2)).toBe(4);
    expect(sketch.estimate(3)).toBe(0);
  });

  it("counts on from half a period after halving", () => {
    const sketch = new Sketch(64, 24);
    addTimes(sketch, 1, 24);
    expect(sketch.estimate(1)).toBe(7);
    addTimes(sketch, 2, 11);
    expect(sketch.estimate(2)).toBe(11);
    sketch.add(3);
    expect(sketch.estimate(2)).toBe(5);
  });

  it("does not let neighbours in a word touch one another when halved", () => {
    // All counters full: each becomes 7, and none receives a bit of the next.
    const sketch = new Sketch(8, 1 << 20);
    const random = new Random(2, "sketch");
    for (let i = 0; i < (1 << 20) - 1; i++) sketch.add(random.below(10_000));
    sketch.add(0);
    let wrong = 0;
    for (let block: u32 = 0; block < 1_000; block++) if (sketch.estimate(block) != 7) wrong++;
    expect(wrong).toBe(0);
  });
});
