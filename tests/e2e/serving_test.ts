/**
 * `kvtier latency`, `kvtier route`, and `kvtier run` with a cluster, as processes.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseClusterScenario } from "kvtier";
import { CONVERSATION, inFolder, kvtier, report } from "./command.ts";
import { departures } from "./json_schema.ts";

const COLOCATED = "configs/scenarios/serving/colocated.yaml";
const SMOKE = [CONVERSATION, "--preset", "smoke"];

Deno.test("latency answers first, and says how far to trust it; --json fits its schema", async () => {
  const text = await report("latency", ...SMOKE, "-s", COLOCATED);
  const [name, , , blank, answer] = text.split("\n");
  assertEquals([name, blank], ["colocated", ""]);
  assert(answer.startsWith("Latency: half of the requests have their first token after"), answer);
  for (const part of ["confidence: ", "Where the time goes", "What this does not show"]) {
    assertStringIncludes(text, part);
  }
  const document = JSON.parse(await report("latency", ...SMOKE, "-s", COLOCATED, "--json"));
  const schema = JSON.parse(await Deno.readTextFile("docs/schema/serving.v1.json"));
  assertEquals(departures(document, schema), []);
  assertStringIncludes(text, document.resultHash);
});

Deno.test("latency writes what happened over time: CSV, counters, a page with links", async () => {
  await inFolder(async (folder) => {
    const [csv, trace, page] = ["t.csv", "t.json", "t.html"].map((name) => `${folder}/${name}`);
    const pool = "configs/scenarios/serving/rack_pool.yaml";
    const files = ["--timeline", csv, "--chrome-trace", trace, "--html", page];
    const { code, stdout } = await kvtier(["latency", ...SMOKE, "-s", pool, ...files]);
    assertEquals(code, 0);
    const [head, ...lines] = (await Deno.readTextFile(csv)).trimEnd().split("\r\n");
    assertEquals(head, "scenario,seed,scope,place,metric,fromNs,toNs,value,resultHash");
    const columns = lines.filter((line) => line.includes(",role,unified,busyRatio,")).length;
    assert(columns >= 128 && columns <= 256, `${columns} columns`);
    assert(lines.some((line) => line.includes(",busiest link,rack ")));
    const { traceEvents } = JSON.parse(await Deno.readTextFile(trace));
    const counters = traceEvents.filter(({ name }: { name: string }) =>
      name.startsWith("unified:")
    );
    assertEquals(counters.length, columns);
    assertStringIncludes(
      await Deno.readTextFile(page),
      "How much of their bandwidth links carried",
    );
    assertStringIncludes(stdout, "use at");
  });
});

Deno.test("run with a cluster is latency; what it cannot do is refused", async () => {
  const [run, latency] = await Promise.all([
    report("run", COLOCATED, "-t", ...SMOKE),
    report("latency", ...SMOKE, "-s", COLOCATED),
  ]);
  assertEquals(run, latency);
  const refused = await kvtier(["run", COLOCATED, "-t", ...SMOKE, "--bound"]);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "--bound is for scenarios with tiers");
});

Deno.test("--rate, --ratio, --copies and --set change what they name", async () => {
  const of = async (...more: string[]) =>
    JSON.parse(await report("latency", ...SMOKE, "-s", COLOCATED, "--json", ...more));
  const [plain, fast, apart, twice, few, sieved, warm] = await Promise.all([
    of(),
    of("--rate", "x2"),
    of("--ratio", "1:3"),
    of("--copies", "2"),
    of("--set", "cluster.engine.maxSequences=2"),
    of("--set", "cluster.engine.eviction=sieve", "--set", "cluster.engine.kvTokens=140000"),
    of("--warmup", "30s"),
  ]);
  const value = (document: { readonly metrics: Record<string, number> }, name: string) =>
    document.metrics[name];
  assertEquals(
    value(fast, "offeredRequestsPerSecond") / value(plain, "offeredRequestsPerSecond"),
    2,
  );
  assert(value(apart, "transferBytes") > 0);
  assertEquals([value(plain, "finished"), value(twice, "finished")], [300, 600]);
  assert(value(few, "queueNsMean") > value(plain, "queueNsMean"));
  assert(value(sieved, "evictions") > value(plain, "evictions"));
  assert(value(warm, "leftOut") > 0 && value(plain, "leftOut") === 0);
  assertEquals(value(warm, "finished") + value(warm, "leftOut"), 300);
});

Deno.test("route compares routers under views of several ages", async () => {
  const args = ["route", CONVERSATION, "--limit", "300", "--nodes", "1"];
  const asked = ["--routers", "round-robin,kvtier-ms", "--staleness", "0,1s"];
  const text = await report(...args, ...asked);
  assert(/^view fresh: best by TTFT mean is /.test(text), text);
  const document = JSON.parse(await report(...args, ...asked, "--json"));
  const schema = JSON.parse(await Deno.readTextFile("docs/schema/route.v1.json"));
  assertEquals(departures(document, schema), []);
  const [first] = document.runs;
  const spoilt = { ...first, standings: { ttftNsMean: "good" }, isOnFront: 1, result: {} };
  assertEquals(departures({ ...document, runs: [spoilt] }, schema).length > 2, true);
  const { runs } = document;
  assertEquals(
    runs.map(({ varied }: Record<string, Record<string, string>>) => Object.values(varied)),
    ["fresh", "1 s old"].flatMap((view) => [["round-robin", view], ["kvtier-ms", view]]),
  );
  const [fresh, ours] = runs.map(({ result }: Record<string, Record<string, string>>) => result);
  assert(fresh.resultHash !== ours.resultHash);
  const csv = (await report(...args, ...asked, "--csv")).trim().split("\n");
  assertEquals([csv.length % 4, csv[0].split(",")[0]], [1, "router"]);
  assertStringIncludes(await report(...args, ...asked, "--markdown"), "| round-robin |");
});

Deno.test("what cannot be simulated is refused with its place", async () => {
  const said = async (code: number, args: string[], part: string) => {
    const outcome = await kvtier(args);
    assertEquals(outcome.code, code, outcome.stderr);
    assertStringIncludes(outcome.stderr, part);
  };
  await said(2, ["latency", CONVERSATION], "there is no --scenario");
  await said(2, ["latency", ...SMOKE, "-s", COLOCATED, "--rate", "fast"], "it is not a factor");
  await said(1, ["latency", ...SMOKE, "-s", COLOCATED, "--ratio", "1-3"], "--ratio");
  await said(1, ["latency", ...SMOKE, "-s", COLOCATED, "--warmup", "5"], "--warmup");
  await said(2, ["latency", ...SMOKE, "-s", COLOCATED, "--warmup", "5h"], "no request to count");
  await said(1, ["latency", ...SMOKE, "-s", COLOCATED, "--calibration", "h100"], "did you mean");
  await said(2, ["route", CONVERSATION, "--routers", "kvtierms"], 'did you mean "kvtier-ms"');
  await said(2, ["route", CONVERSATION, "--staleness", "5"], "--staleness");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/t.csv`, "time,input\n0,10\n1,-5\n");
    const columns = ["--columns", "time=time,input=input", "--time-unit", "s"];
    const strict = ["latency", `${folder}/t.csv`, "-s", COLOCATED, "--strict", ...columns];
    await said(1, strict, "strict");
  });
});

Deno.test("--strict takes a trace that names no sessions, and refuses one that names no blocks", async () => {
  const strict = ["-s", COLOCATED, "--preset", "smoke", "--strict"];
  const [taken, refused] = await Promise.all([
    kvtier(["latency", CONVERSATION, ...strict]),
    kvtier(["latency", "tests/data/azure_2023_code.csv.gz", ...strict]),
  ]);
  assertEquals([taken.code, refused.code], [0, 1], taken.stderr);
  assertStringIncludes(refused.stderr, "strict validation refuses the trace");
});

Deno.test("the YAML in docs/serving.md is right", async () => {
  const text = await Deno.readTextFile("docs/serving.md");
  const [yaml] = [...text.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1]);
  assertEquals((await parseClusterScenario(yaml)).faults.length, 2);
});
