import { assert, assertEquals } from "@std/assert";
import { kvArithmetic } from "./kv_math.ts";
import { shippedNames } from "./files.ts";
import { loadModel } from "./load.ts";
import { bytesPerToken, kvBytes, type Model } from "./models.ts";
import { bytesInScheme, scheme, SCHEME_NAMES } from "./schemes.ts";

Deno.test("bytesInScheme() is exact: whole bytes, and a scale for every group begun", () => {
  const bytes = (name: typeof SCHEME_NAMES[number], numbers: number) =>
    bytesInScheme(scheme(name), numbers);
  assertEquals(bytes("fp16", 2_621_440), 5_242_880);
  assertEquals(bytes("fp8", 2_621_440), 2_621_440);
  assertEquals(bytes("int8", 2_621_440), 2_621_440 + 40_960 * 4);
  assertEquals(bytes("int4", 2_621_440), 1_310_720 + 40_960 * 4);
  assertEquals(bytes("int2", 2_621_440), 655_360 + 40_960 * 4);
  assertEquals(bytes("int4", 1), 1 + 4);
  assertEquals(bytes("int4", 3), 2 + 4);
  assertEquals(bytes("int2", 5), 2 + 4);
  assertEquals(bytes("int8", 64), 64 + 4);
  assertEquals(bytes("int8", 65), 65 + 8);
  for (const name of SCHEME_NAMES) assertEquals(bytes(name, 0), 0);
});

Deno.test("fewer bits take fewer bytes, but a group's scale is never free", () => {
  for (const numbers of [64, 1000, 4096, 163_840]) {
    const sizes = (["fp16", "int8", "int4", "int2"] as const).map((name) =>
      bytesInScheme(scheme(name), numbers)
    );
    assert(sizes.every((size, at) => at === 0 || size < sizes[at - 1]), String(sizes));
    assert(sizes[2] > numbers / 2);
  }
});

Deno.test("the lab's sizes come out without scales", () => {
  for (const [bits, name] of [[16, "fp16"], [8, "fp8"], [4, "int4"], [2, "int2"]] as const) {
    const plain = { ...scheme(name), groupNumbers: 0, groupBytes: 0 };
    assertEquals(bytesInScheme(plain, 2048), 2048 * bits / 8);
  }
});

Deno.test("shipped models have the published bytes per token", async () => {
  const expected = {
    "deepseek-v3": 70_272,
    "gemma-3-27b": 507_904,
    "gpt-oss-120b": 73_728,
    "gpt-oss-20b": 49_152,
    "kimi-k2": 70_272,
    "llama-2-70b": 327_680,
    "llama-2-7b": 524_288,
    "llama-3.1-405b": 516_096,
    "llama-3.1-70b": 327_680,
    "llama-3.1-8b": 131_072,
    "mistral-7b-v0.1": 131_072,
    "mistral-small-24b": 163_840,
    "mixtral-8x7b": 131_072,
    "qwen3-235b-a22b": 192_512,
    "qwen3-30b-a3b": 98_304,
    "qwen3-32b": 262_144,
  };
  assertEquals(await shippedNames("models"), Object.keys(expected).sort());
  for (const [name, bytes] of Object.entries(expected)) {
    assertEquals(bytesPerToken(await loadModel(name)), bytes, name);
  }
});

/** KV bytes layer by layer and token by token, written to be read. */
function counted(model: Model, tokens: number): number {
  let bytes = 0;
  for (let layer = 0; layer < model.layers; layer++) {
    const windowed = model.sliding !== undefined && layer < model.sliding.layers;
    for (let token = 0; token < tokens; token++) {
      if (windowed && tokens - token > model.sliding!.windowTokens) continue;
      bytes += bytesPerToken(model) / model.layers;
    }
  }
  return bytes;
}

Deno.test("kvBytes() counts what windows keep", async () => {
  for (const name of ["gpt-oss-20b", "gemma-3-27b", "mistral-7b-v0.1", "llama-3.1-8b"]) {
    const model = await loadModel(name);
    for (const tokens of [0, 1, 127, 128, 129, 1024, 1025, 4097]) {
      assertEquals(kvBytes(model, tokens), counted(model, tokens), `${name} ${tokens}`);
    }
  }
});

Deno.test("kvArithmetic() gives each step, and what fits", async () => {
  const { steps, schemes } = kvArithmetic(await loadModel("llama-3.1-70b"), {
    tokens: 1000,
    capacityBytes: 80 * 2 ** 30,
  });
  assertEquals(steps.map(({ bytes }) => bytes), [327_680, 5_242_880, 327_680_000]);
  assertEquals(steps[0].formula, "80 layers · 2 · 8 KV heads · 128 numbers · 2 B");
  assertEquals(schemes.map((row) => row.scheme), ["native", "fp8", "int8", "int4", "int2"]);
  const int4 = schemes[3];
  assertEquals(int4.blockBytes, 1_310_720 + 163_840);
  assertEquals(int4.requestBytes, 81_920_000 + 2_560_000 * 4);
  assertEquals(int4.blocksThatFit, Math.floor(85_899_345_920 / 1_474_560));
  assertEquals(int4.tokensThatFit, int4.blocksThatFit! * 16);
  assertEquals(int4.requestsThatFit, Math.floor(85_899_345_920 / 92_160_000));
});

Deno.test("a sliding window is shown layer by layer", async () => {
  const { steps } = kvArithmetic(await loadModel("gpt-oss-20b"), { tokens: 1000 });
  assertEquals(steps.map(({ what }) => what).slice(2), [
    "request, full layers",
    "request, windowed layers",
    "request",
  ]);
  assertEquals(steps.map(({ bytes }) => bytes).slice(2), [24_576_000, 3_145_728, 27_721_728]);
});
