import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { kvArithmetic } from "../scenario/kv_math.ts";
import { loadModel } from "../scenario/load.ts";
import { kvText } from "./kv_text.ts";
import { textWidth } from "./text_table.ts";

Deno.test("kvText() prints the arithmetic of Llama 3.1 70B line by line", async () => {
  const kv = kvArithmetic(await loadModel("llama-3.1-70b"), { capacityBytes: 80 * 2 ** 30 });
  assertEquals(
    kvText(kv),
    `Llama 3.1 70B, 70.6B parameters
config.json of the published model

KV of a token    80 layers · 2 · 8 KV heads · 128 numbers · 2 B = 327,680 B (320 KiB)
KV of a block    16 tokens · 327,680 B = 5,242,880 B (5.00 MiB)
KV of a request  32,768 tokens · 327,680 B = 10,737,418,240 B (10.0 GiB)

         bits of            block of 16       of  request of 32,768     tokens  requests
scheme  a number    scales        bytes   native             tokens   that fit  that fit
native        16      none    5,242,880  100.0 %           10.0 GiB    262,144         8
fp8            8      none    2,621,440   50.0 %           5.00 GiB    524,288        16
int8           8  4 B / 64    2,785,280   53.1 %           5.31 GiB    493,440        15
int4           4  4 B / 64    1,474,560   28.1 %           2.81 GiB    932,064        28
int2           2  4 B / 64      819,200   15.6 %           1.56 GiB  1,677,712        51

80.0 GiB is taken to be free for KV: weights and activations are not here.
`,
  );
});

Deno.test("kvText() keeps to the width, and says what windows change", async () => {
  const kv = kvArithmetic(await loadModel("gpt-oss-20b"), { tokens: 4096, schemes: ["int4"] });
  const text = kvText(kv, { width: 60 });
  assertStringIncludes(text, "20.9B parameters of which a token uses 3.6B");
  assertStringIncludes(text, "12 layers · 128 tokens · 2,048 B = 3,145,728 B");
  assertStringIncludes(text, "--capacity 80GiB says what fits.");
  const table = text.split("\n").filter((line) => /^(scheme|int4)/.test(line));
  assert(table.every((line) => textWidth(line) <= 60), text);
  assertEquals(table.length, 2);
});
