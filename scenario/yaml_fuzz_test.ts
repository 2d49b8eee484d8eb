/**
 * Seeded mutations of scenarios: never a hang, never another error, always a place.
 */
import { assert } from "@std/assert";
import { KvtierError, ScenarioError } from "../errors/errors.ts";
import { parseGrid } from "./grid.ts";
import { parseRunScenario } from "./load_run.ts";

const SEED = Number(Deno.env.get("KVTIER_FUZZ_SEED") ?? 1);
const ROUNDS = Number(Deno.env.get("KVTIER_FUZZ_ROUNDS") ?? 400);

/** Mulberry32, so that a failure can be repeated from its seed. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ":",
  ": ",
  ",",
  "#",
  " # ",
  "- ",
  "\n",
  "\n  ",
  "\t",
  "'",
  '"',
  "|",
  ">",
  "&a ",
  "*a",
  "!!int ",
  "!x ",
  "? ",
  "---\n",
  "...\n",
  "<<: ",
  "null",
  "~",
  "true",
  ".inf",
  ".nan",
  "-1",
  "1e400",
  "0x10",
  "9".repeat(30),
  "1 ",
  "GiB",
  "\u0000",
  "\uFEFF",
  "\u2028",
  "\ud800",
  "é",
  "\\",
  "__proto__: 1\n",
  "constructor: {}\n",
  "tiers: *a\n",
  "a: &a [*a]\n",
  "%YAML 9\n",
  "{{{{",
  "]]]]",
];

function mutate(text: string, next: (below: number) => number): string {
  let result = text;
  for (let count = 1 + next(4); count > 0; count--) {
    const at = next(result.length + 1);
    const size = next(12);
    const piece = PIECES[next(PIECES.length)];
    const other = next(result.length + 1);
    switch (next(5)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + size);
        break;
      case 1:
        result = result.slice(0, at) + piece + result.slice(at);
        break;
      case 2:
        result = result.slice(0, at) + piece + result.slice(at + size);
        break;
      case 3:
        result = result.slice(0, at) + result.slice(other, other + 40) + result.slice(at);
        break;
      default:
        result = result.slice(0, at);
    }
  }
  return result;
}

/** What a reader makes of a text: nothing, or a refusal with a place. */
async function outcome(read: () => Promise<unknown>, what: string): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    assert(error instanceof ScenarioError, `${what}\n${(error as Error).stack}`);
    for (const { place, message } of error.problems) {
      const where = `${message} ${JSON.stringify(place)}\n${what}`;
      assert(place?.file !== undefined && /^Cannot (read|load) /.test(message), where);
      assert((place.line ?? 0) >= 1 && (place.column ?? 0) >= 1, where);
    }
    return false;
  }
}

Deno.test("mutated scenarios and grids are read or refused, with a place", async () => {
  const texts = [
    await Deno.readTextFile("configs/scenarios/which-tier/h100_dram_cxl_nvme.yaml"),
    await Deno.readTextFile("configs/scenarios/quantisation/dram_int4.yaml"),
    await Deno.readTextFile("configs/scenarios/lab/base_fp8_prefetch.yaml"),
  ];
  const grid = await Deno.readTextFile("configs/sweeps/regret_ablation.yaml");
  const next = random(SEED);
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const what = `seed ${SEED}, round ${round}`;
    const yaml = mutate(texts[next(texts.length)], next);
    if (await outcome(() => parseRunScenario(yaml), `${what}\n${yaml}`)) read++;
    const other = mutate(grid, next);
    await outcome(() => parseGrid(other), `${what}\n${other}`);
  }
  assert(read > 0 && read < ROUNDS, `${read} of ${ROUNDS} were read: the mutations do not bite`);
});

Deno.test("mutated settings are taken or refused", async () => {
  const yaml = await Deno.readTextFile("configs/scenarios/which-tier/h100_dram.yaml");
  const next = random(SEED + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const setting = mutate("tiers[dram].scheme.quantise=64 GB/s", next);
    try {
      await parseRunScenario(yaml, { set: [setting] });
    } catch (error) {
      assert(error instanceof KvtierError, `${setting}\n${(error as Error).stack}`);
      assert(error.place.file !== undefined, setting);
    }
  }
});

Deno.test("hostile texts are refused quickly", async () => {
  const lol = ["a0: &a0 [x]"];
  for (let at = 1; at < 30; at++) lol.push(`a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
  const texts = [
    lol.join("\n"),
    `tiers: &t [*t]\nmodel: x`,
    "a: &a {b: *a}\ntiers: *a",
    "[".repeat(50_000),
    "{a: ".repeat(50_000),
    "- ".repeat(20_000),
    "x".repeat(2 ** 21),
    `tiers: [{ name: a, capacity: "${"1".repeat(1000)} GiB" }]`,
    `tiers: [{ name: a, latency: "1 ${"/".repeat(50_000)} us" }]`,
    `tiers: [{ name: a, latency: "1${" ".repeat(50_000)}x" }]`,
    `"${"k".repeat(5000)}": 1`,
  ];
  for (const text of texts) {
    const read = await outcome(() => parseRunScenario(text), text.slice(0, 80));
    assert(!read, text.slice(0, 80));
  }
});
