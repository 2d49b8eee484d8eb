import { TimeBits } from "../../assembly/columns/time_bits";
import { Random } from "../../assembly/random";

/** The highest member below `position`, by walking down; 0 when there is none. */
function highestBelow(members: StaticArray<bool>, position: u32): u32 {
  for (let i = position; i > 0; i--) if (members[i - 1]) return i - 1;
  return 0;
}

/**
 * Random members of 0 to `count` beside a plain table. The question is only allowed where nothing
 * stands at or above the position, so members are added in front of a moving end.
 */
function wrongAnswers(count: u32, seed: u64): u32 {
  const random = new Random(seed, "time-bits");
  const bits = new TimeBits(count);
  const members = new StaticArray<bool>(count + 1);
  let wrong: u32 = 0;
  for (let end: u32 = 1; end <= count; end++) {
    for (let i = 0; i < 3; i++) {
      // Near the end, or anywhere before it.
      const isNear = random.below(2) == 0;
      const position = isNear ? end - 1 - random.below(min(end, 70)) : random.below(end);
      if (members[position]) bits.remove(position);
      else bits.add(position);
      members[position] = !members[position];
      if (bits.has(position) != members[position]) wrong++;
    }
    if (random.below(16) == 0) {
      for (let i: u32 = 0; i < end; i++) {
        if (members[i] && random.below(32) != 0) {
          bits.remove(i);
          members[i] = false;
        }
      }
    }
    if (bits.highestBelow(end) != highestBelow(members, end)) wrong++;
  }
  return wrong;
}

describe("TimeBits", () => {
  it("is empty at first", () => {
    const bits = new TimeBits(1_000);
    expect(bits.has(0)).toBe(false);
    expect(bits.highestBelow(1_000)).toBe(0);
  });

  it("finds a lone member from far away", () => {
    const count: u32 = 20_000_000;
    const bits = new TimeBits(count);
    for (let member: u32 = 1; member < count; member = member * 3 + 1) {
      bits.add(member);
      expect(bits.highestBelow(count)).toBe(member);
      expect(bits.highestBelow(member + 1)).toBe(member);
      bits.remove(member);
      expect(bits.highestBelow(count)).toBe(0);
    }
  });

  it("adds twice and removes what is not there without harm", () => {
    const bits = new TimeBits(10_000);
    bits.add(5_000);
    bits.add(5_000);
    bits.remove(4_999);
    bits.remove(9_000);
    expect(bits.highestBelow(10_000)).toBe(5_000);
    bits.remove(5_000);
    expect(bits.has(5_000)).toBe(false);
    expect(bits.highestBelow(10_000)).toBe(0);
  });

  it("does as a plain table does, at every edge of a word and of a level", () => {
    const counts: StaticArray<u32> = [1, 2, 63, 64, 65, 127, 128, 129, 1_000, 4_095, 4_096, 4_097];
    for (let i = 0; i < counts.length; i++) expect(wrongAnswers(counts[i], i)).toBe(0);
  });

  it("does as a plain table does over four levels", () => {
    const count: u32 = 300_000;
    const random = new Random(9, "time-bits");
    const bits = new TimeBits(count);
    const members = new StaticArray<bool>(count);
    for (let i = 0; i < 3_000; i++) {
      const position = random.below(count);
      bits.add(position);
      members[position] = true;
    }
    let wrong = 0;
    // From the top down, so that nothing is left at or above the position.
    let end = count;
    while (end > 0) {
      const highest = highestBelow(members, end);
      if (bits.highestBelow(end) != highest) wrong++;
      if (highest == 0) break;
      bits.remove(highest);
      end = highest;
    }
    expect(wrong).toBe(0);
  });

  it("finds the last member up to any position, whatever stands above it", () => {
    const counts: StaticArray<u32> = [1, 64, 65, 4_096, 4_097, 20_000, 300_000];
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i];
      const random = new Random(i, "time-bits");
      const bits = new TimeBits(count);
      const members = new StaticArray<bool>(count);
      bits.add(0);
      members[0] = true;
      for (let k: u32 = 0; k < count / 50; k++) {
        const position = random.below(count);
        bits.add(position);
        members[position] = true;
      }
      let wrong = 0;
      let last: u32 = 0;
      for (let position: u32 = 0; position < count; position++) {
        if (members[position]) last = position;
        if (bits.lastUpTo(position) != last) wrong++;
      }
      expect(wrong).toBe(0);
    }
  });
});
