import { assertEquals } from "@std/assert";
import {
  formatBytes,
  formatCount,
  formatDollars,
  formatDuration,
  formatJoules,
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

Deno.test("formatDuration() takes the unit that leaves three digits", () => {
  const pairs: [number, string][] = [
    [0, "0 ns"],
    [999, "999 ns"],
    [12.345, "12.3 ns"],
    [1000, "1.00 µs"],
    [999_499, "999 µs"],
    [999_600, "1.00 ms"],
    [3_420_000, "3.42 ms"],
    [42e9, "42.0 s"],
    [99.94e9, "99.9 s"],
    [100e9, "1.67 min"],
    [7_200e9, "2.00 h"],
    [7_200_000e9, "2,000 h"],
    [-1500, "-1.50 µs"],
  ];
  for (const [ns, text] of pairs) assertEquals(formatDuration(ns), text);
});

Deno.test("formatDollars() shows cents, and more digits where cents are too coarse", () => {
  const amounts = [0, 0.31, 12.5, 99.99, 1240.4, 0.0042, 0.000_12, 1e-9, -2];
  assertEquals(amounts.map(formatDollars), [
    "$0",
    "$0.31",
    "$12.50",
    "$99.99",
    "$1,240",
    "$0.0042",
    "$0.00012",
    "< $0.000001",
    "-$2.00",
  ]);
});

Deno.test("formatJoules() takes the unit that leaves three digits", () => {
  assertEquals([0, 0.0123, 1, 4100, 999_700, 5e12].map(formatJoules), [
    "0 J",
    "12.3 mJ",
    "1.00 J",
    "4.10 kJ",
    "1.00 MJ",
    "5,000 GJ",
  ]);
});
