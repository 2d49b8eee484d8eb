/**
 * `kvtier calibrate` and `kvtier offload` as a process.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, kvtier, refusal, report } from "./command.ts";

const DATA = "tests/data/serving";
const PREFILL = [`${DATA}/fast25_llama70b_a800x8_prefill.csv`];
const A800 = ["--model", "llama-3.1-70b", "--device", "a800-sxm", "--tp", "8"];
const SCENARIO = ["--scenario", "configs/scenarios/offload/load_or_recompute.yaml"];

Deno.test("tables of layers, then a log: a profile is made, written, and known afterwards", async () => {
  await inFolder(async (folder) => {
    const [profile, html] = [`${folder}/tables.yaml`, `${folder}/log.html`];
    const tables = ["layers", "attention"].map((kind) => `${DATA}/rtxpro6000_llama8b_${kind}.csv`);
    const target = ["--model", "llama-3.1-8b", "--device", "rtx-pro-6000-server"];
    const provenance = ["--date", "2026-09-26", "--source", "a test"];
    const written = ["-o", profile, ...provenance];
    const first = await kvtier(["calibrate", "layers", ...tables, ...target, ...written]);
    assertEquals([first.code, first.stderr], [0, `wrote ${profile}\n`]);
    assertMatch(first.stdout, /^llama-3\.1-8b on rtx-pro-6000-server: /);
    const log = `${DATA}/rtxpro6000_llama8b_requests.jsonl.gz`;
    const trace = ["--trace", `${DATA}/sharegpt_llama8b_300.blk16.mooncake.jsonl.gz`];
    const known = ["--known", profile, "--sequences", "128", "--html", html];
    const second = await kvtier(["calibrate", "requests", log, ...trace, ...known, "--json"]);
    assertEquals([second.code, second.stderr], [0, `wrote ${html}\n`]);
    const document = JSON.parse(second.stdout);
    assertEquals([document.command, document.schema, document.known], ["calibrate", 1, "tables"]);
    const [{ rows: [mean] }] = document.requests.unseen;
    assert(Math.abs(mean.predictedNs / mean.observedNs - 1) < 0.07);
    const page = await Deno.readTextFile(html);
    assertMatch(page, /^<!doctype html>/);
    assertStringIncludes(page, "Residuals");
    assertStringIncludes(page, "<svg");
  });
});

Deno.test("the requests of our own simulation are a log that can be calibrated on", async () => {
  await inFolder(async (folder) => {
    const table = `${folder}/requests.csv`;
    const scenario = ["-s", "configs/scenarios/serving/colocated.yaml", "--preset", "smoke"];
    const trace = "tests/data/conversation_trace.jsonl.gz";
    const latency = await kvtier(["latency", trace, ...scenario, "--requests", table, "--json"]);
    assertEquals([latency.code, latency.stderr], [0, `wrote ${table}\n`]);
    const served = JSON.parse(latency.stdout).trace.requests;
    assertEquals((await Deno.readTextFile(table)).trim().split("\r\n").length, served + 1);
    const wrong = await kvtier(["calibrate", "vidur", table, ...A800]);
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.stderr, `kvtier calibrate requests ${table}`);
  });
});

Deno.test("a prefill profile gives kvtier run and kvtier offload their cost of computing", async () => {
  await inFolder(async (folder) => {
    const profile = `${folder}/a800.yaml`;
    const provenance = ["--date", "2025-02-25", "--source", "Mooncake"];
    await kvtier(["calibrate", "prefill", ...PREFILL, ...A800, "-o", profile, ...provenance]);
    const offload = await report("offload", ...SCENARIO, "--profile", profile, "--json");
    const { cost, tiers } = JSON.parse(offload);
    assertEquals([cost.nsPerToken, cost.nsPerTokenSquared], [114_990, 0.70551]);
    assertEquals(tiers.map(({ tier }: { tier: string }) => tier), ["dram", "remote"]);
    const run = ["run", SCENARIO[1], "--trace", "tests/data/conversation_trace.jsonl.gz"];
    const replay = ["--preset", "smoke", "--json"];
    const computeNs = async (...more: readonly string[]): Promise<number> =>
      JSON.parse(await report(...run, ...replay, ...more)).run.computeNs;
    assert(await computeNs("--calibration", profile) > 1.1 * (await computeNs()));
  });
});

Deno.test("calibrate --strict refuses a doubtful trace of prompts", async () => {
  const log = `${DATA}/rtxpro6000_llama8b_requests.jsonl.gz`;
  const trace = ["--trace", "tests/data/mooncake_dynamo.jsonl"];
  const known = ["--known", "rtxpro6000-llama-3.1-8b"];
  const { code, stderr } = await kvtier([
    ...["calibrate", "requests", log, ...trace, ...known, "--strict"],
  ]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot calibrate: strict validation refuses the trace");
  assertStringIncludes(stderr, "0 errors and 1 warning\n");
});

Deno.test("offload says from where on, in text and as CSV", async () => {
  const text = await report("offload", ...SCENARIO);
  assertStringIncludes(
    text,
    "Confidence of absolute numbers: low, as the cost of computing is not",
  );
  const profile = ["--profile", "a800x8-llama-3.1-70b"];
  const measured = JSON.parse(await report("offload", ...SCENARIO, ...profile, "--json"));
  assertEquals(measured.confidence.level, "medium");
  assertStringIncludes(measured.confidence.why, "data sheets");
  assertMatch(text, /^Load a cached prefix always from dram; from remote at [\d,]+ tokens or more/);
  const lines = (await report("offload", ...SCENARIO, "--csv", "--lengths", "100,200")).trim();
  assertEquals(lines.split("\n").length, 5);
  const slower = await report("offload", ...SCENARIO, "--set", "tiers[remote].latency=1 s");
  assert(slower !== text);
});

Deno.test("offload of a cluster: each store over the links of a replica, the slowest decides", async () => {
  const pool = ["offload", "--scenario", "configs/scenarios/serving/rack_pool.yaml", "--json"];
  const tier = async (...more: readonly string[]) =>
    JSON.parse(await report(...pool, ...more)).tiers[0];
  const usual = await tier();
  assertEquals([usual.tier, usual.fromTokens], ["pool", 1]);
  // 327,680 bytes of a token over four ports of 1 GB/s.
  const slow = await tier("--set", "cluster.network.nic=1 GB/s");
  assertEquals(slow.loadNsPerToken, 327_680 / 4);
  assert(slow.fromTokens > 1_000);
  const none = "configs/scenarios/serving/colocated.yaml";
  assertStringIncludes(await refusal(2, "offload", "--scenario", none), "nothing to load from");
});

Deno.test("what cannot be fitted or found is refused with a way out", async () => {
  const said = async (code: number, args: readonly string[], ...parts: readonly string[]) => {
    const text = await refusal(code, ...args);
    for (const part of parts) assertStringIncludes(text, part);
  };
  const table = `${DATA}/rtx4090_llama8b_layers.csv`;
  await said(2, ["calibrate", "layers", table], "--model is missing");
  await said(2, ["calibrate", "prefill", ...PREFILL, ...A800, "-o", "x.yaml"], "--date");
  const wrong = ["--model", "llama-3.1-8b", "--device", "cpu-dram"];
  await said(1, ["calibrate", "layers", table, ...wrong], "computes nothing");
  const steps = ["--model", "llama-3.1-8b", "--device", "rtx-4090"];
  await said(1, ["calibrate", "prefill", table, ...steps], "kvtier calibrate layers");
  await said(2, ["offload"], "--scenario is missing");
  await said(2, ["offload", ...SCENARIO, "--lengths", "0"], "--lengths");
  await said(1, ["offload", ...SCENARIO, "--profile", "rtx4090"], 'did you mean "rtx4090-');
});
