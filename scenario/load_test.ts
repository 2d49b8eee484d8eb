import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, ScenarioError } from "../errors/errors.ts";
import { loadModel, loadScenario, parseScenario } from "./load.ts";
import { bytesPerToken } from "./models.ts";
import { placeOf } from "./yaml_places.ts";

Deno.test("loadScenario() reads the shipped scenarios", async () => {
  for await (const { name, isFile } of Deno.readDir("configs/scenarios")) {
    if (!isFile) continue;
    assert((await loadScenario(`configs/scenarios/${name}`)).policies!.length > 0);
  }
});

Deno.test("loadModel() reads the shipped models, with the published bytes per token", async () => {
  const expected = {
    "llama-3.1-8b": 131_072,
    "llama-3.1-70b": 327_680,
    "mistral-small-24b": 163_840,
    "qwen3-32b": 262_144,
    "qwen3-30b-a3b": 98_304,
    "deepseek-v3": 70_272,
  };
  for (const [name, bytes] of Object.entries(expected)) {
    assertEquals(bytesPerToken(await loadModel(name)), bytes, name);
  }
});

Deno.test("loadModel() offers the nearest name", async () => {
  const error = await assertRejects(() => loadModel("llama-3.1-7b"), ScenarioError);
  assertStringIncludes(describe(error), 'did you mean "llama-3.1-');
});

Deno.test("parseScenario() reports all findings, each with line and column", async () => {
  const yaml = "policies: [lru]\ncapacitys: [5%]\nseed: -1\ntouch: leaf-first\n";
  const error = await assertRejects(() => parseScenario(yaml, "a.yaml"), ScenarioError);
  const text = describe(error);
  assertStringIncludes(text, "a.yaml:2:1\n");
  assertStringIncludes(text, 'did you mean "capacities"?');
  assertStringIncludes(text, "a.yaml:3:7");
  assertStringIncludes(text, "a.yaml:4:8");
  assertEquals(error.problems.length, 3);
});

Deno.test("parseScenario() refuses a size without a unit, where it stands", async () => {
  const error = await assertRejects(
    () => parseScenario("seed: 1\nblockBytes: '64'\n"),
    ScenarioError,
  );
  assertStringIncludes(describe(error), "scenario:2:13");
  assertStringIncludes(describe(error), "has no unit");
});

Deno.test("parseScenario() points at broken YAML", async () => {
  const error = await assertRejects(
    () => parseScenario("policies: [lru\nseed: 1", "b.yaml"),
    ScenarioError,
  );
  assert(error.place.line !== undefined, describe(error));
});

Deno.test("parseScenario() refuses a block sized twice, and documents that are no map", async () => {
  const both = "model: qwen3-32b\nblockBytes: 64 MiB";
  await assertRejects(() => parseScenario(both), ScenarioError, "both");
  for (const yaml of ["", "- 1", "42", "null"]) {
    await assertRejects(() => parseScenario(yaml), ScenarioError);
  }
});

Deno.test("placeOf() walks maps and sequences", () => {
  const yaml = "# top\na: 1\nb:\n  - x: 1\n    y: 22\n  - z: 3\nc:\n- 7\n- 8\n";
  assertEquals(placeOf(yaml, ["a"]), { line: 2, column: 4 });
  assertEquals(placeOf(yaml, ["b", 0, "y"]), { line: 5, column: 8 });
  assertEquals(placeOf(yaml, ["b", 1, "z"]), { line: 6, column: 8 });
  assertEquals(placeOf(yaml, ["c", 1]), { line: 9, column: 3 });
  assertEquals(placeOf(yaml, ["nowhere"]), { line: 2, column: 1 });
});
