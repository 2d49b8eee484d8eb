import { assertEquals } from "@std/assert";
import { parseIsoTime, splitDecimal, splitTime, toNs } from "./time.ts";

function iso(text: string): string | undefined {
  const into = { seconds: 0, nanos: 0 };
  return parseIsoTime(text, into)
    ? `${into.seconds}.${String(into.nanos).padStart(9, "0")}`
    : undefined;
}

Deno.test("parseIsoTime() reads dates, fractions and offsets", () => {
  assertEquals(iso("1970-01-01"), "0.000000000");
  assertEquals(iso("2023-11-16 18:17:03.9799600"), "1700158623.979960000");
  assertEquals(iso("2024-05-10T00:00:00.009930+00:00"), "1715299200.009930000");
  assertEquals(iso("2024-05-10T02:00:00+02:00"), "1715299200.000000000");
  assertEquals(iso("2024-05-09T18:30:00-0530"), "1715299200.000000000");
  assertEquals(iso("2024-02-29T00:00:00Z"), "1709164800.000000000");
  assertEquals(iso("1969-12-31 23:59:59.5"), "-1.500000000");
  const bad = [
    "",
    "2024",
    "2024-13-01",
    "2023-02-29",
    "2024-01-01 24:00:00",
    "x2024-01-01",
    "12:00",
  ];
  for (const text of bad) assertEquals(iso(text), undefined, text);
});

Deno.test("splitTime() and splitDecimal() lose no digits", () => {
  const into = { seconds: 0, nanos: 0 };
  splitTime(46.927, "ms", into);
  assertEquals(into, { seconds: 0, nanos: 46_927_000 });
  splitTime(1763975741548745, "us", into);
  assertEquals(into, { seconds: 1763975741, nanos: 548_745_000 });
  const cases: readonly (readonly [string, "s" | "ms" | "us" | "ns", number, number])[] = [
    ["1763975741548745123", "ns", 1763975741, 548_745_123],
    ["1763975741.548745123", "s", 1763975741, 548_745_123],
    ["12", "ns", 0, 12],
    ["2500.25", "ms", 2, 500_250_000],
    ["7", "s", 7, 0],
  ];
  for (const [text, unit, seconds, nanos] of cases) {
    splitDecimal(text, unit, into);
    assertEquals(into, { seconds, nanos }, text);
  }
  assertEquals(toNs(2.5, "s"), 2.5e9);
});
