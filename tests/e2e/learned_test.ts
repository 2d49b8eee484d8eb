/**
 * Learned policies from the command line: trained or read, in hierarchies and in comparisons.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CONVERSATION, inFolder, kvtier, refusal, report } from "./command.ts";
import { departures } from "./json_schema.ts";

const TRACE = [CONVERSATION, "--limit", "1500"];
const SCENARIO = `model: llama-3.1-8b
blockTokens: 512
tiers:
  - { name: hbm, hardware: h100-sxm, capacity: 700 blocks }
  - { name: dram, hardware: cpu-dram, capacity: 1500 blocks }
`;

/** What JSON says that these tests look at. */
interface Learned {
  readonly learnRequests: number;
  readonly verdict: string;
  readonly tiers: readonly { name: string; modelHash: string; file: string | null }[];
}

async function schema(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(`docs/schema/${name}.v1.json`));
}

Deno.test("kvtier run trains a learned tier, or reads its model, and says which", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.yaml`, SCENARIO);
    const run = [`${folder}/s.yaml`, "--trace", ...TRACE];
    const learned = ["--set", "tiers[dram].policy=learned"];
    const refused = await refusal(1, "run", ...run, ...learned);
    assertStringIncludes(refused, "tiers[1].policy is learned, and nothing says from what");
    const trained = await report("run", ...run, ...learned, "--set", "learn.share=0.4", "--json");
    const document = JSON.parse(trained);
    assertEquals(departures(document, await schema("run")), []);
    const found: Learned = document.learned;
    assertEquals([found.learnRequests, document.scenario.warmupRequests], [600, 600]);
    assertEquals(document.tiers[0].modelHash, null);
    assertEquals(document.tiers[1].modelHash, found.tiers[0].modelHash);
    assert(/^(Learned beats LRU|LRU is enough here)/.test(found.verdict), found.verdict);
    // What kvtier learn saves serves in a tier, and its document has the same shape.
    const save = `${folder}/trees.txt`;
    const { code, stderr } = await kvtier(["learn", ...TRACE, "-c", "2200", "--save", save]);
    assertEquals(code, 0, stderr);
    const file = ["--set", "tiers[dram].model=trees.txt"];
    const read = JSON.parse(await report("run", ...run, ...learned, ...file, "--json"));
    assertEquals(departures(read, await schema("run")), []);
    assertEquals(read.learned.tiers[0].file, save);
    assertEquals(read.learned.tiers[0].training, null);
    const text = await report("run", ...run, ...learned, ...file);
    assertStringIncludes(text, read.learned.tiers[0].modelHash);
    const plain = JSON.parse(await report("run", ...run, "--json"));
    assertEquals([plain.learned, plain.tiers[1].modelHash], [null, null]);
    assertEquals(departures(plain, await schema("run")), []);
  }));

Deno.test("kvtier compare --learn puts learned beside the others, on what was not learned", async () => {
  const asked = [...TRACE, "-p", "lru,optimal", "-c", "10%", "--learn", "--share", "40", "--json"];
  const text = await report("compare", ...asked);
  const document = JSON.parse(text);
  assertEquals(departures(document, await schema("compare")), []);
  assertEquals(document.learned.learnRequests, 600);
  const rows = document.results as { policy: string; requests: number; modelHash: string | null }[];
  assertEquals(rows.map(({ policy }) => policy), ["lru", "optimal", "learned"]);
  assertEquals(rows.map(({ requests }) => requests).slice(0, 1), [900]);
  assertEquals(rows[2].modelHash, document.learned.models[0].modelHash);
  assertEquals(rows[0].modelHash, null);
  const named = [...TRACE, "-p", "lru,optimal,learned", "-c", "10%", "--share", "40", "--json"];
  assertEquals(await report("compare", ...named), text);
  assertStringIncludes(await refusal(2, "compare", ...TRACE, "--share", "30"), "no policy learns");
  const all = await refusal(2, "compare", ...TRACE, "--learn", "--share", "100");
  assertStringIncludes(all, "leaves no request to count");
});
