import { assertEquals } from "@std/assert";
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatSignedPoints,
  formatTimes,
  sentenceList,
  visible,
} from "./format.ts";

Deno.test("formatCount() puts a comma between thousands", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [94_300_000, "94,300,000"],
    [-1234, "-1,234"],
    [-0.2, "0"],
    [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
  ];
  for (const [count, text] of cases) assertEquals(formatCount(count), text);
});

Deno.test("formatPercent() never writes a negative zero", () => {
  assertEquals(formatPercent(-0.0001), "0.0");
  assertEquals(formatPercent(-0), "0.0");
  assertEquals(formatPercent(0.36641), "36.6");
  assertEquals(formatPercent(-0.02), "-2.0");
  assertEquals(formatPercent(-61.027), "-6,103");
});

Deno.test("formatSignedPoints() signs gains and losses, not zero", () => {
  assertEquals([0.012, -0.5, 0].map(formatSignedPoints), ["+1.2", "-50.0", "0.0"]);
});

Deno.test("formatTimes() drops the decimal from 100 on", () => {
  assertEquals([1.04, 9.96, 1234.5].map(formatTimes), ["1.0", "10.0", "1,235"]);
});

Deno.test("formatBytes() changes unit before four digits appear", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "0.98 KiB"],
    [1024, "1.00 KiB"],
    [5_242_880, "5.00 MiB"],
    [1_073_741_823, "1.00 GiB"],
    [22.25 * 1024 ** 3, "22.3 GiB"],
    [240.4 * 1024 ** 4, "240 TiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
});

Deno.test("visible() shows escape codes, newlines and direction marks", () => {
  assertEquals(visible("a\u001b[31mb\nc\u202ed é 漢"), "a\\u001b[31mb\\u000ac\\u202ed é 漢");
});

Deno.test("sentenceList() joins one, two and three words", () => {
  assertEquals(sentenceList([]), "");
  assertEquals(sentenceList(["a"]), "a");
  assertEquals(sentenceList(["a", "b", "c"]), "a, b and c");
});
