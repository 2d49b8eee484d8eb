import { KeyHeap } from "../../assembly/columns/key_heap";
import { Random } from "../../assembly/random";

/** The least key of a model without order, and where it stands. */
function leastAt(model: Array<u64>): i32 {
  let best = 0;
  for (let i = 1; i < model.length; i++) if (model[i] < model[best]) best = i;
  return best;
}

function someKey(random: Random): u64 {
  const kind = random.below(4);
  if (kind == 0) return random.next();
  return kind == 1 ? u64.MAX_VALUE - random.below(3) : random.below(20);
}

describe("KeyHeap", () => {
  it("gives keys back in order", () => {
    const random = new Random(1, "key-heap");
    for (let count: u32 = 1; count < 60; count++) {
      const heap = new KeyHeap(count);
      for (let i: u32 = 0; i < count; i++) heap.push(someKey(random));
      let before: u64 = 0;
      let disorder = 0;
      for (let i: u32 = 0; i < count; i++) {
        if (heap.least() < before) disorder++;
        before = heap.least();
        heap.dropLeast();
      }
      expect(disorder).toBe(0);
      expect(heap.length).toBe(0);
    }
  });

  it("does as the model does, over 30,000 random steps", () => {
    const random = new Random(2, "key-heap");
    const heap = new KeyHeap(50);
    const model = new Array<u64>();
    let wrong = 0;
    for (let i = 0; i < 30_000; i++) {
      let kind = random.below(3);
      if (model.length == 0) kind = 0;
      else if (model.length == 50 && kind == 0) kind = 1;
      if (kind == 0) {
        const key = someKey(random);
        heap.push(key);
        model.push(key);
      } else if (kind == 1) {
        heap.dropLeast();
        model.splice(leastAt(model), 1);
      } else {
        const at = leastAt(model);
        const key = max(model[at], someKey(random));
        heap.raiseLeast(key);
        model[at] = key;
      }
      if (heap.length != <u32>model.length) wrong++;
      if (model.length > 0 && heap.least() != model[leastAt(model)]) wrong++;
    }
    expect(wrong).toBe(0);
  });
});
