/**
 * Files that cannot be used, and questions that cannot be answered: a sentence, a place, exit code
 * 1 (2 where the command line is at fault), and nothing on stdout.
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openTrace, parseTrace, TraceError } from "kvtier";
import { CONVERSATION, inFolder, kvtier, namesIn } from "../e2e/command.ts";

const RUNS = ["-p", "lru", "-c", "10"];

/** A row of Mooncake's format; values are written as they are. */
function row(timestamp: string, inputTokens = "600", hashes = "[1,2]"): string {
  return `{"timestamp": ${timestamp}, "input_length": ${inputTokens}, "output_length": 1, ` +
    `"hash_ids": ${hashes}}\n`;
}

/** Content of a file that is wrong, and what must be said of it. */
const FILES: readonly (readonly [what: string, content: string, said: RegExp])[] = [
  ["that is empty", "", /the file is empty/],
  ["of blank lines only", "\n\n  \n", /./],
  ["of no known format", "hello\nworld\n", /format cannot be told/],
  ["with NaN", row("0") + row("1", "NaN"), /NaN, which JSON does not have[^]*:2:/],
  ["with a negative length", row("0") + row("1", "-600"), /:2:34 "input_length"[^]*found -600/],
  ["with a fraction of a token", row("0") + row("1", "600.5"), /:2:34[^]*found 600\.5/],
  ["with a length in words", row("0") + row("1", '"many"'), /:2[^]*"input_length"/],
  ["with a length of 10^300", row("0") + row("1", "1e300"), /:2[^]*"input_length"/],
  ["with arrivals out of order", row("5") + row("1"), /goes back[^]*:2 "timestamp"[^]*--sort/],
  ["with a negative arrival", row("0") + row("-1"), /:2/],
  ["with a fraction of a hash", row("0") + row("1", "600", "[1.5,2]"), /:2:\d+ "hash_ids\[0\]"/],
  ["with a block twice in a request", row("0", "1024", "[1,1]"), /same block twice/],
  ["with a line cut short", row("0") + row("1").slice(0, 40), /not valid JSON[^]*:2/],
  ["without a key", row("0") + '{"timestamp": 1, "input_length": 3}\n', /is missing[^]*:2/],
  ["without a column", "TIMESTAMP,GeneratedTokens\n2023-11-16 18:17:03,10\n", /format cannot/],
  [
    "with an empty cell",
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.97,,10\n",
    /:2 "ContextTokens"[^]*found nothing/,
  ],
  [
    "with a row too short",
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.97,5\n",
    /:2/,
  ],
];

for (const [what, content, said] of FILES) {
  Deno.test(`a file ${what} is refused with its place`, async () => {
    await inFolder(async (folder) => {
      const file = `${folder}/trace`;
      await Deno.writeTextFile(file, content);
      const { code, stdout, stderr } = await kvtier(["compare", file, ...RUNS]);
      assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
      assertMatch(stderr, /^error: Cannot read trace: /);
      assert(stderr.includes(file), stderr);
      assertMatch(stderr, said);
      assertEquals(await namesIn(folder), ["trace"]);
    });
  });
}

Deno.test("a mapped column that is not there is named", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/own.csv`;
    await Deno.writeTextFile(file, "ts,prompt\n0,10\n");
    const columns = ["--columns", "time=ts,input=promt"];
    const { code, stderr } = await kvtier(["compare", file, ...columns, ...RUNS]);
    assertEquals(code, 1);
    assertMatch(stderr, /promt is missing[^]*did you mean "prompt"/);
  });
});

Deno.test("a missing file, a folder, and a missing scenario are refused", async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [["compare", "no/such/trace.jsonl", ...RUNS], /there is no such file[^]*no\/such\/trace/],
    [["trace", "validate", "no/such/trace.jsonl"], /there is no such file/],
    [["compare", "tests/data", ...RUNS], /it is a folder[^]*tests\/data/],
    [["compare", CONVERSATION, "--scenario", "no.yaml"], /Cannot read scenario[^]*no\.yaml/],
    [["compare", CONVERSATION, "--model", "no.yaml"], /Cannot read model[^]*no\.yaml/],
  ];
  for (const [args, said] of wrong) {
    const { code, stdout, stderr } = await kvtier(args);
    assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
    assertMatch(stderr, said);
  }
});

Deno.test({
  name: "a file that may not be read is refused (skipped for root, who may read everything)",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: () =>
    inFolder(async (folder) => {
      const file = `${folder}/secret.jsonl`;
      await Deno.writeTextFile(file, row("0"), { mode: 0o000 });
      const { code, stderr } = await kvtier(["compare", file, ...RUNS]);
      assertEquals(code, 1);
      assertMatch(stderr, /the system denies it[^]*secret\.jsonl/);
    }),
});

Deno.test("a scenario with faults lists them all, each with line and column", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/scenario.yaml`;
    await Deno.writeTextFile(file, "policys: [lru]\ncapacities: 5%\nseed: -1\n");
    const { code, stderr } = await kvtier(["compare", CONVERSATION, "--scenario", file]);
    assertEquals(code, 1);
    for (const line of [1, 2, 3]) assert(stderr.includes(`${file}:${line}:`), stderr);
    assertMatch(stderr, /did you mean "policies"/);
  });
});

