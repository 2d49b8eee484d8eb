import { assert, assertEquals } from "@std/assert";
import { parseClusterScenario } from "../cluster/load.ts";
import { loadProfile } from "../profile.ts";
import { arrivalEvidence, calibrationSource } from "./cluster_evidence.ts";

const YAML = `
model: llama-3.1-8b
cluster:
  device: rtx-4090
  gpusPerNode: 1
  stores: [{ name: pool, scope: node, hardware: cxl-pool, price: $0.01/GiB/h }]
`;
const assumedWith = async (...set: string[]) => (await parseClusterScenario(YAML, { set })).assumed;

Deno.test("prices and watts of hardware files are assumptions, the scenario's are not", async () => {
  assertEquals(await assumedWith(), { prices: ["rtx-4090"], power: ["rtx-4090"] });
  assertEquals((await assumedWith("cluster.prices.gpu=$1/h")).prices, []);
  assertEquals((await assumedWith("cluster.power.busy=300 W")).power, ["rtx-4090"]);
  const watts = ["cluster.power.busy=300 W", "cluster.power.idle=50 W"];
  assertEquals((await assumedWith(...watts)).power, []);
  const yaml = YAML.replace(", price: $0.01/GiB/h", "");
  assertEquals((await parseClusterScenario(yaml)).assumed.prices, ["rtx-4090", "pool"]);
});

Deno.test("a step constant counts as fitted where a fit found it and the scenario kept it", async () => {
  const { efficiency: _, ...system } = await parseClusterScenario(YAML);
  const served = await loadProfile("rtx4090-llama-3.1-8b");
  const stepOf = (profile: typeof served, stepNs?: number) =>
    calibrationSource(
      stepNs === undefined ? system : { ...system, efficiency: { stepNs } },
      profile,
    ).assumedStepNs;
  assertEquals(stepOf(served), undefined);
  assertEquals(stepOf(served, served.efficiency.stepNs), undefined);
  assertEquals(stepOf(served, 0), 0);
  const tables = await loadProfile("h100x8-llama-2-70b");
  assert(tables.fits.length > 0);
  assertEquals([stepOf(tables), stepOf(tables, 5e6)], [2e6, 5e6]);
});

Deno.test("arrivals: logged, then scaled or copied, or made", () => {
  const requests = { arrivalNs: new Float64Array(1) } as Parameters<
    typeof arrivalEvidence
  >[0]["requests"];
  const of = (format: string, copies: number, rate: number) =>
    arrivalEvidence({ format, requests }, copies, rate);
  assertEquals([of("mooncake", 1, 1), of("mooncake", 1, 2), of("mooncake", 3, 1)], [
    "measured",
    "scaled",
    "scaled",
  ]);
  assertEquals(of("synthetic", 1, 1), "made");
});
