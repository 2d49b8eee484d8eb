import { assertEquals, assertThrows } from "@std/assert";
import { longInteger, parseExact, showValue } from "./exact_json.ts";
import { parseDecimal, splitInteger, word } from "./words64.ts";

Deno.test("parseExact() keeps long integers and leaves texts alone", () => {
  const text = '{"a":[1,-9223372036854775808],"b":"[ 12345678901234567 ]","c":12345678901234567.5}';
  const value = parseExact(text) as { a: unknown[]; b: string; c: number };
  assertEquals(value.a[0], 1);
  assertEquals(longInteger(value.a[1]), "-9223372036854775808");
  assertEquals(value.b, "[ 12345678901234567 ]");
  assertEquals(value.c, 12345678901234567.5);
  assertEquals(longInteger(value.b), undefined);
  assertThrows(() => parseExact('{"a":12345678901234567'), SyntaxError);
});

Deno.test("showValue() shows what stood there, cut to length", () => {
  assertEquals(showValue((parseExact("[12345678901234567]") as unknown[])[0]), "12345678901234567");
  assertEquals(showValue(undefined), "nothing");
  assertEquals(showValue("x".repeat(100)).length, 60);
});

Deno.test("parseDecimal() and splitInteger() give two's complement words", () => {
  const values = [
    "0",
    "1",
    "-1",
    "4294967296",
    "-4294967296",
    "9007199254740993",
    "18446744073709551615",
    "-9223372036854775808",
    "000000000000000000000000007",
  ];
  for (const text of values) {
    assertEquals(parseDecimal(text), true, text);
    const bits = BigInt.asUintN(64, BigInt(text));
    assertEquals([BigInt(word.low), BigInt(word.high)], [bits & 0xffffffffn, bits >> 32n], text);
    if (!Number.isSafeInteger(Number(text))) continue;
    const { low, high } = word;
    splitInteger(Number(text));
    assertEquals([word.low, word.high], [low, high], text);
  }
  for (const text of ["18446744073709551616", "-9223372036854775809", "9".repeat(400)]) {
    assertEquals(parseDecimal(text), false, text);
  }
});
