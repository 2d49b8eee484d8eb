import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loadModel } from "../scenario/load.ts";
import { loadDevice } from "./device.ts";
import { loadProfile } from "./profile.ts";
import { stepModel } from "./step_constants.ts";
import { pairsOf, stepNs, type StepWork } from "../engine/step_model.ts";
import { computable } from "./weights.ts";

const NO_WORK: StepWork = {
  tokens: 0,
  sequences: 0,
  pairs: 0,
  contextTokens: 0,
  windowPairs: 0,
  windowContextTokens: 0,
};

Deno.test("pairs of chunks add up to pairs of the whole, with a window and without", () => {
  for (const window of [Infinity, 7, 1]) {
    let counted = 0;
    for (let token = 0; token < 20; token++) counted += Math.min(token + 1, window);
    assertEquals(pairsOf(0, 20, window), counted);
    assertEquals(pairsOf(0, 5, window) + pairsOf(5, 11, window) + pairsOf(16, 4, window), counted);
    assertEquals(pairsOf(9, 0, window), 0);
  }
});

Deno.test("at perfect efficiency a step takes what peak rates say", async () => {
  const model = computable(await loadModel("llama-3.1-70b"));
  const device = await loadDevice("h100-sxm");
  const perfect = {
    flops: 1,
    bandwidth: 1,
    smoothness: 16,
    productNs: 0,
    attentionFlops: 0.4,
    contextBandwidth: 0.8,
  };
  const constants = stepModel(model, device, { efficiency: perfect, tensorParallel: 8 });
  const products = (tokens: number) => {
    const rest = { tokenNs: 0, allReduceNs: 0, allReduceNsPerToken: 0, stepNs: 0, sequenceNs: 0 };
    return stepNs({ ...constants, ...rest }, { ...NO_WORK, tokens });
  };
  const numbers = 80 * (8192 * 80 * 128 + 8192 * 8192 + 3 * 8192 * 28672);
  assertAlmostEquals(products(1) / (numbers * 2 / 8 / 3.35e12 * 1e9), 1, 1e-9);
  assertAlmostEquals(products(1e6) / (2e6 * numbers / 8 / 989.4e12 * 1e9), 1, 1e-9);
  // 327,680 bytes a token over eight devices.
  assertAlmostEquals(constants.contextNs, 327_680 / 8 / (0.8 * 3.35e12) * 1e9, 1e-9);
  // 4 · 80 layers · 64 heads · 128 FLOPs a pair.
  assertAlmostEquals(constants.pairNs, 4 * 80 * 8192 / 8 / (0.4 * 989.4e12) * 1e9, 1e-12);
});

Deno.test("one device needs no all-reduce; a slower link makes steps longer", async () => {
  const model = computable(await loadModel("llama-3.1-8b"));
  const device = await loadDevice("h100-sxm");
  assertEquals(stepModel(model, device).allReduceNs, 0);
  const two = stepModel(model, device, { tensorParallel: 2 });
  const slow = stepModel(model, { ...device, peerBytesPerSecond: 1e9 }, { tensorParallel: 2 });
  assert(slow.allReduceNsPerToken > 100 * two.allReduceNsPerToken);
  assertEquals(slow.allReduceNs, two.allReduceNs);
});

Deno.test("experts read more weights the more tokens choose them, up to all", async () => {
  const model = computable(await loadModel("mixtral-8x7b"));
  const constants = stepModel(model, await loadDevice("h200-sxm"), { tensorParallel: 2 });
  const ms = [1, 4, 64].map((tokens) => stepNs(constants, { ...NO_WORK, tokens }) / 1e6);
  assert(ms[1] > 1.6 * ms[0] && ms[2] > 1.2 * ms[1] && ms[2] < 4.5 * ms[0], `${ms}`);
});

Deno.test("layers with a window do not get slower beyond it", async () => {
  const model = computable(await loadModel("gpt-oss-20b"));
  const constants = stepModel(model, await loadDevice("h100-sxm"));
  assertEquals(constants.windowTokens, 128);
  assertAlmostEquals(constants.windowContextNs, constants.contextNs, 1e-9);
  const whole = stepModel({ ...model, sliding: undefined }, await loadDevice("h100-sxm"));
  assertAlmostEquals(whole.contextNs, 2 * constants.contextNs, 1e-9);
});

Deno.test("latent attention keeps its KV whole on every device", async () => {
  const model = computable(await loadModel("deepseek-v3"));
  const device = await loadDevice("h200-sxm");
  const [one, eight] = [1, 8].map((tensorParallel) => stepModel(model, device, { tensorParallel }));
  assertEquals(one.contextNs, eight.contextNs);
  assert(one.products[0].weightNs > 7.9 * eight.products[0].weightNs);
});

Deno.test("Llama 70B on H100: a token, a prompt and contexts take what was measured", async () => {
  const model = computable(await loadModel("llama-2-70b"));
  const device = await loadDevice("h100-sxm");
  const { efficiency } = await loadProfile("h100x8-llama-2-70b");
  const on = (tensorParallel: number, given = efficiency) => {
    const constants = stepModel(model, device, { tensorParallel, efficiency: given });
    const ms = (work: Partial<StepWork>) => stepNs(constants, { ...NO_WORK, ...work }) / 1e6;
    const prompt = (tokens: number) => ms({ tokens, sequences: 1, pairs: pairsOf(0, tokens) });
    // What tables of layers time: no attention, no all-reduce.
    const layers = { pairNs: 0, contextNs: 0, allReduceNs: 0, allReduceNsPerToken: 0 };
    const dense = (tokens: number) =>
      stepNs({ ...constants, ...layers }, { ...NO_WORK, tokens }) / 1e6;
    return { ms, prompt, dense };
  };
  const one = on(1);
  // 140 GB of weights at 3.35 TB/s are 41.8 ms; Vidur's tables say 50.0.
  for (const { prompt } of [one, on(1, {})]) {
    assert(prompt(1) > 42 && prompt(1) < 53, `${prompt(1)}`);
    assert(prompt(13_700) > 2_700 && prompt(13_700) < 3_600, `${prompt(13_700)}`);
  }
  // Vidur's sums over 80 layers of medians, without embedding.
  const measured = [[1, 1, 50], [1, 1024, 234.8], [1, 4096, 875], [8, 1, 8.36], [8, 4096, 122.3]];
  for (const [t, tokens, expected] of measured) {
    const off = on(t).dense(tokens) / expected - 1;
    assert(Math.abs(off) < (t === 1 ? 0.1 : 0.25), `${tokens} tokens at TP ${t}: ${off}`);
  }
  const decode = (context: number) =>
    one.ms({ tokens: 64, sequences: 64, contextTokens: 64 * context });
  // 64 contexts of 8 K tokens are 172 GB, some 51 ms of the memory's bandwidth.
  const readMs = decode(8_192) - decode(0);
  assert(readMs > 50 && readMs < 62, `${readMs}`);
  // Attention among 128 K tokens is more work than everything else.
  assert(one.prompt(131_072) > 64 * one.prompt(4_096));
});
