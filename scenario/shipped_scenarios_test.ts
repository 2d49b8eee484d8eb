import { assert, assertEquals } from "@std/assert";
import { loadRunScenario } from "./load_run.ts";
import { tierBlockBytes } from "./schemes.ts";

Deno.test("loadRunScenario() reads every shipped scenario, at every scale", async () => {
  let count = 0;
  for (const folder of ["which-tier", "offload", "quantisation", "lab"]) {
    for await (const { name } of Deno.readDir(`configs/scenarios/${folder}`)) {
      const path = `configs/scenarios/${folder}/${name}`;
      const scenario = await loadRunScenario(path);
      assertEquals(scenario.name, name.replace(".yaml", ""));
      assert(scenario.tiers.every((tier) => tier.capacityBytes > 0 && tier.readLatencyNs > 0));
      if (folder !== "lab") {
        for (const preset of ["smoke", "dev", "prod"]) await loadRunScenario(path, { preset });
      }
      count++;
    }
  }
  assertEquals(count, 15);
});

Deno.test("the lab's scenarios have the tiers of kv-hierarchy-lab", async () => {
  const bytes = async (name: string) =>
    (await loadRunScenario(`configs/scenarios/lab/${name}.yaml`)).tiers.map((t) => t.capacityBytes);
  const base = [128_000, 256_000, 1_000_000, 8_000_000];
  for (
    const [name, divisor] of [
      ["base_fp8_prefetch", 1],
      ["small_fp16_prefetch", 2],
      ["small_fp16_no_prefetch", 2],
      ["small_int4_no_prefetch", 2],
      ["constrained_fp16_prefetch", 4],
      ["ablation_medium", 3],
      ["ablation_constrained", 6],
    ] as const
  ) {
    assertEquals(await bytes(name), base.map((each) => Math.floor(each / divisor)), name);
  }
  const int4 = await loadRunScenario("configs/scenarios/lab/small_int4_no_prefetch.yaml");
  assertEquals(int4.entry, "slowest");
  assertEquals(int4.movement, "synchronous");
  assertEquals(tierBlockBytes(int4, 16), [1024, 1024, 1024, 1024]);
  const speeds = int4.tiers.map((tier) => [
    tier.readLatencyNs / 1e6,
    tier.writeLatencyNs / 1e6,
    tier.readBytesPerSecond / 1000,
    tier.scheme.dequantiseNsPerBlock / 1e6,
  ]);
  assertEquals(speeds, [
    [0.02, 0.02, 80_000, 0.03],
    [0.06, 0.06, 40_000, 0.03],
    [0.4, 0.35, 8_000, 0.03],
    [2.5, 2, 2_000, 0.03],
  ]);
});
