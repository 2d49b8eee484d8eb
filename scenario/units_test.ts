import { assertEquals, assertThrows } from "@std/assert";
import { parseBytes, parseCapacity } from "./units.ts";

Deno.test("parseBytes() knows IEC and SI units", () => {
  assertEquals(parseBytes("1 KiB"), 1024);
  assertEquals(parseBytes("1kB"), 1000);
  assertEquals(parseBytes("2.5 GB"), 2_500_000_000);
  assertEquals(parseBytes("1_024 MiB"), 2 ** 30);
});

Deno.test("parseBytes() refuses a number without a unit, zero, and words", () => {
  for (
    const text of ["64", "", "GiB", "-1 GB", "0 B", "1e3 GB", "5 gib", "NaN GB", "9999999 TiB"]
  ) {
    assertThrows(() => parseBytes(text), RangeError);
  }
});

Deno.test("parseCapacity() tells blocks, shares and bytes apart", () => {
  assertEquals(parseCapacity("1,000 blocks"), { kind: "blocks", blocks: 1000 });
  assertEquals(parseCapacity("0.5%"), { kind: "share", share: 0.005 });
  assertEquals(parseCapacity("80 GB"), { kind: "bytes", bytes: 80e9 });
});

Deno.test("parseCapacity() refuses nothing, fractions of blocks and unknown units", () => {
  for (const text of ["0", "0%", "1.5", "10 parsecs", "all", "-3", "5 %%"]) {
    assertThrows(() => parseCapacity(text), RangeError);
  }
});
