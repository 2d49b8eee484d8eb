import { assertEquals } from "@std/assert";
import { GENERATED, staleFiles } from "./docs.ts";

Deno.test("documents made from code are current", async () => {
  assertEquals(await staleFiles(), [], 'run "deno task docs"');
});

Deno.test("staleFiles() names a file that differs and one that is missing", async () => {
  const files = [
    { path: GENERATED[0].path, text: () => "something else" },
    { path: "docs/does-not-exist.md", text: () => "text" },
  ];
  assertEquals(await staleFiles(files), ["docs/metrics.md", "docs/does-not-exist.md"]);
});
