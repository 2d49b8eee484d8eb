/** The document that says which test guards what: each of them is there, and is a test. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const text = await Deno.readTextFile(new URL("docs/predecessors.md", ROOT));

Deno.test("every test that docs/predecessors.md names is there, and tests something", async () => {
  const named = [...new Set([...text.matchAll(/`([\w/]+_test\.ts)`/g)].map(([, path]) => path))];
  assert(named.length > 40, `${named.length}`);
  for (const path of named) {
    assert((await Deno.readTextFile(new URL(path, ROOT))).includes("Deno.test("), path);
  }
});

Deno.test("every row of docs/predecessors.md names a test, or says that it is not in kvtier", () => {
  const rows = text.split("\n").filter((line) => line.startsWith("| ")).filter((line) =>
    !/^\| (found there|-)/.test(line)
  );
  assert(rows.length > 50);
  const bare = rows.filter((line) => !line.includes("_test.ts`"));
  assertEquals(bare.filter((line) => !line.includes("not in kvtier")), []);
});
