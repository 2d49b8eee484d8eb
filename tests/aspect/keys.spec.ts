import { take } from "../../assembly/arena";
import { Random } from "../../assembly/random";
import { insertKey, KEY, KEYED_BYTES, popKey, removeKey } from "../../assembly/serving/orders/keys";

const ENTRIES: u32 = 500;

describe("keys", () => {
  it("gives entries in order of their keys, whichever come and go", () => {
    const random = new Random(1, "keys");
    const root = take(4);
    const entries = take(ENTRIES * KEYED_BYTES);
    const isIn = new StaticArray<bool>(ENTRIES);
    let wrong = 0;
    let held = 0;
    for (let step: u32 = 0; step < 40_000; step++) {
      const index = random.below(ENTRIES);
      const entry = <u32>entries + index * KEYED_BYTES;
      if (isIn[index]) {
        removeKey(root, entry);
        held--;
      } else {
        // Different keys, some of them far apart, rising and falling.
        store<u64>(entry, (<u64>random.below(1000) << 40) | step, KEY);
        insertKey(root, entry);
        held++;
      }
      isIn[index] = !isIn[index];
      if (step % 50 != 0 || held == 0) continue;
      let least: u64 = u64.MAX_VALUE;
      for (let i: u32 = 0; i < ENTRIES; i++) {
        const key = load<u64>(entries + i * KEYED_BYTES, KEY);
        if (isIn[i] && key < least) least = key;
      }
      const popped = popKey(root);
      if (load<u64>(popped, KEY) != least) wrong++;
      isIn[(popped - <u32>entries) / KEYED_BYTES] = false;
      held--;
    }
    expect(wrong).toBe(0);
    let before: u64 = 0;
    for (; held > 0; held--) {
      const key = load<u64>(popKey(root), KEY);
      if (key < before) wrong++;
      before = key;
    }
    expect(wrong).toBe(0);
    expect(load<u32>(root)).toBe(0);
  });

  it("stays shallow when keys rise, as clocks do", () => {
    const root = take(4);
    const entries = take(10_000 * KEYED_BYTES);
    for (let i: u32 = 0; i < 10_000; i++) {
      const entry = <u32>entries + i * KEYED_BYTES;
      store<u64>(entry, i + 1, KEY);
      insertKey(root, entry);
    }
    let depth = 0;
    for (let node = load<u32>(root); node != 0; node = load<u32>(node, 12)) depth++;
    expect(depth < 60).toBe(true);
  });
});
