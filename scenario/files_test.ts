import { assertEquals, assertRejects } from "@std/assert";
import { KvtierError } from "../errors/errors.ts";
import { nearestPaths } from "../errors/nearest_file.ts";
import { loadNamed, readText } from "./files.ts";

async function mends(reading: Promise<unknown>): Promise<readonly string[]> {
  const error = await assertRejects(() => reading, KvtierError);
  return error.problems[0].mend ?? [];
}

Deno.test("a mistyped file is told the nearest one of its folder, however deep the slip", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/serving`);
    for (const name of ["rack.yaml", "fleet.yaml", "notes.txt"]) {
      await Deno.writeTextFile(`${folder}/serving/${name}`, "");
    }
    const hint = `did you mean "${folder}/serving/fleet.yaml"?`;
    for (const typed of ["serving/fleat.yaml", "servng/fleet.yaml", "serving/fleet"]) {
      assertEquals((await mends(readText(`${folder}/${typed}`, "scenario")))[0], hint, typed);
    }
    assertEquals((await mends(readText(`${folder}/serving/xyzzy.yaml`, "scenario"))).length, 1);
    const error = await assertRejects(() => readText(`${folder}/serving`, "grid"), KvtierError);
    assertEquals(error.problems[0].expected, "one of its files: fleet.yaml, rack.yaml");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a file that is nowhere near is looked for among the shipped ones", async () => {
  const cases = [
    ["scenario", "colocted.yaml", "configs/scenarios/serving/colocated.yaml"],
    ["grid", "nowhere/failurs.yaml", "configs/sweeps/serving/failures.yaml"],
    ["model", "nowhere/qwen3-32.yaml", "qwen3-32b"],
    ["hardware", "./h100.yaml", "h100-sxm"],
    ["calibration", "h100x8-llama-2-70.yaml", "h100x8-llama-2-70b"],
  ];
  for (const [what, typed, expected] of cases) {
    const [hint] = await mends(readText(typed, what));
    assertEquals(hint?.startsWith(`did you mean "${expected}"`), true, `${typed}: ${hint}`);
  }
  assertEquals(
    (await mends(loadNamed("calibrations", "h100x8-lama")))[0].includes("llama-2"),
    true,
  );
});

Deno.test("nearest paths exist, each of them", async () => {
  const tree: Record<string, string[]> = {
    ".": ["ab", "ac"],
    "ab/": ["x.yaml"],
    "ac/": ["y.yaml"],
  };
  const list = (folder: string) => Promise.resolve(tree[folder] ?? []);
  assertEquals(await nearestPaths("ad/x", list), ["ab/x.yaml", "ac/y.yaml"]);
  assertEquals(await nearestPaths("ab/z", list), ["ab/x.yaml"]);
  assertEquals(await nearestPaths("ab/x.yaml/deeper", list), []);
  assertEquals(await nearestPaths("elsewhere/x", list), []);
});
