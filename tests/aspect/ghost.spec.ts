import { GhostNodes, Ghosts } from "../../assembly/columns/ghost";
import { NONE } from "../../assembly/columns/list";
import { Random } from "../../assembly/random";

const BLOCKS: u32 = 30;

/** The model is a queue of blocks, the oldest first. */
function compared(ghosts: Ghosts, model: Array<u32>): string {
  if (ghosts.length != <u32>model.length) return `length ${ghosts.length}, not ${model.length}`;
  const oldest = model.length == 0 ? NONE : model[0];
  if (ghosts.oldestBlock() != oldest) return `oldest ${ghosts.oldestBlock()}, not ${oldest}`;
  return "";
}

function drained(ghosts: Ghosts, model: Array<u32>): string {
  while (model.length > 0) {
    const wrong = compared(ghosts, model);
    if (wrong != "") return wrong;
    ghosts.remove(model.shift());
  }
  return compared(ghosts, model);
}

describe("Ghosts", () => {
  it("never remembers anything with a limit of 0", () => {
    const ghosts = new GhostNodes(4).list(0);
    ghosts.add(2);
    expect(ghosts.has(2)).toBe(false);
    expect(ghosts.length).toBe(0);
    expect(ghosts.oldestBlock()).toBe(NONE);
    expect(ghosts.forget(2)).toBe(false);
  });

  it("forgets the oldest to make room, block 0 too", () => {
    const ghosts = new GhostNodes(4).list(2);
    ghosts.add(0);
    ghosts.add(3);
    expect(ghosts.oldestBlock()).toBe(0);
    ghosts.add(1);
    expect(ghosts.has(0)).toBe(false);
    expect(ghosts.has(3)).toBe(true);
    expect(ghosts.oldestBlock()).toBe(3);
    expect(ghosts.length).toBe(2);
  });

  it("tells whether it forgot", () => {
    const ghosts = new GhostNodes(4).list(4);
    ghosts.add(1);
    expect(ghosts.forget(1)).toBe(true);
    expect(ghosts.forget(1)).toBe(false);
    expect(ghosts.oldestBlock()).toBe(NONE);
  });

  it("does as the model does, over 20,000 random steps on two lists", () => {
    const random = new Random(1, "ghosts");
    const nodes = new GhostNodes(BLOCKS);
    const lists: Array<Ghosts> = [nodes.list(7), nodes.list(11)];
    const models: Array<Array<u32>> = [[], []];
    let wrong = "";
    for (let i = 0; i < 20_000 && wrong == ""; i++) {
      const which = random.below(2);
      const block = random.below(BLOCKS);
      const model = models[which];
      const at = model.indexOf(block);
      const isElsewhere = models[1 - which].indexOf(block) >= 0;
      if (lists[which].has(block) != (at >= 0 || isElsewhere)) wrong = `has ${block}`;
      if (isElsewhere) continue;
      if (at >= 0) {
        lists[which].remove(block);
        model.splice(at, 1);
      } else {
        lists[which].add(block);
        model.push(block);
        if (<u32>model.length > lists[which].limit) model.shift();
      }
      if (wrong == "") wrong = compared(lists[which], model);
    }
    expect(wrong).toBe("");
    expect(drained(lists[0], models[0])).toBe("");
    expect(drained(lists[1], models[1])).toBe("");
  });
});
