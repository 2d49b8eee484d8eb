import { List, Nodes, NONE } from "../../assembly/columns/list";
import { Random } from "../../assembly/random";
import { difference } from "./checks";

/** Entries from newest to oldest, told by the links in one direction. */
function downwards(list: List): Array<u32> {
  const entries = new Array<u32>();
  if (list.isEmpty()) return entries;
  for (let entry = list.head(); entry != NONE; entry = list.older(entry)) entries.push(entry);
  return entries;
}

function upwards(list: List): Array<u32> {
  const entries = new Array<u32>();
  if (list.isEmpty()) return entries;
  for (let entry = list.tail(); entry != NONE; entry = list.newer(entry)) entries.push(entry);
  return entries.reverse();
}

/** "" when the list holds just what the model does (newest first), seen from both ends. */
function compared(list: List, model: Array<u32>): string {
  const down = difference(downwards(list), model);
  if (down != "") return `from the head, ${down}`;
  const up = difference(upwards(list), model);
  if (up != "") return `from the tail, ${up}`;
  if (list.length != <u32>model.length) return `length ${list.length}, not ${model.length}`;
  if (list.isEmpty() != (model.length == 0)) return "isEmpty is wrong";
  return "";
}

function isIn(model: Array<u32>, entry: u32): bool {
  return model.indexOf(entry) >= 0;
}

/** Takes the oldest entry out of both, and puts it back at the head if it turns. */
function takeTail(list: List, model: Array<u32>, turns: bool): void {
  const entry = turns ? list.turn() : list.popTail();
  if (model.pop() != entry) throw new Error("not the oldest entry");
  if (turns) model.unshift(entry);
}

/** One random step on list and model alike. */
function step(list: List, model: Array<u32>, entry: u32, random: Random): void {
  if (isIn(model, entry)) {
    const kind = random.below(2);
    model.splice(model.indexOf(entry), 1);
    if (kind == 0) {
      list.remove(entry);
    } else {
      list.moveToHead(entry);
      model.unshift(entry);
    }
    return;
  }
  if (model.length > 0 && random.below(4) == 0) {
    takeTail(list, model, random.below(2) == 0);
    return;
  }
  const kind = random.below(model.length == 0 ? 2 : 3);
  if (kind == 0) {
    list.pushHead(entry);
    model.unshift(entry);
  } else if (kind == 1) {
    list.pushTail(entry);
    model.push(entry);
  } else {
    const at = <i32>random.below(model.length);
    list.insertNewer(entry, model[at]);
    // The newer side is the side of the head, the front of the model.
    const elder = model[at];
    const longer = new Array<u32>();
    for (let i = 0; i < model.length; i++) {
      if (model[i] == elder) longer.push(entry);
      longer.push(model[i]);
    }
    model.length = 0;
    for (let i = 0; i < longer.length; i++) model.push(longer[i]);
  }
}

describe("List", () => {
  it("is empty at first", () => {
    expect(compared(new Nodes(4, 1).list(0), [])).toBe("");
  });

  it("holds a single entry, the first and the last", () => {
    const list = new Nodes(1, 1).list(0);
    list.pushHead(0);
    expect(list.head()).toBe(0);
    expect(list.tail()).toBe(0);
    expect(list.newer(0)).toBe(NONE);
    expect(list.older(0)).toBe(NONE);
    list.moveToHead(0);
    expect(compared(list, [0])).toBe("");
    list.remove(0);
    expect(compared(list, [])).toBe("");
  });

  it("keeps the newest at the head", () => {
    const list = new Nodes(5, 1).list(0);
    for (let entry: u32 = 0; entry < 5; entry++) list.pushHead(entry);
    expect(compared(list, [4, 3, 2, 1, 0])).toBe("");
    list.moveToHead(0);
    list.moveToHead(2);
    expect(compared(list, [2, 0, 4, 3, 1])).toBe("");
  });

  it("inserts next to any entry, on its newer side", () => {
    const list = new Nodes(5, 1).list(0);
    list.pushTail(0);
    list.insertNewer(1, 0);
    list.insertNewer(2, 0);
    list.insertNewer(3, 1);
    list.pushTail(4);
    expect(compared(list, [3, 1, 2, 0, 4])).toBe("");
  });

  it("does as the model does, over 20,000 random steps", () => {
    const random = new Random(1, "list");
    const list = new Nodes(12, 1).list(0);
    const model = new Array<u32>();
    let wrong = "";
    for (let i = 0; i < 20_000 && wrong == ""; i++) {
      step(list, model, random.below(12), random);
      wrong = compared(list, model);
    }
    expect(wrong).toBe("");
  });

  it("shares its nodes with other lists without touching them", () => {
    const random = new Random(2, "lists");
    const nodes = new Nodes(16, 2);
    const lists: Array<List> = [nodes.list(0), nodes.list(1)];
    const models: Array<Array<u32>> = [[], []];
    let wrong = "";
    for (let i = 0; i < 5_000 && wrong == ""; i++) {
      const entry = random.below(16);
      let which = random.below(2);
      // An entry is in one list at most.
      if (isIn(models[1 - which], entry)) which = 1 - which;
      step(lists[which], models[which], entry, random);
      wrong = compared(lists[0], models[0]);
      if (wrong == "") wrong = compared(lists[1], models[1]);
    }
    expect(wrong).toBe("");
  });
});
