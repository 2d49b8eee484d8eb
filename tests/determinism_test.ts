/**
 * The same question has the same answer, to the byte: again, elsewhere, in another language and
 * time zone, in a worker, and however the work is cut.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type Choice,
  compare,
  type CompareOptions,
  comparisonJson,
  engineModule,
  openTrace,
  registry,
  Replayer,
  type Trace,
  TraceBuilder,
  VERSION,
} from "kvtier";
import { EngineChoice, RESULT_BYTES, RUN_BYTES, RunField, TouchOrder } from "../assembly/abi.ts";
import { CONVERSATION, inFolder, kvtier, ROOT } from "./e2e/command.ts";

const OPTIONS: CompareOptions = { policies: ["all", "variants"], capacities: ["1%", "300"] };
const ARGS = ["-p", "all,variants", "-c", "1%,300", "--limit", "1000", "--json"];

async function printed(
  env: Readonly<Record<string, string>> = {},
  path = CONVERSATION,
): Promise<string> {
  const { code, stdout, stderr } = await kvtier(["compare", path, ...ARGS], env);
  assertEquals(code, 0, stderr);
  return stdout;
}

const first = await printed();

async function written(options: CompareOptions = {}): Promise<string> {
  const trace = await openTrace(`${ROOT}${CONVERSATION}`, { limit: 1000 });
  const here = { ...trace, path: CONVERSATION };
  return comparisonJson(await compare(here, { ...OPTIONS, ...options }), { version: VERSION });
}

Deno.test("a second run prints the same bytes", async () => {
  assertEquals(await printed(), first);
});

Deno.test("another time zone, language and terminal print the same bytes", async () => {
  const places: readonly Readonly<Record<string, string>>[] = [
    { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", COLUMNS: "40" },
    { TZ: "America/St_Johns", LANG: "ar_EG.UTF-8", LC_ALL: "ar_EG.UTF-8", NO_COLOR: "1" },
    { TZ: "UTC", LANG: "C", LC_ALL: "C", LANGUAGE: "de" },
  ];
  for (const env of places) assertEquals(await printed(env), first, JSON.stringify(env));
});

Deno.test("the library writes the bytes that the command line prints", async () => {
  assertEquals(await written(), first);
});

Deno.test("two comparisons at a time do not disturb each other", async () => {
  const both = await Promise.all([written(), written({ seed: 42 }), written()]);
  for (const document of both) assertEquals(document, first);
});

Deno.test("a function that watches the progress changes nothing", async () => {
  let calls = 0;
  assertEquals(await written({ onProgress: () => calls++ }), first);
  assert(calls > 0);
});

Deno.test("another name and form of the file change neither trace nor result hash", async () => {
  await inFolder(async (folder) => {
    const kvt = `${folder}/renamed.kvt`;
    const limit = ["--limit", "1000"];
    assertEquals((await kvtier(["trace", "convert", CONVERSATION, ...limit, "-o", kvt])).code, 0);
    const [text, binary] = [JSON.parse(first), JSON.parse(await printed({}, kvt))];
    assertEquals(binary.resultHash, text.resultHash);
    assertEquals(binary.trace.hash, text.trace.hash);
    assertEquals(binary.results, text.results);
  });
});

Deno.test("a limit gives the trace that holds just those requests", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/cut.jsonl`;
    const lines = await new Response(
      (await Deno.open(CONVERSATION)).readable.pipeThrough(new DecompressionStream("gzip")),
    ).text();
    await Deno.writeTextFile(file, lines.split("\n").slice(0, 1000).join("\n"));
    const cut = JSON.parse(await printed({}, file));
    assertEquals(cut.trace.hash, JSON.parse(first).trace.hash);
    assertEquals(cut.resultHash, JSON.parse(first).resultHash);
  });
});

Deno.test("one instance gives the same counters in any order of runs", async () => {
  const trace = await openTrace(CONVERSATION, { limit: 1000 });
  const shared = new Replayer(trace);
  const admission = shared.registry.admitter("always");
  const specs = registry().policies.map(({ name }, index) => ({
    policy: shared.registry.policy(name),
    admission,
    capacityBlocks: 50 + 37 * index,
    touch: index % 2 === 0 ? "root-first" as const : "tail-first" as const,
    seed: index,
  }));
  const forwards = specs.map((spec) => shared.run(spec));
  const backwards = specs.toReversed().map((spec) => shared.run(spec)).toReversed();
  assertEquals(backwards, forwards);
  // A fresh instance has no earlier run to be influenced by.
  assertEquals(specs.slice(-3).map((spec) => new Replayer(trace).run(spec)), forwards.slice(-3));
});

Deno.test("a seed moves the policies that draw, and no others", async () => {
  const [seeded, plain] = [true, false].map((wanted) =>
    registry().policies.filter(({ seeded }) => seeded === wanted).map(({ name }) => name)
  );
  const counters = async (policies: string[], seed: number) => {
    const { results } = JSON.parse(await written({ policies, seed }));
    return results.map(({ seed: _seed, ...rest }: { seed: number }) => rest);
  };
  assertEquals(await counters(plain, 1), await counters(plain, 2));
  assert(seeded.includes("random"));
  assertNotEquals(await counters(["random"], 1), await counters(["random"], 2));
});

/** The bare engine with a trace in it, to be advanced at will. */
function openEngine(trace: Trace, touch: TouchOrder, capacityBlocks: number) {
  const { exports } = new WebAssembly.Instance(engineModule());
  const engine = exports as unknown as Record<string, (...args: number[]) => number>;
  const memory = exports.memory as WebAssembly.Memory;
  const place = (words: ArrayLike<number>) => {
    const address = engine.alloc(words.length * 4) >>> 0;
    new Uint32Array(memory.buffer, address, words.length).set(words);
    return address;
  };
  const { requests: { firstExtent, inputTokens }, extents: { firstBlock, blockCount } } = trace;
  const header = [trace.requestCount, firstBlock.length, trace.uniqueBlocks, trace.accesses];
  const columns = [firstExtent, firstBlock, blockCount, inputTokens].map(place);
  const opened = place([...header, trace.blockTokens, ...columns, 0]);
  const run = engine.alloc(RUN_BYTES) >>> 0;
  assertEquals(engine.openTrace(opened), 0);
  return (choice: Choice, slice: number): string => {
    new Uint8Array(memory.buffer, run, RUN_BYTES).fill(0);
    const head = [choice.entry.index, 0, capacityBlocks, touch, EngineChoice.Auto];
    new Uint32Array(memory.buffer, run, head.length).set(head);
    const values = new Float64Array(memory.buffer, run + RunField.PolicyParameters, 8);
    values.set(choice.values);
    assertEquals(engine.openRun(run), 0, choice.label);
    while (engine.advance(slice) > 0);
    assertEquals(engine.closeRun(), 0, choice.label);
    return new Uint8Array(memory.buffer, engine.result() >>> 0, RESULT_BYTES).toHex();
  };
}

Deno.test("the slices of a replay do not show, whatever their size", async () => {
  const trace = await openTrace(CONVERSATION, { limit: 400 });
  const { registry } = new Replayer(trace);
  for (const touch of [TouchOrder.RootFirst, TouchOrder.TailFirst]) {
    const replay = openEngine(trace, touch, 333);
    for (const { name } of registry.policies) {
      const choice = registry.policy(name);
      const whole = replay(choice, 2 ** 31);
      for (const slice of [1, 57, 4_096]) {
        assertEquals(replay(choice, slice), whole, `${name} in slices of ${slice}`);
      }
    }
  }
});

Deno.test("a request longer than a slice of the host is replayed in one piece", async () => {
  const builder = new TraceBuilder({ blockTokens: 16 });
  for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 200_000]] });
  const options = { policies: ["fifo", "lru", "optimal-demand"], capacities: ["150000"] };
  const { results } = await compare(await builder.build(), { ...options, touch: "root-first" });
  // A loop over more blocks than slots: FIFO and LRU never hit, the optimum once per slot and round.
  assertEquals(results.map(({ hits }) => hits), [0, 0, 300_000]);
});
