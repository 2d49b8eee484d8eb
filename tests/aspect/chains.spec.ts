import { Chains } from "../../assembly/columns/chains";
import { mix, Random } from "../../assembly/random";

const SLOTS: u32 = 16;

/** The newest slot of the chain of a slot, told from the times of coming; times of 0 are absent. */
function newestOf(slot: u32, blocks: StaticArray<u32>, times: StaticArray<u32>): u32 {
  const chain = mix(<u64>blocks[slot] + 1) & (SLOTS - 1);
  let newest = slot;
  for (let other: u32 = 0; other < SLOTS; other++) {
    if (times[other] == 0 || (mix(<u64>blocks[other] + 1) & (SLOTS - 1)) != chain) continue;
    if (times[other] > times[newest]) newest = other;
  }
  return newest;
}

describe("Chains", () => {
  it("draws the only slot", () => {
    const random = new Random(1, "chains");
    const chains = new Chains(SLOTS);
    chains.insert(3, 77);
    expect(chains.draw(random)).toBe(3);
  });

  it("sees the newest of a chain, and those behind it when it has left", () => {
    const random = new Random(2, "chains");
    const chains = new Chains(1);
    // One slot makes one chain; the second block stands in front until it leaves.
    chains.insert(0, 5);
    expect(chains.draw(random)).toBe(0);
    const two = new Chains(2);
    let other: u32 = 1;
    while (((mix(<u64>other + 1) ^ mix(1)) & 1) != 0) other++;
    two.insert(0, 0);
    two.insert(1, other);
    expect(two.draw(random)).toBe(1);
    two.remove(1, other);
    expect(two.draw(random)).toBe(0);
  });

  it("draws just the newest slots of all chains, through random comings and goings", () => {
    const random = new Random(3, "chains");
    const chains = new Chains(SLOTS);
    const blocks = new StaticArray<u32>(SLOTS);
    const times = new StaticArray<u32>(SLOTS);
    let strangers = 0;
    let unseen = 0;
    for (let time: u32 = 1; time < 3_000; time++) {
      const slot = random.below(SLOTS);
      if (times[slot] != 0) {
        chains.remove(slot, blocks[slot]);
        times[slot] = 0;
      } else {
        blocks[slot] = random.below(1_000);
        times[slot] = time;
        chains.insert(slot, blocks[slot]);
      }
      let expected: u32 = 0;
      for (let one: u32 = 0; one < SLOTS; one++) {
        if (times[one] != 0) expected |= 1 << newestOf(one, blocks, times);
      }
      if (expected == 0) continue;
      let seen: u32 = 0;
      for (let draw = 0; draw < 400; draw++) seen |= 1 << chains.draw(random);
      if ((seen & ~expected) != 0) strangers++;
      if (seen != expected) unseen++;
    }
    expect(strangers).toBe(0);
    expect(unseen).toBe(0);
  });
});
