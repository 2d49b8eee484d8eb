import { NONE } from "../../assembly/abi_serving";
import { take } from "../../assembly/arena";
import { Random } from "../../assembly/random";
import { Ring } from "../../assembly/serving/routers/ring";
import { BlockIndex } from "../../assembly/serving/view_index";
import { Lag } from "../../assembly/serving/view_lag";

const BLOCKS: u32 = 6;
const REPLICAS: u32 = 200;
const NOBODY: u8 = 0;
const EXPECTED: u8 = 1;
const HOLDS: u8 = 2;

/** Counts what the index says otherwise than a table does. */
function differences(index: BlockIndex, table: StaticArray<u8>, start: u32): u32 {
  let wrong: u32 = 0;
  for (let block: u32 = 0; block < BLOCKS; block++) {
    let count: u32 = 0;
    for (let replica: u32 = 0; replica < REPLICAS; replica++) {
      const holds = table[block * REPLICAS + replica] != NOBODY;
      if (holds) count++;
      if (index.has(block, replica) != holds) wrong++;
    }
    if (index.count(block) != count) wrong++;
    index.walk(block, start);
    for (let r = index.next(); r != NONE; r = index.next()) {
      if (table[block * REPLICAS + r] == NOBODY) wrong++;
      count--;
    }
    if (count != 0) wrong++;
  }
  return wrong;
}

describe("BlockIndex", () => {
  it("says what a plain table says, through few holders and many", () => {
    const random = new Random(1, "index");
    const index = new BlockIndex(BLOCKS, REPLICAS);
    const table = new StaticArray<u8>(BLOCKS * REPLICAS);
    let wrong: u32 = 0;
    for (let i = 0; i < 20_000; i++) {
      const block = random.below(BLOCKS);
      const replica = random.below(REPLICAS);
      const at = block * REPLICAS + replica;
      // Times of filling and of emptying take turns, so that lists become maps and vanish.
      const fills = random.below(100) < ((i / 2_000) % 2 == 0 ? 80 : 20);
      if (fills && table[at] == NOBODY) {
        const expected = random.below(2) == 0;
        index.add(block, replica, expected);
        table[at] = expected ? EXPECTED : HOLDS;
      } else if (fills && table[at] == EXPECTED) {
        index.add(block, replica, false);
        table[at] = HOLDS;
      } else if (!fills) {
        const onlyExpected = random.below(2) == 0;
        index.drop(block, replica, onlyExpected);
        if (!onlyExpected || table[at] == EXPECTED) table[at] = NOBODY;
      }
      if (i % 100 == 0) wrong += differences(index, table, random.below(REPLICAS));
    }
    let held: u32 = 0;
    let expected: u32 = 0;
    for (let i = 0; i < table.length; i++) {
      if (table[i] != NOBODY) held++;
      if (table[i] == EXPECTED) expected++;
    }
    expect(wrong).toBe(0);
    expect(index.held).toBe(held);
    expect(index.expected).toBe(expected);
  });
});

describe("Lag", () => {
  it("tells everything once, in order, never early", () => {
    const lag = new Lag(16);
    let heard: u64 = 0;
    let early = 0;
    for (let now: u64 = 0; now < 3_000; now++) {
      store<u64>(lag.tell(now), now);
      // The delay grows, so that the ring does.
      const delay: u64 = now < 1_500 ? 100 : 900;
      while (now >= delay && lag.has(now - delay)) {
        if (load<u64>(lag.hear()) != heard++) early++;
      }
    }
    expect(early).toBe(0);
    expect(heard).toBe(2_100);
  });
});

describe("Ring", () => {
  it("is in order, has every replica's points, and leaves no dirty memory", () => {
    const replicas = new StaticArray<u32>(1_280);
    for (let i = 0; i < 1_280; i++) replicas[i] = i * 2;
    const ring = new Ring(replicas, 64);
    const after = take(1 << 20);
    let dirty = 0;
    for (let i: usize = 0; i < 1 << 20; i += 8) if (load<u64>(after + i) != 0) dirty++;
    const points = new StaticArray<u32>(2_560);
    let wrong = 0;
    for (let i: u32 = 0; i < ring.length; i++) points[ring.replica(i)]++;
    for (let i = 0; i < 2_560; i++) if (points[i] != (i % 2 == 0 ? 64 : 0)) wrong++;
    let before: u32 = 0;
    for (let i: u64 = 0; i < 1_000; i++) {
      const at = ring.after(i << 54);
      if (at < before) wrong++;
      before = at;
    }
    expect(dirty).toBe(0);
    expect(wrong).toBe(0);
    expect(ring.after(0)).toBe(0);
  });
});
