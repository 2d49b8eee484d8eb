import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { comparisonDocument, DOCUMENT_METRICS } from "./json.ts";
import { METRICS } from "./metrics.ts";
import { compareSchema } from "./schema.ts";

const SCHEMA = z.fromJSONSchema(compareSchema() as Parameters<typeof z.fromJSONSchema>[0]);
type Document = Record<string, unknown> & { results: Record<string, unknown>[] };

function document(): Document {
  const value = comparisonDocument(EXAMPLE_COMPARISON, { version: "0.1.0" });
  return JSON.parse(JSON.stringify(value));
}

Deno.test("the schema accepts what comparisonJson() writes", () => {
  const found = SCHEMA.safeParse(document());
  assert(found.success, found.error === undefined ? "" : z.prettifyError(found.error));
  const sized = comparisonDocument({ ...EXAMPLE_COMPARISON, blockBytes: 10 }, { version: "0" });
  assert(SCHEMA.safeParse(JSON.parse(JSON.stringify(sized))).success);
});

Deno.test("the schema refuses a document that lacks, adds or mistypes a key", () => {
  const spoil: readonly [string, (value: Document) => void][] = [
    ["another version", (value) => value.schema = 2],
    ["no hash", (value) => delete value.resultHash],
    ["a short hash", (value) => value.resultHash = "abc"],
    ["an unknown key", (value) => value.results[0].hitShare = 0.5],
    ["no policy", (value) => delete value.results[0].policy],
    ["half a block", (value) => value.results[0].hits = 0.5],
    ["a negative count", (value) => value.results[0].evictions = -1],
    ["a word for a ratio", (value) => value.results[0].blockHitRatio = "0.5"],
    ["no such touch order", (value) => value.results[0].touch = "sideways"],
  ];
  for (const [what, change] of spoil) {
    const value = document();
    change(value);
    assert(!SCHEMA.safeParse(value).success, `accepted ${what}`);
  }
});

Deno.test("the document carries every metric exactly once", () => {
  assertEquals([...DOCUMENT_METRICS].sort(), METRICS.map(({ name }) => name).sort());
});
