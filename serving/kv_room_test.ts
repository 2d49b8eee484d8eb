import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loadModel } from "../scenario/load.ts";
import { loadDevice } from "./device.ts";
import { kvRoom } from "./kv_room.ts";
import { computable } from "./weights.ts";

/** GiB that vLLM found free for KV on an H100 of 80 GB (llm-d-planner's capacity documents). */
const MEASURED: readonly (readonly [model: string, devices: number, bits: number, gib: number])[] =
  [
    ["llama-3.1-8b", 1, 16, 51.38],
    ["qwen3-32b", 1, 16, 4.45],
    ["qwen3-32b", 2, 16, 34.49],
    ["gpt-oss-20b", 1, 16, 50.28],
    ["gpt-oss-120b", 1, 16, 3.33],
  ];

Deno.test("room for KV is within 1.5 GiB of what vLLM found on an H100", async () => {
  const device = await loadDevice("h100-sxm");
  for (const [name, tensorParallel, , gib] of MEASURED) {
    const room = kvRoom(computable(await loadModel(name)), device, { tensorParallel });
    assertAlmostEquals(room.kvBytes / 2 ** 30, gib, 1.5, `${name} on ${tensorParallel}`);
  }
});

Deno.test("room for KV of an RTX 4090 is within 5 % of what vLLM found", async () => {
  const model = computable(await loadModel("llama-3.1-8b"));
  const room = kvRoom(model, await loadDevice("rtx-4090"), { tokenBudget: 2_048 });
  assert(Math.abs(room.tokens / 41_408 - 1) < 0.05, `${room.tokens}`);
});

Deno.test("what does not fit leaves no room; more devices leave more", async () => {
  const model = computable(await loadModel("llama-3.1-70b"));
  const device = await loadDevice("h100-sxm");
  assertEquals(kvRoom(model, device).tokens, 0);
  const tokens = [2, 4, 8].map((tensorParallel) =>
    kvRoom(model, device, { tensorParallel }).tokens
  );
  assert(tokens[0] > 0 && tokens[1] > 2 * tokens[0] && tokens[2] > 2 * tokens[1], `${tokens}`);
  const half = kvRoom(model, device, { tensorParallel: 4, kvBits: 8 });
  assertAlmostEquals(half.tokens / tokens[1], 2, 1e-4);
});
