import { assert, assertEquals } from "@std/assert";
import { FlatScanner, ValueKind } from "./flat_scan.ts";

const SLOTS = [["t", "time"], ["n"], ["s"], ["ids"]];
const encoder = new TextEncoder();

function scan(text: string): FlatScanner | undefined {
  const scanner = new FlatScanner(SLOTS, 3);
  const bytes = encoder.encode(`${text}\n`);
  return scanner.scan(bytes, 0, bytes.length - 1) ? scanner : undefined;
}

/** Signed value of a pair of words. */
function signed(words: Uint32Array, index: number): bigint {
  return BigInt.asIntN(64, (BigInt(words[2 * index + 1]) << 32n) | BigInt(words[2 * index]));
}

Deno.test("FlatScanner.scan() reads numbers, texts, null and integers", () => {
  const scanner = scan(
    ' {"time" : 12.75, "s":"ab c","other":[1,2],"n":null , "ids": [0, 7,1234567890] } ',
  );
  assert(scanner !== undefined);
  assertEquals([...scanner.kinds], [
    ValueKind.Number,
    ValueKind.Null,
    ValueKind.Text,
    ValueKind.Array,
  ]);
  assertEquals(scanner.numbers[0], 12.75);
  assertEquals(scanner.texts[2], "ab c");
  assertEquals([...scanner.words.view()], [0, 0, 7, 0, 1234567890, 0]);
});

Deno.test("FlatScanner.scan() keeps 64-bit integers exact", () => {
  const values = [
    "7467810767593291063",
    "-7262535415567954716",
    "-9223372036854775808",
    "9007199254740993",
    "-1",
  ];
  const scanner = scan(`{"ids":[${values.join(",")}]}`);
  assert(scanner !== undefined);
  values.forEach((value, index) => {
    assertEquals(signed(scanner.words.view(), index), BigInt(value));
  });
  const largest = scan('{"ids":[18446744073709551615]}');
  assertEquals([...largest!.words.view()], [0xffffffff, 0xffffffff]);
});

Deno.test("FlatScanner.scan() leaves all that is not regular to the slow path", () => {
  const lines = [
    "",
    "{",
    "{}",
    "[1]",
    '{"n":1',
    '{"n":1}}',
    '{"n":1} x',
    '{"n":01}',
    '{"n":1.}',
    '{"n":.5}',
    '{"n":1e3}',
    '{"n":+1}',
    '{"n":-}',
    '{"n":1,}',
    '{"n":1 "s":2}',
    '{"n":1,"n":2}',
    '{"t":1,"time":2}',
    '{"n":true}',
    '{"s":"a\\n"}',
    '{"s":"é"}',
    '{"s":"open',
    '{"n":{"a":1}}',
    '{"ids":[1,,2]}',
    '{"ids":[1,]}',
    '{"ids":[1 2]}',
    '{"ids":[1.5]}',
    '{"ids":[1e2]}',
    '{"ids":[01]}',
    '{"ids":["1"]}',
    '{"ids":[18446744073709551616]}',
    '{"ids":[-9223372036854775809]}',
    '{"ids":[1}',
    '{"n":1234567890123456}',
  ];
  for (const line of lines) assertEquals(scan(line), undefined, line);
});

Deno.test("FlatScanner.scan() says yes only where JSON.parse gives the same", () => {
  const base = '{"t":1500,"n":12.5,"s":"x y","ids":[1, 22,333],"z":[4],"m":-0.25}';
  let state = 7;
  const below = (bound: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % bound;
  };
  const letters = ' {}[]:,"-.0123e+tn\\x\t';
  let yes = 0;
  for (let round = 0; round < 20_000; round++) {
    let text = base;
    for (let edit = 0; edit <= below(3); edit++) {
      const at = below(text.length);
      const letter = letters[below(letters.length)];
      text = text.slice(0, at) + (below(3) === 0 ? "" : letter) + text.slice(at + below(2));
    }
    const scanner = scan(text);
    if (scanner === undefined) continue;
    yes++;
    const value = JSON.parse(text);
    SLOTS.forEach((names, slot) => {
      const name = names.find((candidate) => Object.hasOwn(value, candidate));
      const expected = name === undefined ? undefined : value[name];
      if (scanner.kinds[slot] === ValueKind.Number) {
        assertEquals(scanner.numbers[slot], expected, text);
      } else if (scanner.kinds[slot] === ValueKind.Text) {
        assertEquals(scanner.texts[slot], expected);
      } else if (slot === 3 && scanner.kinds[slot] === ValueKind.Array) {
        const words = scanner.words.view();
        assertEquals(words.length, expected.length * 2, text);
        expected.forEach((id: number, index: number) => {
          assertEquals(Number(signed(words, index)), id === 0 ? 0 : id, text);
        });
      } else if (scanner.kinds[slot] === ValueKind.Absent) assertEquals(expected, undefined, text);
    });
  }
  assert(yes > 1000, `${yes} lines accepted`);
});
