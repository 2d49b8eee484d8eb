import { assertEquals, assertThrows } from "@std/assert";
import {
  parseBandwidth,
  parseBytes,
  parseCapacity,
  parseDuration,
  QUANTITIES,
  readQuantity,
} from "./units.ts";

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

Deno.test("parseBandwidth() tells bits from bytes", () => {
  assertEquals(parseBandwidth("3.35 TB/s"), 3_350_000_000_000);
  assertEquals(parseBandwidth("100 Gb/s"), 12_500_000_000);
  assertEquals(parseBandwidth("1 GiB / s"), 2 ** 30);
  for (const text of ["5", "5 GB", "5 GBps", "0 GB/s", "GB/s", "5 GB/h", "-1 GB/s"]) {
    assertThrows(() => parseBandwidth(text), RangeError);
  }
});

Deno.test("parseDuration() gives whole nanoseconds", () => {
  assertEquals(["1 ns", "15 us", "15 µs", "0.35 ms", "2 s", "0 ns"].map(parseDuration), [
    1,
    15_000,
    15_000,
    350_000,
    2_000_000_000,
    0,
  ]);
  for (const text of ["5", "5 min", "0.2 ns", "-1 us", "9007199254740993 ns", "1e3 us"]) {
    assertThrows(() => parseDuration(text), RangeError);
  }
});

Deno.test("readQuantity() knows energies, prices and times for each token", () => {
  const value = (text: string, kind: keyof typeof QUANTITIES) => {
    const reading = readQuantity(text, QUANTITIES[kind]);
    return "value" in reading ? reading.value : reading.wrong;
  };
  assertEquals(value("3.9 pJ/bit", "energy"), 31.2);
  assertEquals(value("0.3 pJ/B", "energy"), 0.3);
  assertEquals(value("$0.004/GiB/h", "price"), 0.004);
  assertEquals(value("$730/GiB/month", "price"), 1);
  assertEquals(value("$1/GB/h", "price"), 1.073741824);
  assertEquals(value("0.004/GiB/h", "price"), "is not a price");
  assertEquals(value("35 us/token", "tokenTime"), 35_000);
  assertEquals(value("0.0016 ns/token^2", "tokenSquaredTime"), 0.0016);
  assertEquals(value("2 ns/token²", "tokenSquaredTime"), 2);
  assertEquals(value("35 us", "tokenTime"), "is not a time for each token");
});

Deno.test("long texts are no quantities, and are refused at once", () => {
  for (const text of [`1${" ".repeat(1e6)}x`, `1 ${"/".repeat(1e6)}`, "1".repeat(1e6)]) {
    assertThrows(() => parseDuration(text), RangeError);
  }
});
