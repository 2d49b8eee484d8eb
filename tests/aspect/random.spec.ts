import { mix, Random } from "../../assembly/random";

describe("mix", () => {
  it("is the finaliser of splitmix64", () => {
    // The first output of splitmix64 from seed 1234567, as its authors' program prints it.
    const golden: u64 = 0x9e3779b97f4a7c15;
    expect(mix(1234567 + golden)).toBe(6457827717110365317);
    expect(mix(0)).toBe(0);
    expect(mix(1)).toBe(0x5692161d100b05e5);
  });
});

describe("Random", () => {
  // The numbers were computed with big integers in JavaScript.
  it("gives the stream policy/random of seed 42", () => {
    const random = new Random(42, "policy/random");
    expect(random.next()).toBe(0x744cd31bc4893c02);
    expect(random.next()).toBe(0xab5afda7d8ede12e);
    expect(random.next()).toBe(0x13d9eca51cf2ca65);
  });

  it("gives another stream for another name", () => {
    expect(new Random(42, "policy/lhd").next()).toBe(0xddcb802f29babe37);
  });

  it("takes the least and the largest seed, and a nameless stream", () => {
    const least = new Random(0, "");
    expect(least.next()).toBe(0xe587d3dff9e92ed0);
    expect(least.next()).toBe(0x274e5e9a4929b0bb);
    expect(new Random(u64.MAX_VALUE, "arrivals").next()).toBe(0x4ea5dc64d6b8a8aa);
  });

  it("stays below a bound, and reaches everything below it", () => {
    const random = new Random(3, "below");
    let seen: u32 = 0;
    let largest: u32 = 0;
    for (let i = 0; i < 2_000; i++) {
      const value = random.below(7);
      largest = max(largest, value);
      seen |= 1 << value;
    }
    expect(largest).toBe(6);
    expect(seen).toBe(0x7f);
    expect(random.below(1)).toBe(0);
  });

  it("is even enough below a bound", () => {
    const random = new Random(4, "below");
    const counts = new StaticArray<u32>(10);
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]++;
    // Ten thousand each, with a standard deviation of 95.
    for (let i = 0; i < 10; i++) {
      expect(counts[i]).toBeGreaterThan(9_500);
      expect(counts[i]).toBeLessThan(10_500);
    }
  });

  it("takes bounds up to the largest", () => {
    const random = new Random(5, "below");
    let high: u32 = 0;
    for (let i = 0; i < 100; i++) high = max(high, random.below(u32.MAX_VALUE));
    expect(high).toBeGreaterThan(0xf0000000);
    expect(high).toBeLessThan(u32.MAX_VALUE);
  });

  it("gives units from 0 to below 1, one half on average", () => {
    const random = new Random(6, "unit");
    let sum = 0.0;
    let least = 1.0;
    let largest = 0.0;
    for (let i = 0; i < 10_000; i++) {
      const unit = random.unit();
      sum += unit;
      least = min(least, unit);
      largest = max(largest, unit);
    }
    expect(least).toBeGreaterThanOrEqual(0.0);
    expect(least).toBeLessThan(0.001);
    expect(largest).toBeLessThan(1.0);
    expect(largest).toBeGreaterThan(0.999);
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.02);
  });
});
