import { assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, ScenarioError } from "../errors/errors.ts";
import { loadRunScenario, parseRunScenario, type RunOptions } from "./load_run.ts";
import { scenarioHash } from "./scenario_hash.ts";

const TIER = "capacity: 40 GiB, bandwidth: 64 GB/s, latency: 10 us";

function yaml(tier: string, more = ""): string {
  return `model: llama-3.1-8b\n${more}tiers:\n  - { name: hbm, ${TIER}${tier} }\n`;
}

async function refusal(text: string, options: RunOptions = {}): Promise<string> {
  const parse = () => parseRunScenario(text, options, "a.yaml");
  return describe(await assertRejects(parse, ScenarioError));
}

Deno.test("a learned tier says what it learns from, or is refused where it stands", async () => {
  const message = await refusal(yaml(", policy: learned"));
  assertStringIncludes(message, "tiers[0].policy is learned, and nothing says from what");
  assertStringIncludes(message, "a.yaml:3:");
  assertStringIncludes(message, "learn: { share: 0.3 }");
  assertStringIncludes(message, "model: FILE");
  await refusal(yaml(", policy: { name: learned }"));
  await refusal(yaml(""), { set: ["tiers[hbm].policy=learned"] });
  const { learn } = await parseRunScenario(yaml(", policy: learned", "learn: { share: 0.5 }\n"));
  assertEquals(learn, { share: 0.5 });
  const set = ["tiers[hbm].policy=learned", "learn.share=0.25"];
  assertEquals((await parseRunScenario(yaml(""), { set })).learn, { share: 0.25 });
  assertEquals((await parseRunScenario(yaml("", "learn: {}\n"))).learn, { share: 0.3 });
});

Deno.test("what is learned from is a part, and nothing else is understood", async () => {
  for (const share of ["0", "1", "-0.1", "30", '"30 %"']) {
    assertStringIncludes(await refusal(yaml("", `learn: { share: ${share} }\n`)), "learn.share");
  }
  assertStringIncludes(await refusal(yaml("", "learn: { shares: 0.3 }\n")), "did you mean");
});

Deno.test("a model file starts at the scenario's folder, and must be there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/models`);
    await Deno.writeTextFile(`${folder}/models/trees.txt`, "tree\n");
    await Deno.writeTextFile(
      `${folder}/s.yaml`,
      yaml(", policy: learned, model: models/trees.txt"),
    );
    const scenario = await loadRunScenario(`${folder}/s.yaml`);
    const { model } = scenario.tiers[0];
    assertEquals(model?.file, `${folder}/models/trees.txt`);
    assertEquals(model?.hash.length, 64);
    await Deno.copyFile(`${folder}/models/trees.txt`, `${folder}/copy.txt`);
    const load = (set: string[]) => loadRunScenario(`${folder}/s.yaml`, { set });
    const copy = await load(["tiers[hbm].model=copy.txt"]);
    assertEquals(await scenarioHash(copy), await scenarioHash(scenario));
    await Deno.writeTextFile(`${folder}/copy.txt`, "another\n");
    const other = await load(["tiers[hbm].model=copy.txt"]);
    assertNotEquals(await scenarioHash(other), await scenarioHash(scenario));
    // A policy that was set leaves the model beside it idle; one that is written does not.
    assertEquals((await load(["tiers[hbm].policy=arc"])).tiers[0].model, undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const gone = await refusal(yaml(", policy: learned, model: gone.txt"));
  assertStringIncludes(gone, "tiers[0].model cannot be read");
  const idle = await refusal(yaml(", policy: arc, model: gone.txt"));
  assertStringIncludes(idle, "tiers[0].model is for a learned tier only");
});
