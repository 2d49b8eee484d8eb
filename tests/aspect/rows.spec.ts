import { Rows } from "../../assembly/columns/rows";

describe("Rows", () => {
  it("keeps what was written when it grows, and begins rows at zero", () => {
    const rows = new Rows(12);
    for (let i: u32 = 0; i < 5000; i++) {
      expect(load<u32>(rows.at(i))).toBe(0);
      expect(load<u32>(rows.at(i), 8)).toBe(0);
      store<u32>(rows.at(i), i + 1);
      store<u32>(rows.at(i), ~i, 8);
    }
    for (let i: u32 = 0; i < 5000; i++) {
      expect(load<u32>(rows.at(i))).toBe(i + 1);
      expect(load<u32>(rows.at(i), 8)).toBe(~i);
    }
  });

  it("takes a row far beyond the last one", () => {
    const rows = new Rows(4);
    store<u32>(rows.at(3), 7);
    store<u32>(rows.at(100_000), 9);
    expect(load<u32>(rows.at(3))).toBe(7);
    expect(load<u32>(rows.at(100_000))).toBe(9);
    expect(load<u32>(rows.at(99_999))).toBe(0);
  });
});
