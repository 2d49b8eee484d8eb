import { assert, assertEquals } from "@std/assert";
import { bar, drawTable, fit, fitColumns, pad, paint, textWidth, wrap } from "./text_table.ts";
import type { Column } from "./text_table.ts";

const COLUMNS: readonly Column[] = [
  { head: ["policy"], align: "left", expendable: 0, cells: ["lru", "s3-fifo"] },
  { head: ["hits"], align: "right", expendable: 1, cells: ["5", "1,234"] },
  { head: ["evictions"], align: "right", expendable: 2, cells: ["12", "7"] },
];

Deno.test("drawTable() aligns words left and numbers right", () => {
  assertEquals(drawTable(COLUMNS, { color: false }), [
    "policy    hits  evictions",
    "lru          5         12",
    "s3-fifo  1,234          7",
  ]);
});

Deno.test("fitColumns() leaves out the most expendable first and keeps the lasting ones", () => {
  const heads = (width: number) => fitColumns(COLUMNS, width).map((column) => column.head[0]);
  assertEquals(heads(25), ["policy", "hits", "evictions"]);
  assertEquals(heads(24), ["policy", "hits"]);
  assertEquals(heads(3), ["policy"]);
});

Deno.test("a cell's colour beats its row's, and colour does not move anything", () => {
  const columns = [COLUMNS[0], { ...COLUMNS[1], inks: [undefined, "bad" as const] }];
  const lines = drawTable(columns, { color: true, inkOf: () => "good" });
  assert(lines[2].includes("\u001b[31m1,234\u001b[0m"));
  // deno-lint-ignore no-control-regex
  const bare = lines.map((line) => line.replace(/\u001b\[\d+m/g, ""));
  assertEquals(bare, drawTable(columns, { color: false }));
});

Deno.test("paint() without colour changes nothing", () => {
  assertEquals(paint("text", "good", false), "text");
});

Deno.test("textWidth() counts columns, not code units", () => {
  assertEquals(["abc", "漢字", "e\u0301", "🙂", "█▌·"].map(textWidth), [3, 4, 1, 2, 3]);
});

Deno.test("fit() and pad() count columns too", () => {
  assertEquals(fit("漢字漢字", 5), "漢字…");
  assertEquals(fit("short", 5), "short");
  assertEquals(pad("漢", 4, "right"), "  漢");
});

Deno.test("wrap() keeps lines within the width and words whole", () => {
  assertEquals(wrap("one two three four", 9, "  "), ["one two", "  three", "  four"]);
  assertEquals(wrap("incomprehensibilities", 5), ["incomprehensibilities"]);
  assertEquals(wrap("at 36.6\u00a0% of", 6), ["at", "36.6 %", "of"]);
});

Deno.test("bar() is as wide as told and full only at one", () => {
  assertEquals([0, 0.5, 1].map((share) => bar(share, 4)), ["····", "██··", "████"]);
  assertEquals(bar(0.53, 4), "██▏·");
  assertEquals([-1, 2].map((share) => bar(share, 2)), ["··", "██"]);
});
