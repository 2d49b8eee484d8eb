/**
 * The command line as a process: how it refuses, and how it treats pipes and terminals.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { command, CONVERSATION, findProgram, inFolder, kvtier, refusal, SMALL } from "./command.ts";

const TYPOS: readonly (readonly [what: string, args: string[], hint: string])[] = [
  ["command", ["compair", CONVERSATION], '"compare"'],
  ["command of a group", ["trace", "inof", CONVERSATION], '"trace info"'],
  ["help topic", ["help", "polices"], '"policies"'],
  ["option", ["compare", CONVERSATION, "--polcy", "lru"], '"--policy"'],
  ["option with =", ["compare", CONVERSATION, "--capcity=5%"], '"--capacity"'],
  ["policy", ["compare", CONVERSATION, "-p", "s3fifo"], '"s3-fifo"'],
  ["parameter", ["compare", CONVERSATION, "-p", "s3-fifo(smal=0.1)"], '"small"'],
  ["admission filter", ["compare", CONVERSATION, "--admit", "alway"], '"always"'],
  ["metric", ["explain", "blockHitRate"], '"blockHitRatio"'],
  ["policy to explain", ["explain", "aarc"], '"arc"'],
];

for (const [what, args, hint] of TYPOS) {
  Deno.test(`a mistyped ${what} gives 2 and a "did you mean"`, async () => {
    assertMatch(await refusal(2, ...args), RegExp(`did you mean .*${hint}`));
  });
}

Deno.test('a mistyped model or format gives 1 or 2 and a "did you mean"', async () => {
  const model = await kvtier(["compare", CONVERSATION, "--model", "lama-3.1-70b"]);
  assertMatch(model.stderr, /did you mean .*"llama-3.1-70b"/);
  const format = await kvtier(["compare", CONVERSATION, "--format", "moncake"]);
  assertMatch(format.stderr, /did you mean "mooncake"/);
  for (const { code, stdout } of [model, format]) {
    assert((code === 1 || code === 2) && stdout === "", `${code}`);
  }
});

const OTHER_KINDS: readonly (readonly [args: string[], says: string, mend: RegExp])[] = [
  [
    ["latency", CONVERSATION, "-s", "configs/scenarios/which-tier/h100_dram.yaml"],
    "tiers",
    /kvtier run/,
  ],
  [["run", "configs/scenarios/mooncake_demo.yaml", "-t", CONVERSATION], "policies", /compare/],
  [
    ["compare", CONVERSATION, "-s", "configs/scenarios/serving/colocated.yaml"],
    "cluster",
    /latency/,
  ],
  [["latency", CONVERSATION, "-s", "configs/sweeps/serving/failures.yaml"], "grid", /kvtier sweep/],
  [["sweep", "configs/models/llama-3.1-8b.yaml"], "model", /--model/],
];

for (const [args, says, mend] of OTHER_KINDS) {
  Deno.test(`${args[0]} with a file of another kind says what it is (${says})`, async () => {
    const text = await refusal(1, ...args);
    assertMatch(text, RegExp(`it is a .*${says}`));
    assertMatch(text, mend);
    assertEquals(text.match(/error:/g)?.length, 1);
  });
}

for (const option of ["--out", "--html"]) {
  Deno.test(`${option} into a folder that is missing is refused before any work`, async () => {
    const trace = ["compare", "no/such/trace.jsonl", option, "no/such/report"];
    assertMatch(await refusal(1, ...trace), /Cannot write file: there is no such folder/);
  });
}

for (const option of ["--requests", "--timeline", "--chrome-trace"]) {
  Deno.test(`latency ${option} refuses what it cannot write before any work`, async () => {
    const run = (...more: string[]) =>
      refusal(1, "latency", "no/such/trace.jsonl", "-s", "no/such/s.yaml", ...more);
    assertMatch(await run(option, "no/such/table"), /Cannot write file: there is no such folder/);
    assertMatch(await run(option, "configs"), /Cannot write file: it is a folder/);
    const twice = await run(option, "deno.json", "--out", "./deno.json");
    assertMatch(twice, /Cannot write file: this command reads it, or writes it for another/);
  });
}

Deno.test("a report over the trace that it is of is refused", async () => {
  const text = await refusal(1, "compare", CONVERSATION, "--out", CONVERSATION);
  assertMatch(text, /Cannot write file: this command reads it/);
});

const WRONG_USE: readonly (readonly string[])[] = [
  ["compare"],
  ["compare", CONVERSATION, "--capacity"],
  ["compare", CONVERSATION, "-c", "5x"],
  ["compare", CONVERSATION, "-c", "-5"],
  ["compare", CONVERSATION, "-c", "101%%"],
  ["compare", CONVERSATION, "--touch", "sideways"],
  ["compare", CONVERSATION, "--seed=-1"],
  ["compare", CONVERSATION, "--seed", "1.5"],
  ["compare", CONVERSATION, "--limit", "0"],
  ["compare", CONVERSATION, "--json", "--csv"],
  ["compare", CONVERSATION, "--model", "llama-3.1-8b", "--block-bytes", "1MiB"],
  ["compare", CONVERSATION, "--block-bytes", "12"],
  ["compare", CONVERSATION, "-p", "s3-fifo(small=7)"],
  ["compare", CONVERSATION, "-p", "s3-fifo(small=0.1"],
  ["compare", CONVERSATION, "--columns", "time"],
  ["policies", "more"],
  ["explain", "arc", "lru"],
  ["explain", "nothing-like-it"],
  ["trace", "convert", CONVERSATION],
  ["trace", "head", CONVERSATION, "-n", "none"],
  ["nonsense"],
];

for (const args of WRONG_USE) {
  Deno.test(`kvtier ${args.join(" ")} gives 2 and says why`, async () => {
    await refusal(2, ...args);
  });
}

Deno.test("a reader that goes away ends the program quietly", async () => {
  const args = ["trace", "head", CONVERSATION, "-n", "12000"];
  const child = command(args, { stdout: "piped", stderr: "piped" }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert(value !== undefined && value.length > 0);
  // `head -1` would close its end now, long before all is written.
  await reader.cancel();
  const errors = await new Response(child.stderr).text();
  assertEquals({ code: (await child.status).code, errors }, { code: 0, errors: "" });
});

Deno.test("an interrupted simulation leaves nothing behind, and no success", () =>
  inFolder(async (folder) => {
    // Ten thousand GPUs take far longer than the time until the interrupt.
    const fleet = "configs/scenarios/serving/fleet_10240.yaml";
    const args = ["latency", CONVERSATION, "-s", fleet, "-o", `${folder}/a`];
    const child = command(args, { stdout: "piped", stderr: "piped" }).spawn();
    setTimeout(() => child.kill("SIGINT"), 1_500);
    const { code, stdout } = await child.output();
    assertEquals([code, stdout.length], [130, 0]);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("tables fit into COLUMNS, and never carry colour into a pipe", async () => {
  for (const columns of [60, 80, 120]) {
    const env = { COLUMNS: String(columns), TERM: "xterm-256color" };
    for (const args of [["compare", ...SMALL], ["trace", "head", ...SMALL]]) {
      const { code, stdout } = await kvtier(args, env);
      assertEquals(code, 0);
      const hashes = /[0-9a-f]{64}/;
      const wide = stdout.split("\n").filter((line) => [...line].length > columns);
      assertEquals(wide.filter((line) => !hashes.test(line)), [], `${args} at ${columns}`);
      assert(!stdout.includes("\x1b"), "an escape sequence in a pipe");
    }
  }
});

/** Runs kvtier under a terminal made by util-linux' `script`. */
async function onTerminal(args: readonly string[], env: Readonly<Record<string, string>>) {
  const words = [Deno.execPath(), "run", "--quiet", "-A", "cli.ts", ...args];
  const line = words.map((word) => `'${word}'`).join(" ");
  return await new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", line, "/dev/null"],
    env: { TERM: "xterm-256color", NO_COLOR: "", COLUMNS: "100", ...env },
    stdin: "null",
    stdout: "piped",
  }).output();
}

const hasTerminal = await findProgram("script") !== undefined;

Deno.test({
  name: "a terminal gets colours, unless NO_COLOR is set (needs `script`)",
  ignore: !hasTerminal,
  fn: async () => {
    // deno-lint-ignore no-control-regex
    const colour = /\x1b\[\d+(;\d+)*m/;
    const decoder = new TextDecoder();
    const plain = await onTerminal(["compare", ...SMALL], {});
    assertMatch(decoder.decode(plain.stdout), colour);
    const bare = await onTerminal(["compare", ...SMALL], { NO_COLOR: "1" });
    assertEquals(bare.code, 0);
    assert(!colour.test(decoder.decode(bare.stdout)), "colours in spite of NO_COLOR");
    const dumb = await onTerminal(["compare", ...SMALL], { TERM: "dumb" });
    assert(!colour.test(decoder.decode(dumb.stdout)), "colours on a dumb terminal");
  },
});
