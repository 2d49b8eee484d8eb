import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { compare } from "../../engine/compare.ts";
import { describe, ScenarioError, UsageError } from "../../errors/errors.ts";
import { isPrefixTree } from "../prefix_tree.ts";
import { SYNTH_PRESETS } from "./presets.ts";
import { workloadSchema } from "./schema.ts";
import { parseSynthName, resolveSpec, type SynthSpec } from "./spec.ts";
import { synthesize, synthKinds } from "./synthesize.ts";
import { loadWorkload, parseWorkload } from "./workload_file.ts";

/** Small forms, so that every kind can be made several times. */
const SMALL: Readonly<Record<string, SynthSpec>> = {
  "chat": { kind: "chat", sessions: 50 },
  "rag": { kind: "rag", requests: 100 },
  "agents": { kind: "agents", sessions: 5, subAgentShare: 0.05 },
  "kvcache-sim": { kind: "kvcache-sim", sessions: 50, sharedDocuments: 20 },
  "kvcache-sim-agents": { kind: "kvcache-sim-agents", sessions: 5 },
};

function small(kind: string): SynthSpec {
  if (kind in SMALL) return SMALL[kind];
  const hasLength = synthKinds().find(({ name }) => name === kind)!.parameters
    .some(({ name }) => name === "length");
  return { kind, ...(hasLength ? { length: 2000 } : kind === "loop" ? {} : { requests: 500 }) };
}

/** First 12 digits of the hashes with seed 1. They may only change with a reason in the log. */
const HASHES: Readonly<Record<string, string>> = {
  "adversarial-burst": "64fb0e322080",
  "adversarial-prefetch": "8710c5226deb",
  "chat-continuation": "2029f1b59bae",
  "kvcache-sim": "af66dd72ac0c",
  "kvcache-sim-agents": "d3415f28613f",
  "lab-adversarial-burst": "03c90fe119ef",
  "lab-adversarial-prefetch": "cd06e0524674",
  "lab-chat-continuation": "739fd8c928fc",
  "lab-long-tail": "1ed97b67ab3c",
  "lab-mixed-locality": "404d04a090d1",
  "lab-periodic-reuse": "25d97da73894",
  "lab-prefetch-friendly": "4ff4f37cf20e",
  "lab-rag-burst": "4953c9463c63",
  "long-tail": "50760f5fbdac",
  "mixed-locality": "1b41d73515b8",
  "periodic-reuse": "b24d7404d58e",
  "prefetch-friendly": "f3c8eb308881",
  "rag-burst": "090101c2e294",
  "agents": "b9a6aaa512c1",
  "chat": "18ce7da2cd80",
  "loop": "db998dd572e7",
  "rag": "eff113ba1ce4",
  "scan": "ff53f5932ba4",
  "uniform": "9411c4281915",
  "zipf": "92bf17cb9cfc",
};

Deno.test("synthesize(): seed 1 gives the same trace as ever", async () => {
  const found: Record<string, string> = {};
  for (const { name } of synthKinds()) {
    const { hash } = await synthesize({ ...small(name), seed: 1 });
    found[name] = hash.slice(0, 12);
  }
  assertEquals(found, HASHES);
});

Deno.test("synthesize(): the same seed twice is one trace, another seed another", async () => {
  // These have no draws, as published; their page sizes have.
  const fixed = ["lab-periodic-reuse", "lab-prefetch-friendly", "loop"];
  for (const { name } of synthKinds()) {
    const [one, again, two] = await Promise.all(
      [1, 1, 2].map((seed) => synthesize({ ...small(name), seed })),
    );
    assertEquals(again.hash, one.hash, name);
    assertEquals(again.path, one.path);
    assertEquals(two.hash === one.hash, fixed.includes(name), name);
    const isTree = isPrefixTree(one);
    assert(isTree, `${name} is no prefix tree`);
    assertEquals([one.format, one.reuse], ["synthetic", "hashes"]);
  }
});

Deno.test("presets: a policy is ten points below the optimum where they say so", async () => {
  for (const { name, pressure } of SYNTH_PRESETS) {
    if (pressure === undefined) continue;
    const trace = await synthesize({ kind: name });
    const { policy, capacity } = pressure;
    const { results } = await compare(trace, {
      policies: [policy, "optimal"],
      capacities: [capacity],
    });
    const [online, best] = results.map(({ hits }) => hits / trace.accesses);
    assert(best - online >= 0.1, `${name}: ${policy} ${online}, optimum ${best}`);
  }
  for (const { name } of synthKinds()) {
    if (name.startsWith("lab-")) continue;
    assert(SYNTH_PRESETS.some((p) => p.kind === name && p.pressure !== undefined), name);
  }
});

Deno.test("a loop of 600 blocks over 500 slots is the published one", async () => {
  const { results } = await compare(await synthesize({ kind: "loop" }), {
    policies: ["lru", "optimal-demand"],
    capacities: ["500"],
    touch: "root-first",
  });
  assertEquals(results.map(({ hits }) => hits), [0, 4500]);
});

Deno.test("scan has the share of scans that it names", async () => {
  const { uniqueBlocks } = await synthesize({
    kind: "scan",
    scanShare: 0.6,
    scanBlocks: 20,
    blocks: 100,
  });
  assert(Math.abs(uniqueBlocks / 100_000 - 0.6) < 0.015, String(uniqueBlocks));
});

