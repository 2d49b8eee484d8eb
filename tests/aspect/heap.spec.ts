import { Heap } from "../../assembly/columns/heap";
import { Random } from "../../assembly/random";
import { difference } from "./checks";

const ENTRIES: u32 = 40;

/** Keys of all entries; the least is found by looking at each. */
class Model {
  readonly highs: StaticArray<u64> = new StaticArray<u64>(ENTRIES);
  readonly lows: StaticArray<u32> = new StaticArray<u32>(ENTRIES);
  readonly isIn: StaticArray<bool> = new StaticArray<bool>(ENTRIES);
  length: u32 = 0;

  put(entry: u32, high: u64, low: u32): void {
    if (!this.isIn[entry]) this.length++;
    this.highs[entry] = high;
    this.lows[entry] = low;
    this.isIn[entry] = true;
  }

  drop(entry: u32): void {
    this.isIn[entry] = false;
    this.length--;
  }

  least(): u32 {
    let best = u32.MAX_VALUE;
    for (let entry: u32 = 0; entry < ENTRIES; entry++) {
      if (!this.isIn[entry]) continue;
      if (best == u32.MAX_VALUE || this.isBefore(entry, best)) best = entry;
    }
    return best;
  }

  private isBefore(entry: u32, other: u32): bool {
    if (this.highs[entry] != this.highs[other]) return this.highs[entry] < this.highs[other];
    return this.lows[entry] < this.lows[other];
  }
}

function compared(heap: Heap, model: Model): string {
  if (heap.length != model.length) return `length ${heap.length}, not ${model.length}`;
  if (model.length == 0) return "";
  if (heap.least() != model.least()) return `least ${heap.least()}, not ${model.least()}`;
  for (let entry: u32 = 0; entry < ENTRIES; entry++) {
    if (model.isIn[entry] && heap.high(entry) != model.highs[entry]) return `key of ${entry}`;
  }
  return "";
}

/** Keys that tie often, and some as large as can be. */
function someHigh(random: Random): u64 {
  const kind = random.below(8);
  if (kind == 0) return u64.MAX_VALUE - random.below(2);
  return <u64>random.below(4) << (kind == 1 ? 40 : 0);
}

function drain(heap: Heap): Array<u32> {
  const order = new Array<u32>();
  while (heap.length > 0) {
    const entry = heap.least();
    order.push(entry);
    heap.remove(entry);
  }
  return order;
}

function drainModel(model: Model): Array<u32> {
  const order = new Array<u32>();
  while (model.length > 0) {
    const entry = model.least();
    order.push(entry);
    model.drop(entry);
  }
  return order;
}

describe("Heap", () => {
  it("holds one entry", () => {
    const heap = new Heap(1);
    heap.insert(0, 9, 1);
    expect(heap.least()).toBe(0);
    heap.update(0, u64.MAX_VALUE, u32.MAX_VALUE);
    expect(heap.high(0)).toBe(u64.MAX_VALUE);
    heap.remove(0);
    expect(heap.length).toBe(0);
  });

  it("orders by the first part of a key, then by the second", () => {
    const heap = new Heap(6);
    heap.insert(0, 2, 0);
    heap.insert(1, 1, 7);
    heap.insert(2, 1, 3);
    heap.insert(3, 0, u32.MAX_VALUE);
    heap.insert(4, u64.MAX_VALUE, 0);
    heap.insert(5, 1, 5);
    expect(difference(drain(heap), [3, 2, 5, 1, 0, 4])).toBe("");
  });

  it("takes entries that rise and that sink", () => {
    const heap = new Heap(21);
    for (let entry: u32 = 0; entry < 21; entry++) heap.insert(entry, 100 + entry, 0);
    heap.update(20, 1, 0);
    expect(heap.least()).toBe(20);
    heap.update(20, 1_000, 0);
    expect(heap.least()).toBe(0);
    heap.update(0, 110, 1);
    const order = drain(heap);
    expect(order.indexOf(0)).toBe(order.indexOf(10) + 1);
    expect(order[0]).toBe(1);
    expect(order[20]).toBe(20);
  });

  it("does as the model does, over 30,000 random steps", () => {
    const random = new Random(1, "heap");
    const heap = new Heap(ENTRIES);
    const model = new Model();
    let wrong = "";
    for (let i: u32 = 0; i < 30_000 && wrong == ""; i++) {
      const entry = random.below(ENTRIES);
      const high = someHigh(random);
      if (model.isIn[entry] && random.below(3) == 0) {
        heap.remove(entry);
        model.drop(entry);
      } else {
        // The low part is different each time, as the clock is.
        if (model.isIn[entry]) heap.update(entry, high, i);
        else heap.insert(entry, high, i);
        model.put(entry, high, i);
      }
      wrong = compared(heap, model);
    }
    expect(wrong).toBe("");
    expect(difference(drain(heap), drainModel(model))).toBe("");
  });
});
