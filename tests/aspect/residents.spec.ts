import { Residents } from "../../assembly/columns/residents";
import { Random } from "../../assembly/random";

const SLOTS: u32 = 20;

describe("Residents", () => {
  it("draws only residents, each of them now and then", () => {
    const random = new Random(1, "residents");
    const residents = new Residents(SLOTS);
    const isIn = new StaticArray<bool>(SLOTS);
    let length: u32 = 0;
    let strangers = 0;
    let unseen = 0;
    for (let i = 0; i < 5_000; i++) {
      const slot = random.below(SLOTS);
      if (isIn[slot]) residents.remove(slot);
      else residents.insert(slot);
      isIn[slot] = !isIn[slot];
      length += isIn[slot] ? 1 : -1;
      if (residents.length != length) strangers++;
      if (length == 0) continue;
      let seen: u32 = 0;
      for (let draw: u32 = 0; draw < 400; draw++) {
        const drawn = residents.draw(random);
        if (!isIn[drawn]) strangers++;
        seen |= 1 << drawn;
      }
      // A resident escapes 400 draws among 20 once in 800 million times.
      if (<u32>popcnt(seen) != length) unseen++;
    }
    expect(strangers).toBe(0);
    expect(unseen).toBe(0);
  });
});
