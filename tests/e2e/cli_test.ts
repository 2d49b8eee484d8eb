/**
 * The command line as a process: what every command prints.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMPARE_SCHEMA, METRICS, registry, VERSION } from "kvtier";
import { CONVERSATION, inFolder, kvtier, namesIn, report, SMALL } from "./command.ts";
import { departures } from "./json_schema.ts";

const COMMANDS = [
  ...["compare", "curve", "ceiling", "policies", "explain"],
  ...[
    "trace info",
    "trace validate",
    "trace head",
    "trace convert",
    "trace synth",
    "kv",
    "sweep",
    "run",
    "learn",
    "latency",
    "route",
    "offload",
    "calibrate vidur",
    "calibrate layers",
    "calibrate requests",
    "calibrate metrics",
    "calibrate prefill",
    "page",
    "size",
    "ttl",
  ],
];

interface Run {
  readonly policy: string;
  readonly capacityBlocks: number;
  readonly touch: string;
  readonly admission: string;
  readonly hits: number;
  readonly blockHitRatio: number;
  readonly capacityBytes: number | null;
  readonly parameters: Readonly<Record<string, number>>;
  readonly seed: number;
}

interface Document {
  readonly trace: { readonly requests: number; readonly path: string; readonly hash: string };
  readonly blockBytes: number | null;
  readonly results: readonly Run[];
  readonly resultHash: string;
}

async function compared(...args: string[]): Promise<Document> {
  return JSON.parse(await report("compare", ...args, "--json"));
}

function pairs(document: Document): [string, number][] {
  return document.results.map(({ policy, capacityBlocks }) => [policy, capacityBlocks]);
}

Deno.test("kvtier without arguments, help and --help show every command", async () => {
  const overview = await report("--help");
  assertEquals(await report(), overview);
  assertEquals(await report("help"), overview);
  assertEquals(await report("-h"), overview);
  for (const name of COMMANDS) assertStringIncludes(overview, `  ${name} `);
});

Deno.test("kvtier --version prints name and version", async () => {
  assertEquals(await report("--version"), `kvtier ${VERSION}\n`);
  assertEquals(await report("-V"), `kvtier ${VERSION}\n`);
});

for (const name of COMMANDS) {
  Deno.test(`kvtier ${name} --help shows usage, options and examples`, async () => {
    const help = await report(...name.split(" "), "--help");
    assert(help.startsWith(`kvtier ${name}`), help);
    for (const part of ["\nOptions:\n", "--help", "\nExamples:\n", `  kvtier ${name}`]) {
      assertStringIncludes(help, part);
    }
    assertEquals(await report("help", ...name.split(" ")), help);
  });
}

Deno.test("kvtier trace shows the commands of the group", async () => {
  const help = await report("trace");
  assertEquals(await report("trace", "--help"), help);
  for (const name of COMMANDS.filter((name) => name.startsWith("trace "))) {
    assertStringIncludes(help, `  ${name} `);
  }
});

Deno.test("compare --json has the shape of docs/schema/compare.v1.json, keys in order", async () => {
  const text = await report("compare", ...SMALL, "-p", "all,variants", "-c", "1%,7,90", "--json");
  const schema = JSON.parse(await Deno.readTextFile(`docs/schema/compare.v${COMPARE_SCHEMA}.json`));
  const document = JSON.parse(text);
  assertEquals(departures(document, schema), []);
  // `all` leaves out `learned`, LRU without a model, and the oracle that is `optimal-demand` here.
  const policies = registry().policies.length - 2;
  assertEquals(document.results.length, policies * 3);
  assertEquals(text, `${JSON.stringify(document, null, 2)}\n`);
  // The checker must be able to find fault.
  const { command: _command, ...rest } = document;
  assertEquals(departures({ ...rest, command: "compare" }, schema).length, 1);
  assertEquals(departures({ ...document, resultHash: "x", more: 1 }, schema).length, 2);
});

Deno.test("compare writes what it finds as text, CSV and Markdown too", async () => {
  const runs = ["-p", "lru,optimal", "-c", "100,1000"];
  const csv = (await report("compare", ...SMALL, ...runs, "--csv")).trimEnd().split("\n");
  assertEquals(csv.length, 5);
  const columns = csv[0].split(",");
  assert(METRICS.every(({ name }) => columns.includes(name)), csv[0]);
  const { results } = await compared(...SMALL, ...runs);
  const hits = csv.slice(1).map((line) => Number(line.split(",")[columns.indexOf("hits")]));
  assertEquals(hits, results.map((result) => result.hits));
  const markdown = await report("compare", ...SMALL, ...runs, "--markdown");
  assertMatch(markdown, /^# /);
  assertStringIncludes(markdown, "| policy |");
  const text = await report("compare", ...SMALL, ...runs);
  for (const part of [CONVERSATION, "optimal (bound)", "lru", "1,000", "result "]) {
    assertStringIncludes(text, part);
  }
});

Deno.test("compare of several traces makes one array, one table with one head", async () => {
  const runs = ["-p", "lru", "-c", "100"];
  const files = ["tests/data/mooncake_dynamo.jsonl", "tests/data/qwen_bailian.jsonl"];
  const documents = JSON.parse(await report("compare", ...files, ...runs, "--json"));
  assertEquals(documents.map((one: Document) => one.trace.path), files);
  const csv = (await report("compare", ...files, ...runs, "--csv")).trimEnd().split("\n");
  assertEquals(csv.filter((line) => line.startsWith("policy,")).length, 1);
  assertEquals(csv.length, 3);
  assertEquals(new Set(csv.map((line) => line.split(",").length)).size, 1);
  const text = await report("compare", ...files, ...runs);
  for (const file of files) assertStringIncludes(text, file);
});

Deno.test("compare --html and --out write whole files, and say so on stderr only", async () => {
  await inFolder(async (folder) => {
    const files = { html: `${folder}/report.html`, out: `${folder}/result.json` };
    const runs = ["-p", "lru,optimal", "-c", "100,1000", "--json"];
    const args = ["compare", ...SMALL, ...runs, "--html", files.html, "--out", files.out];
    const { code, stdout, stderr } = await kvtier(args);
    assertEquals({ code, stdout }, { code: 0, stdout: "" }, stderr);
    assertEquals(stderr.trim().split("\n").sort(), [
      `wrote ${files.html}`,
      `wrote ${files.out}`,
    ]);
    assertEquals(await namesIn(folder), ["report.html", "result.json"]);
    const html = await Deno.readTextFile(files.html);
    assertMatch(html, /^<!doctype html>/);
    assertMatch(html, /<\/html>\n$/);
    assertEquals(await Deno.readTextFile(files.out), await report("compare", ...SMALL, ...runs));
  });
});

Deno.test("compare --limit takes the first requests only", async () => {
  const { trace } = await compared(CONVERSATION, "--limit", "25", "-p", "lru", "-c", "10");
  assertEquals(trace.requests, 25);
});

Deno.test("compare takes capacities as a share, as blocks and as bytes of a model", async () => {
  const model = ["--model", "llama-3.1-70b"];
  const document = await compared(...SMALL, "-p", "lru", "--capacity", "5%,1000,64GiB", ...model);
  // 327,680 bytes for a token of Llama 3.1 70B, 512 tokens in a block.
  assertEquals(document.blockBytes, 327_680 * 512);
  const blocks = document.results.map(({ capacityBlocks }) => capacityBlocks);
  assertEquals(blocks, [Math.floor(7_814 / 20), 1_000, Math.floor(2 ** 36 / (327_680 * 512))]);
  assertEquals(document.results[1].capacityBytes, 1_000 * 327_680 * 512);
});

Deno.test("compare takes options several times, joined or with =", async () => {
  const expected = await compared(...SMALL, "-p", "lru,fifo", "-c", "10,20");
  const args = ["--policy=lru", "--policy", "fifo", "-c", "10", "--capacity=20"];
  assertEquals(await compared(...SMALL, ...args), expected);
});

Deno.test("compare takes parameters, touch order, admission and seed", async () => {
  const options = ["--touch", "root-first", "--admit", "second-hit", "--seed", "7"];
  const policy = ["-p", "s3-fifo(small=0.2;ghost=0.5)", "-c", "200"];
  const { results: [run] } = await compared(...SMALL, ...policy, ...options);
  assertEquals(run.parameters.small, 0.2);
  assertEquals(run.parameters.ghost, 0.5);
  assertEquals([run.touch, run.seed], ["root-first", 7]);
  assertMatch(run.admission, /^second-hit/);
});

Deno.test("compare --scenario reads YAML, and options on the line win", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/scenario.yaml`;
    const lines = ["policies: [lru, arc]", "capacities: [50, 1%]", "touch: root-first"];
    await Deno.writeTextFile(file, [...lines, "seed: 3", "limit: 300", ""].join("\n"));
    const plain = await compared(CONVERSATION, "--scenario", file);
    assertEquals(pairs(plain), [["lru", 50], ["arc", 50], ["lru", 78], ["arc", 78]]);
    assertEquals(plain.results[0].touch, "root-first");
    assertEquals([plain.results[0].seed, plain.trace.requests], [3, 300]);
    const line = ["-p", "fifo", "--limit", "100", "--touch", "tail-first"];
    const over = await compared(CONVERSATION, "--scenario", file, ...line);
    assertEquals(over.results[0].policy, "fifo");
    assertEquals([over.results[0].touch, over.trace.requests], ["tail-first", 100]);
    assertEquals(over.results[0].seed, 3);
  });
});

Deno.test("the shipped scenarios run", async () => {
  for await (const { name, isFile } of Deno.readDir("configs/scenarios")) {
    if (!isFile) continue;
    const { results } = await compared(...SMALL, "--scenario", `configs/scenarios/${name}`);
    assert(results.length > 0, name);
  }
});

Deno.test("LRU root-first has the published block hit ratios on the conversation trace", async () => {
  const shares = ["-c", "1%,5%,10%,25%,50%"];
  const { results } = await compared(CONVERSATION, "-p", "lru", ...shares, "--touch", "root-first");
  const ratios = results.map(({ blockHitRatio }) => blockHitRatio.toFixed(4));
  assertEquals(ratios, ["0.0523", "0.1954", "0.2784", "0.3535", "0.3631"]);
});

Deno.test("policies lists the registry, as text and as JSON", async () => {
  const { policies, admitters, prefetchers, routers, evictions } = registry();
  const text = await report("policies");
  for (const { name } of [...policies, ...admitters, ...prefetchers, ...routers]) {
    assertMatch(text, RegExp(`^  ${name} `, "m"));
  }
  const document = JSON.parse(await report("policies", "--json"));
  const header = { command: "policies", version: VERSION, schema: 1 };
  const { policies: listed, admission, prefetch, routers: routing, evictions: evicting, ...rest } =
    document;
  assertEquals(rest, header);
  const names = (entries: readonly { name: string }[]) => entries.map(({ name }) => name);
  assertEquals(names(listed), names(policies));
  assertEquals(names(admission), names(admitters));
  assertEquals(names(prefetch), names(prefetchers));
  assertEquals(names(routing), names(routers));
  assertEquals(names(evicting), names(evictions));
  for (const { idea } of routing) assertMatch(idea, /\.$/);
});

Deno.test("explain explains metrics, policies and routers", async () => {
  const list = await report("explain");
  for (const { name } of METRICS) assertStringIncludes(list, name);
  for (
    const name of [
      "blockHitRatio",
      "gapClosed",
      "arc",
      "optimal",
      "tiny-lfu",
      "next-turn",
      "kvtier-ms",
    ]
  ) {
    assertStringIncludes(await report("explain", name), name);
  }
});

Deno.test("trace info, head and validate tell of a trace, as text and as JSON", async () => {
  assertStringIncludes(await report("trace", "info", ...SMALL), "7,814");
  const info = JSON.parse(await report("trace", "info", ...SMALL, "--json"));
  assertEquals([info.command, info.version, info.schema], ["trace info", VERSION, 1]);
  assertEquals(info.trace.requests, 300);
  const head = JSON.parse(await report("trace", "head", ...SMALL, "-n", "4", "--json"));
  assertEquals([head.command, head.rows.length], ["trace head", 4]);
  assert((await report("trace", "head", ...SMALL, "-n", "4")).split("\n").length >= 5);
  assertMatch(await report("trace", "validate", CONVERSATION), /: valid; 0 errors/);
  const checked = JSON.parse(await report("trace", "validate", CONVERSATION, "--json"));
  assertEquals([checked.isValid, checked.errorCount, checked.strict], [true, 0, false]);
});

Deno.test("trace convert writes a .kvt that compares to the same result", async () => {
  await inFolder(async (folder) => {
    const kvt = `${folder}/small.kvt`;
    const { code, stdout, stderr } = await kvtier(["trace", "convert", ...SMALL, "--out", kvt]);
    assertEquals({ code, stdout }, { code: 0, stdout: "" }, stderr);
    assertStringIncludes(stderr, `wrote ${kvt}: 300 requests`);
    assertEquals(await namesIn(folder), ["small.kvt"]);
    const runs = ["-p", "lru,s3-fifo", "-c", "100"];
    const [text, binary] = [await compared(...SMALL, ...runs), await compared(kvt, ...runs)];
    assertEquals(binary.resultHash, text.resultHash);
    assertEquals(binary.trace.hash, text.trace.hash);
  });
});

Deno.test("a trace that is not valid gives 1, with its findings on stdout", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/bad.jsonl`;
    const row = { timestamp: 0, input_length: -5, output_length: 1, hash_ids: [1] };
    await Deno.writeTextFile(file, `${JSON.stringify(row)}\n`);
    const { code, stdout, stderr } = await kvtier(["trace", "validate", file]);
    assertEquals({ code, stderr }, { code: 1, stderr: "" });
    assertMatch(stdout, /not valid; 1 error, /);
  });
});
