import { CountingFilter } from "../../assembly/columns/counting_filter";
import { Random } from "../../assembly/random";

describe("CountingFilter", () => {
  it("counts a lone block exactly, and stops at 255", () => {
    const filter = new CountingFilter(100);
    let wrong = 0;
    for (let times: u32 = 1; times <= 300; times++) {
      filter.add(9);
      if (filter.estimate(9) != min(times, 255)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("never estimates too low, and rarely too high", () => {
    const random = new Random(1, "filter");
    const filter = new CountingFilter(1_000);
    const counts = new StaticArray<u32>(1_000);
    for (let i = 0; i < 20_000; i++) {
      const block = min(random.below(1_000), random.below(1_000));
      filter.add(block);
      counts[block]++;
    }
    let low = 0;
    let high = 0;
    for (let block: u32 = 0; block < 1_000; block++) {
      if (filter.estimate(block) < counts[block]) low++;
      if (filter.estimate(block) > counts[block]) high++;
    }
    expect(low).toBe(0);
    expect(high).toBeLessThan(20);
  });

  it("halves every count", () => {
    const filter = new CountingFilter(10);
    for (let i = 0; i < 9; i++) filter.add(1);
    filter.halve();
    expect(filter.estimate(1)).toBe(4);
    filter.halve();
    filter.halve();
    filter.halve();
    expect(filter.estimate(1)).toBe(0);
  });

  it("works for a single entry", () => {
    const filter = new CountingFilter(1);
    filter.add(0);
    filter.add(u32.MAX_VALUE);
    expect(filter.estimate(0)).toBeGreaterThanOrEqual(1);
    expect(filter.estimate(u32.MAX_VALUE)).toBeGreaterThanOrEqual(1);
  });
});
