import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { ScenarioError } from "../errors/errors.ts";
import { shippedNames } from "../scenario/files.ts";
import { loadModel } from "../scenario/load.ts";
import { computable, embeddingNumbers, weightBytes, weightMatrices } from "./weights.ts";

Deno.test("the matrices of every shipped model add up to its published parameters", async () => {
  for (const name of await shippedNames("models")) {
    const model = computable(await loadModel(name));
    const matrices = weightMatrices(model);
    const count = (share: boolean) =>
      embeddingNumbers(model) +
      matrices.reduce((sum, each) => sum + each.numbers * (share ? each.activeShare : 1), 0);
    const { totalBillions, activeBillions } = model.parameters!;
    const near = (count: number, published: number, tolerance: number) =>
      assert(Math.abs(count / (published * 1e9) - 1) < tolerance, `${name} ${count}`);
    // Some are published with one digit, or with the vision tower.
    near(count(false), totalBillions, totalBillions === 1000 ? 0.03 : 0.015);
    // Publishers leave the embedding out of active parameters, or half of it.
    const embedding = embeddingNumbers(model) / (activeBillions * 1e9);
    near(count(true), activeBillions, name.startsWith("gpt-oss") ? embedding : 0.03);
  }
});

Deno.test("weights with few bits take few bytes", async () => {
  // The published checkpoint of gpt-oss 120B is 60.8 GiB; DeepSeek V3 without its MTP layer 625.
  const gib = async (name: string) => weightBytes(computable(await loadModel(name))) / 2 ** 30;
  assertAlmostEquals(await gib("gpt-oss-120b"), 60.8, 0.3);
  assertAlmostEquals(await gib("deepseek-v3"), 625, 1);
  assertAlmostEquals(await gib("llama-3.1-8b"), 14.96, 0.01);
});

Deno.test("a model without the shape of its weights is refused", async () => {
  const { compute: _compute, ...model } = await loadModel("llama-3.1-8b");
  assertThrows(() => computable(model), ScenarioError, "no shape of weights");
});