/** Questions without an answer; those that are wrong on their face are wrong usage. */
const QUESTIONS: readonly (readonly [args: readonly string[], code: number, said: RegExp])[] = [
  [["-p", "lruu"], 2, /"lruu" is not a registered name[^]*did you mean "lru"/],
  [["-p", "belady"], 2, /"belady" is not a registered name[^]*is called "optimal" here/],
  [["-c", "0"], 2, /1 or more/],
  [["-c", "0%"], 2, /holds nothing/],
  [["-c", "64GiB"], 2, /size of a block is not known[^]*--model/],
  [["-c", "1MiB", "--model", "llama-3.1-70b"], 1, /cannot hold one block[^]*found 1MiB/],
];

for (const [args, expected, said] of QUESTIONS) {
  Deno.test(`compare ${args.join(" ")} is refused with ${expected}`, async () => {
    const { code, stdout, stderr } = await kvtier(["compare", CONVERSATION, ...args]);
    assertEquals({ code, stdout }, { code: expected, stdout: "" }, stderr);
    assertMatch(stderr, said);
  });
}

Deno.test("a capacity above 2^32 blocks is no small one", async () => {
  const args = ["compare", CONVERSATION, "--limit", "300", "-p", "lru", "--json"];
  const { code, stdout, stderr } = await kvtier([...args, "-c", "4294967297"]);
  if (code !== 0) {
    assert((code === 1 || code === 2) && stderr.startsWith("error: "), stderr);
    return;
  }
  const [result] = JSON.parse(stdout).results;
  assertEquals(result.evictions, 0);
});

Deno.test("a torn gzip file is refused wherever it is torn", async () => {
  const whole = await Deno.readFile(CONVERSATION);
  await inFolder(async (folder) => {
    const file = `${folder}/torn.jsonl.gz`;
    for (const share of [0.01, 0.5, 0.999]) {
      await Deno.writeFile(file, whole.subarray(0, Math.floor(whole.length * share)));
      const { code, stdout, stderr } = await kvtier(["compare", file, ...RUNS]);
      assertEquals({ code, stdout }, { code: 1, stdout: "" });
      assertMatch(stderr, /the gzip data is truncated[^]*torn\.jsonl\.gz/);
    }
    // The last 8 bytes are the checksum and the length.
    await Deno.writeFile(file, whole.subarray(0, whole.length - 4));
    await assertRejects(() => openTrace(file), TraceError);
    const damaged = whole.slice();
    damaged[Math.floor(whole.length / 2)] ^= 0x10;
    await Deno.writeFile(file, damaged);
    await assertRejects(() => openTrace(file), TraceError);
  });
});

Deno.test("a .kvt is refused wherever it is torn, and for any bit that is flipped", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/small.kvt`;
    const made = ["trace", "convert", CONVERSATION, "--limit", "20", "--out", file];
    assertEquals((await kvtier(made)).code, 0);
    const whole = await Deno.readFile(file);
    for (let length = 1; length < whole.length; length += 13) {
      await assertRejects(
        () => parseTrace(whole.subarray(0, length), "torn.kvt"),
        TraceError,
        "Cannot read trace",
        `torn after ${length} bytes`,
      );
    }
    for (let bit = 0; bit < whole.length * 8; bit += 5) {
      const damaged = whole.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      const error = await assertRejects(
        () => parseTrace(damaged, "flipped.kvt"),
        TraceError,
        "Cannot read trace",
        `bit ${bit} flipped`,
      );
      assertEquals(error.place.file, "flipped.kvt");
    }
    await Deno.writeFile(file, whole.subarray(0, whole.length - 1));
    const { code, stdout, stderr } = await kvtier(["compare", file, ...RUNS]);
    assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
  });
});
