import { Buckets } from "../../assembly/columns/buckets";
import { Random } from "../../assembly/random";
import { difference } from "./checks";

const SLOTS: u32 = 24;

/** Slots in order of (key, time of coming), found by looking at all of them. */
class Model {
  readonly keys: StaticArray<u64> = new StaticArray<u64>(SLOTS);
  readonly times: StaticArray<u32> = new StaticArray<u32>(SLOTS);
  time: u32 = 0;

  isIn(slot: u32): bool {
    return this.times[slot] != 0;
  }

  put(slot: u32, key: u64): void {
    this.keys[slot] = key;
    this.times[slot] = ++this.time;
  }

  drop(slot: u32): void {
    this.times[slot] = 0;
  }

  lowest(): u32 {
    let best = u32.MAX_VALUE;
    for (let slot: u32 = 0; slot < SLOTS; slot++) {
      if (!this.isIn(slot)) continue;
      if (best == u32.MAX_VALUE || this.isBefore(slot, best)) best = slot;
    }
    return best;
  }

  private isBefore(slot: u32, other: u32): bool {
    if (this.keys[slot] != this.keys[other]) return this.keys[slot] < this.keys[other];
    return this.times[slot] < this.times[other];
  }
}

/** All slots from the lowest up, which empties the buckets. */
function drain(buckets: Buckets): Array<u32> {
  const order = new Array<u32>();
  while (!buckets.isEmpty()) {
    const slot = buckets.lowest();
    order.push(slot);
    buckets.remove(slot);
  }
  return order;
}

function drainModel(model: Model): Array<u32> {
  const order = new Array<u32>();
  for (let slot = model.lowest(); slot != u32.MAX_VALUE; slot = model.lowest()) {
    order.push(slot);
    model.drop(slot);
  }
  return order;
}

function compared(buckets: Buckets, model: Model): string {
  const lowest = model.lowest();
  if (buckets.isEmpty() != (lowest == u32.MAX_VALUE)) return "isEmpty is wrong";
  if (lowest == u32.MAX_VALUE) return "";
  if (buckets.lowest() != lowest) return `lowest ${buckets.lowest()}, not ${lowest}`;
  for (let slot: u32 = 0; slot < SLOTS; slot++) {
    if (model.isIn(slot) && buckets.keyOf(slot) != model.keys[slot]) return `key of ${slot}`;
  }
  return "";
}

describe("Buckets", () => {
  it("gives the lowest key first, and within a key the longest there", () => {
    const buckets = new Buckets(6, 6);
    buckets.insert(0, 5);
    buckets.insert(1, 1);
    buckets.insert(2, 5);
    buckets.insert(3, 1);
    buckets.insert(4, 0);
    buckets.insert(5, u64.MAX_VALUE);
    expect(difference(drain(buckets), [4, 1, 3, 0, 2, 5])).toBe("");
  });

  it("moves a raised slot behind those that were there before it", () => {
    const buckets = new Buckets(4, 4);
    for (let slot: u32 = 0; slot < 4; slot++) buckets.insert(slot, 1);
    buckets.raise(0, 2);
    buckets.raise(2, 2);
    buckets.raise(1, 1);
    buckets.raise(2, 2);
    expect(difference(drain(buckets), [3, 1, 0, 2])).toBe("");
  });

  it("uses buckets again that fell empty", () => {
    // Only two keys at a time, but a thousand of them in all.
    const buckets = new Buckets(2, 2);
    buckets.insert(0, 0);
    buckets.insert(1, 0);
    for (let key: u64 = 1; key < 1_000; key++) {
      buckets.raise(0, key);
      buckets.raise(1, key);
    }
    expect(buckets.keyOf(0)).toBe(999);
    expect(difference(drain(buckets), [0, 1])).toBe("");
  });

  it("does as the model does, over 20,000 random steps", () => {
    const random = new Random(1, "buckets");
    const buckets = new Buckets(SLOTS, SLOTS);
    const model = new Model();
    let wrong = "";
    for (let i = 0; i < 20_000 && wrong == ""; i++) {
      const slot = random.below(SLOTS);
      if (!model.isIn(slot)) {
        const key = <u64>random.below(6);
        buckets.insert(slot, key);
        model.put(slot, key);
      } else if (random.below(4) == 0) {
        const key = <u64>random.below(6);
        const lowest = model.lowest();
        if (buckets.restart(key) != lowest) wrong = "not the lowest";
        model.put(lowest, key);
      } else if (random.below(3) == 0) {
        buckets.remove(slot);
        model.drop(slot);
      } else {
        const key = model.keys[slot] + random.below(4);
        buckets.raise(slot, key);
        model.put(slot, key);
      }
      wrong = compared(buckets, model);
    }
    expect(wrong).toBe("");
    expect(difference(drain(buckets), drainModel(model))).toBe("");
  });
});
