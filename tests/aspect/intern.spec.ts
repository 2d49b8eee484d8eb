import { Interner } from "../../assembly/intern";
import { mix } from "../../assembly/random";
import { unmix } from "./checks";

/** Interns hashes of a family again; the number of those that did not come back as they were. */
function wrongAgain(interner: Interner, count: u32, hash: (i: u32) => u64): u32 {
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < count; i++) if (interner.intern(hash(i)) != i) wrong++;
  return wrong;
}

/** Hashes that all want the last entry of a table of up to 2³² of them, so that probing wraps. */
function lastEntry(i: u32): u64 {
  return unmix((<u64>(i + 1) << 32) | 0xffffffff);
}

function counting(i: u32): u64 {
  return i;
}

function scattered(i: u32): u64 {
  return mix(<u64>i + 77);
}

describe("Interner", () => {
  it("numbers hashes in the order of their first appearance", () => {
    const interner = new Interner();
    expect(interner.intern(900)).toBe(0);
    expect(interner.intern(7)).toBe(1);
    expect(interner.intern(900)).toBe(0);
    expect(interner.intern(8)).toBe(2);
    expect(interner.intern(7)).toBe(1);
    expect(interner.count).toBe(3);
  });

  it("takes 0 and the largest hash as hashes like any other", () => {
    const interner = new Interner();
    expect(interner.intern(u64.MAX_VALUE)).toBe(0);
    expect(interner.intern(0)).toBe(1);
    expect(interner.intern(u64.MAX_VALUE)).toBe(0);
    expect(interner.intern(0)).toBe(1);
    expect(interner.count).toBe(2);
  });

  it("tells hashes apart by their high half alone", () => {
    const interner = new Interner();
    expect(interner.intern(5)).toBe(0);
    expect(interner.intern((<u64>1 << 32) | 5)).toBe(1);
    expect(interner.intern((<u64>1 << 63) | 5)).toBe(2);
    expect(interner.intern(5)).toBe(0);
  });

  it("compares all 64 bits of hashes that meet in an entry", () => {
    const interner = new Interner();
    const place = mix(5) & 0xfff;
    let expected: u32 = 0;
    let wrong = 0;
    // Equal in their low halves and in their place of the first table.
    for (let high: u64 = 0; high < 200_000; high++) {
      const hash = (high << 32) | 5;
      if ((mix(hash) & 0xfff) == place && interner.intern(hash) != expected++) wrong++;
    }
    expect(expected).toBeGreaterThan(20);
    expect(wrong).toBe(0);
  });

  it("has an inverse of mix to make collisions with", () => {
    for (let i: u64 = 0; i < 100; i++) {
      const mixed = i * 0x123456789abcdef;
      expect(mix(unmix(mixed))).toBe(mixed);
    }
  });

  it("keeps collisions apart, around the end of the table and through growth", () => {
    const interner = new Interner();
    // More than half of the first table's 4,096 entries, so it grows in between.
    expect(wrongAgain(interner, 2_500, lastEntry)).toBe(0);
    expect(wrongAgain(interner, 2_500, lastEntry)).toBe(0);
    expect(interner.count).toBe(2_500);
  });

  it("keeps every number through several growths", () => {
    const interner = new Interner();
    expect(wrongAgain(interner, 300_000, scattered)).toBe(0);
    expect(wrongAgain(interner, 300_000, scattered)).toBe(0);
    expect(interner.count).toBe(300_000);
  });

  it("grows at just the right moment", () => {
    // 2,048 fill half of the first table; the next one makes it grow.
    for (let count: u32 = 2_046; count < 2_051; count++) {
      const interner = new Interner();
      expect(wrongAgain(interner, count, counting)).toBe(0);
      expect(wrongAgain(interner, count, counting)).toBe(0);
      expect(interner.count).toBe(count);
    }
  });
});