Deno.test("resolveSpec() takes human names with units and gives a short name", () => {
  const { parameters, seed, name } = resolveSpec({ kind: "chat", rate: "30 sessions/min" });
  assertEquals([parameters.ratePerSecond, parameters.sessions, seed], [0.5, 1000, 1]);
  assertEquals(name, "synth:chat?rate=30sessions/min&seed=1");
  const again = parseSynthName(name)!;
  assertEquals(resolveSpec(again).parameters.ratePerSecond, 0.5);
  assertEquals(resolveSpec(again).name, name);
  assertEquals(resolveSpec({ kind: "chat", sessions: 1000 }).name, "synth:chat?seed=1");
  assertEquals(resolveSpec({ kind: "lab-rag-burst" }).seed, 11);
  assertEquals(resolveSpec({ kind: "rag-pressure" }).parameters.documents, 500);
  assertEquals(resolveSpec({ kind: "rag-pressure", documents: 7 }).parameters.documents, 7);
});

Deno.test("specs that make no sense are refused with what would", async () => {
  const cases: [spec: SynthSpec, words: string[]][] = [
    [{ kind: "chatt" }, ["chatt", 'did you mean "chat"']],
    [{ kind: "chat", session: 3 }, ["session", 'did you mean "sessions"']],
    [{ kind: "chat", rate: 3 }, ["rate is not right", "3 req/s"]],
    [{ kind: "chat", rate: "3" }, ["has no unit"]],
    [{ kind: "chat", sessions: 0 }, ["out of range"]],
    [{ kind: "chat", arrivals: "bursty" }, ["poisson, gamma"]],
    [{ kind: "chat", thinkTime: "lognormal(median=124)" }, ["has no unit"]],
    [{ kind: "chat", seed: -1 }, ["seed"]],
    [{ kind: "chat", contextTokens: 100 }, ["leaves no room"]],
    [{ kind: "loop", requestBlocks: 601 }, ["above blocks"]],
    [{ kind: "toString" }, ["toString"]],
  ];
  for (const [spec, words] of cases) {
    const error = await assertRejects(() => synthesize(spec), UsageError);
    for (const word of words) assert(describe(error).includes(word), describe(error));
  }
});

Deno.test("parseSynthName() reads keys and refuses what is not understood", () => {
  assertEquals(parseSynthName("synth:rag"), { kind: "rag" });
  assertEquals(parseSynthName("synth:chat?seed=7&thinkTime=lognormal(median=1s;p90=9s)"), {
    kind: "chat",
    seed: 7,
    thinkTime: "lognormal(median=1s;p90=9s)",
  });
  assertEquals(parseSynthName("synthetic.jsonl"), undefined);
  for (const text of ["x?seed", "x?seed=", "x?seed=a", "x?=1", "x?seed=1&seed=2", "x?kind=y"]) {
    assertThrows(() => parseSynthName(`synth:${text}`), UsageError);
  }
});

const FILES = new URL("../../configs/workloads/", import.meta.url);

Deno.test("each file of configs/workloads means the kind or preset of its name", async () => {
  let files = 0;
  for await (const { name } of Deno.readDir(FILES)) {
    files++;
    const spec = await loadWorkload(decodeURIComponent(new URL(name, FILES).pathname));
    const named = name.replace(".yaml", "").replaceAll("_", "-");
    const known = [...synthKinds(), ...SYNTH_PRESETS].some((entry) => entry.name === named);
    if (!known) {
      assertNotEquals(resolveSpec(spec).name, resolveSpec({ kind: spec.kind }).name, name);
      continue;
    }
    const drawn = (parameters: unknown) => JSON.parse(JSON.stringify(parameters));
    const expected = resolveSpec({ kind: named });
    assertEquals(drawn(resolveSpec(spec).parameters), drawn(expected.parameters), name);
  }
  assert(files >= 10);
});

Deno.test("parseWorkload() lists all findings with their places", async () => {
  const yaml = "# a comment\nkind: chat\nrate: 3\nsesions: 4\nthinkTime: often\n";
  const error = await assertRejects(() => parseWorkload(yaml, "w.yaml"), ScenarioError);
  assertEquals(error.problems.map(({ place }) => [place?.line, place?.column]), [
    [3, 7],
    [4, 1],
    [5, 12],
  ]);
  const text = describe(error);
  for (const words of ["--> w.yaml:3:7", 'did you mean "sessions"', "rate", '"often"']) {
    assert(text.includes(words), `${words} is not in ${text}`);
  }
});

Deno.test("parseWorkload() refuses what is no workload", async () => {
  for (
    const [yaml, words] of [
      ["", "kind is missing"],
      ["- 1", "kind is missing"],
      ["kind: chad", 'did you mean "chat"'],
      ["kind: 3", "not a kind"],
      ["kind: [chat", "not YAML"],
      ["kind: chat\nseed: -1", "seed"],
    ]
  ) {
    const error = await assertRejects(() => parseWorkload(yaml, "w"), ScenarioError);
    assert(describe(error).includes(words), describe(error));
  }
});

Deno.test("workloadSchema() describes every parameter of every kind", () => {
  const schema = JSON.stringify(workloadSchema().toJSONSchema());
  for (const { parameters } of synthKinds()) {
    for (const { name } of parameters) assert(schema.includes(`"${name}"`), name);
  }
});

Deno.test("docs/workloads.md lists every kind, preset, parameter and default", async () => {
  const file = new URL("../../docs/workloads.md", import.meta.url);
  const text = (await Deno.readTextFile(file)).replaceAll(/ +/g, " ");
  for (const { name } of [...synthKinds(), ...SYNTH_PRESETS]) {
    assert(text.includes(`| \`${name}\` |`), name);
  }
  for (const { name, parameters } of synthKinds().slice(0, 5)) {
    const section = text.slice(text.indexOf(`: \`${name}\`\n`)).split("\n#")[0];
    for (const parameter of parameters) {
      const row = `| \`${parameter.name}\` | \`${parameter.default}\` | ${parameter.text}`;
      assert(section.includes(row), `${name}: ${row}`);
    }
  }
});
