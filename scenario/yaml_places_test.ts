import { assertEquals } from "@std/assert";
import { placeOf, placesOf } from "./yaml_places.ts";

/** Line and column of a mark in a text, and the text without marks. */
function marked(text: string): { yaml: string; line: number; column: number } {
  const at = text.indexOf("«");
  const before = text.slice(0, at).split("\n");
  return {
    yaml: text.replace("«", ""),
    line: before.length,
    column: before[before.length - 1].length + 1,
  };
}

const VALUES: readonly (readonly [text: string, path: readonly PropertyKey[]])[] = [
  ["a: «1\nb: 2", ["a"]],
  ["a: # note\n  - {x: 1,\n     y: «2}\n", ["a", 0, "y"]],
  ["{a: {b: [1, «2]}}", ["a", "b", 1]],
  ['{"a": {\'b\': "x, }", c: «3}}', ["a", "c"]],
  ["a: [[1, 2], [3, «4]]", ["a", 1, 1]],
  ['a: {b: "x\\", {", c: «1}', ["a", "c"]],
  ["a: {url: http://x/y, n: «1}", ["a", "n"]],
  ["a: { # }\n  b: «1 }", ["a", "b"]],
  ["a: &anchor {b: «1}", ["a", "b"]],
  ["a:\n  {b: «1}", ["a", "b"]],
  ["- {name: x}\n- {name: «y}", [1, "name"]],
  ["- name: x\n  at:\n  - «5", [0, "at", 0]],
  ['"tiers[*].policy": [lru, «arc]', ["tiers[*].policy", 1]],
  ["a: 'it''s # no note'\nb: «2", ["b"]],
  ["a: |\n  b: 1\nb: «2", ["b"]],
  ["a: {b: 1}\r\nc: «2\r\n", ["c"]],
];

for (const [text, path] of VALUES) {
  Deno.test(`placeOf() finds ${path.map(String).join(".")} in ${JSON.stringify(text)}`, () => {
    const { yaml, line, column } = marked(text);
    assertEquals(placeOf(yaml, path), { line, column });
  });
}

Deno.test("placesOf() tells keys from values", () => {
  assertEquals(placesOf("a: {b: 1, cc: 2}", ["a", "cc"]).key, { line: 1, column: 11 });
  assertEquals(placesOf("a:\n  b: 1", ["a", "b"]).key, { line: 2, column: 3 });
});

Deno.test("placeOf() gives the nearest ancestor of what is not there", () => {
  assertEquals(placeOf("a: {b: 1}", ["a", "c"]), { line: 1, column: 4 });
  assertEquals(placeOf("a: *x", ["a", "c", 3]), { line: 1, column: 4 });
  assertEquals(placeOf("", ["a"]), { line: 1, column: 1 });
});
