/**
 * Shards: who runs what, and that the parts make the whole or are refused.
 */
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { FileError, UsageError } from "../../errors/errors.ts";
import { cellsCsv } from "../../sweep/export.ts";
import { loadSweep } from "../../sweep/grid.ts";
import { mergeSweeps } from "../../sweep/merge.ts";
import { readSweep } from "../../sweep/results.ts";
import { parseShard, rangesText, shardFromEnvironment, shardRange } from "../../sweep/shard.ts";
import { shardFolder, sweep } from "../../sweep/sweep.ts";
import { inFolder, namesIn } from "../e2e/command.ts";
import { alter, runSweep, writeGrid, writeTrace } from "./grids.ts";

Deno.test("shards are disjoint and whole, and differ by one cell at most", () => {
  for (const cells of [0, 1, 7, 10, 10_000]) {
    for (const count of [1, 2, 3, 7, 11]) {
      const ranges = Array.from(
        { length: count },
        (_, i) => shardRange({ number: i + 1, of: count }, cells),
      );
      assertEquals(ranges[0].start, 0);
      assertEquals(ranges.at(-1)!.end, cells);
      ranges.slice(1).forEach(({ start }, i) => assertEquals(start, ranges[i].end));
      const sizes = ranges.map(({ start, end }) => end - start);
      assert(Math.max(...sizes) - Math.min(...sizes) <= 1, `${cells} in ${count}: ${sizes}`);
    }
  }
});

Deno.test("i/n is read, and nothing else", () => {
  assertEquals(parseShard("2/8"), { number: 2, of: 8 });
  for (const text of ["0/3", "4/3", "1/0", "1", "a/b", "1/2/3", "-1/2", "1.5/2", ""]) {
    assertThrows(() => parseShard(text), UsageError, "it is not i/n");
  }
});

Deno.test("the batch system names the shard", () => {
  const from = (variables: Record<string, string>, count?: number) =>
    shardFromEnvironment((name) => variables[name], count);
  const slurm = (id: string, more = {}) => ({ SLURM_ARRAY_TASK_ID: id, ...more });
  assertEquals(from({}), undefined);
  assertEquals(from(slurm("3", { SLURM_ARRAY_TASK_COUNT: "8", SLURM_ARRAY_TASK_MIN: "1" })), {
    number: 3,
    of: 8,
  });
  const fromZero = { SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_MAX: "7" };
  assertEquals(from(slurm("0", fromZero)), { number: 1, of: 8 });
  assertEquals(from(slurm("7", fromZero)), { number: 8, of: 8 });
  const stepped = { SLURM_ARRAY_TASK_MIN: "10", SLURM_ARRAY_TASK_MAX: "30" };
  assertEquals(from(slurm("20", { ...stepped, SLURM_ARRAY_TASK_STEP: "10" })), {
    number: 2,
    of: 3,
  });
  assertEquals(from({ JOB_COMPLETION_INDEX: "0" }, 4), { number: 1, of: 4 });
  assertEquals(from({ JOB_COMPLETION_INDEX: "3" }, 4), { number: 4, of: 4 });
  assertThrows(() => from({ JOB_COMPLETION_INDEX: "4" }, 4), UsageError, "contradict");
  assertThrows(() => from({ JOB_COMPLETION_INDEX: "1" }), UsageError, "how many shards");
  assertThrows(() => from(slurm("9", { SLURM_ARRAY_TASK_COUNT: "8" })), UsageError, "contradict");
  assertThrows(() => from(slurm("1")), UsageError, "SLURM_ARRAY_TASK_COUNT is not set");
  assertThrows(() => from(slurm("x")), UsageError, "not a whole number");
  const gap = {
    SLURM_ARRAY_TASK_MIN: "0",
    SLURM_ARRAY_TASK_COUNT: "4",
    SLURM_ARRAY_TASK_STEP: "2",
  };
  assertThrows(() => from(slurm("3", gap)), UsageError, "contradict");
});

Deno.test("ranges read well", () => {
  assertEquals(rangesText([0, 1, 2, 5, 7, 8]), "0-2, 5, 7-8");
  assertEquals(rangesText([]), "");
  assertEquals(rangesText([0, 2, 4, 6], 2), "0, 2 and 2 more ranges");
});

/** Runs some of three shards into a folder, and the whole beside. */
async function runShards(folder: string, numbers = [1, 2, 3]): Promise<string[]> {
  const job = await loadSweep(await writeGrid(folder));
  for (const number of numbers) {
    await sweep(job, { out: `${folder}/parts`, workers: 0, shard: { number, of: 3 } });
  }
  return numbers.map((number) => shardFolder(`${folder}/parts`, { number, of: 3 }));
}

Deno.test("three shards merged are the whole, in any order", () =>
  inFolder(async (folder) => {
    const [one, two, three] = await runShards(folder);
    const job = await loadSweep(`${folder}/grid.yaml`);
    const whole = await sweep(job, { out: `${folder}/whole`, workers: 1 });
    const merged = await mergeSweeps([three, one, two], `${folder}/merged`);
    assertEquals(merged.resultHash, whole.resultHash);
    assertEquals(merged.cells, 120);
    assertEquals(
      (await mergeSweeps([`${folder}/parts`], `${folder}/parts`)).resultHash,
      whole.resultHash,
    );
    for (const name of ["merged", "parts"]) {
      const results = await readSweep(`${folder}/${name}`);
      assertEquals(cellsCsv(results), cellsCsv(await readSweep(`${folder}/whole`)));
      assertEquals(results.manifest.shard, { number: 1, of: 1 });
    }
    assertEquals(await namesIn(`${folder}/merged`), ["results.sqlite"]);
    const resumed = await sweep(job, { out: `${folder}/merged`, workers: 0, resume: true });
    assertEquals([resumed.kept, resumed.resultHash], [120, whole.resultHash]);
  }));

/** What a merge that must be refused says; it must write nothing. */
async function refusal(folder: string, parts: readonly string[]): Promise<FileError> {
  const out = `${folder}/merged`;
  const error = await assertRejects(() => mergeSweeps(parts, out), FileError);
  assertEquals(await namesIn(out).catch(() => []), []);
  return error;
}

Deno.test("a gap is refused, with its cells", () =>
  inFolder(async (folder) => {
    const [one, two, three] = await runShards(folder);
    const without = await refusal(folder, [one, three]);
    assertEquals(without.code, "sweep/gap");
    assertMatch(without.problems[0].found!, /^no cells 40-79; shards 1\/3, 3\/3$/);
    alter(two, "DELETE FROM cells WHERE cell IN (44, 45, 50)");
    const holes = await refusal(folder, [one, two, three]);
    assertMatch(holes.problems[0].found!, /^no cells 44-45, 50; /);
  }));

Deno.test("an overlap is accepted where it agrees, and refused where it does not", () =>
  inFolder(async (folder) => {
    const parts = await runShards(folder);
    assertEquals((await mergeSweeps([...parts, parts[1]], `${folder}/twice`)).cells, 120);

    // A second run of shard 2 that found something else, written as a sweep would write it.
    await Deno.rename(parts[1], `${folder}/other`);
    await writeTrace(`${folder}/trace.jsonl`, 1);
    await runShards(folder, [2]);
    const honest = await readSweep(parts[1]);
    const { rowDigest } = await import("../../sweep/store.ts");
    const { SweepStore } = await import("../../sweep/store.ts");
    const store = await SweepStore.open(parts[1], false);
    const [row] = (await store.rows()).filter(({ index }) => index === 41);
    await store.write([{ ...row, metrics: row.metrics.replace(/"hits":\d+/, '"hits":999') }]);
    store.close(true);
    assert(await rowDigest(row) !== "", honest.resultHash);
    const error = await refusal(folder, [...parts, `${folder}/other`]);
    assertEquals(error.code, "sweep/overlap");
    assertMatch(error.problems[0].found!, /^cells 41 differ from .*shard-2-of-3/);
  }));

Deno.test("shards of another grid, engine, release or trace are refused, each by name", () =>
  inFolder(async (folder) => {
    const parts = await runShards(folder);
    const set = (name: string, value: string) =>
      alter(parts[2], `UPDATE manifest SET value = '${value}' WHERE name = '${name}'`);
    const { manifest } = await readSweep(parts[2]);
    for (
      const [name, code] of [
        ["gridHash", "sweep/other-grid"],
        ["engineHash", "sweep/other-engine"],
        ["version", "sweep/other-release"],
        ["specHash", "sweep/other-scenario"],
      ] as const
    ) {
      set(name, '"0"');
      const error = await refusal(folder, parts);
      assertEquals([error.code, error.problems.length], [code, 1]);
      assert(error.place.file!.includes("shard-3-of-3"));
      set(name, JSON.stringify(manifest[name]));
    }
    alter(parts[2], "UPDATE traces SET hash = '0'");
    assertEquals((await refusal(folder, parts)).code, "sweep/other-trace");
  }));

Deno.test("the command takes the shard from Slurm, and merges what it finds", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder, 1);
    const out = `${folder}/out`;
    for (const id of ["1", "2"]) {
      const slurm = { SLURM_ARRAY_TASK_ID: id, SLURM_ARRAY_TASK_COUNT: "2" };
      const { code, stdout, stderr } = await runSweep([grid, "-o", out, "--workers", "0"], slurm);
      assertEquals({ code, stdout }, { code: 0, stdout: "" }, stderr);
      assertMatch(stderr, new RegExp(`^shard ${id}/2: 20 cells in .*/shard-${id}-of-2, result`));
    }
    const { code, stdout, stderr } = await runSweep(["merge", out]);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /40 of 40 cells/);
    const again = await runSweep(["merge", out]);
    assertEquals(again.code, 1);
    assertMatch(again.stderr, /there are results already/);
  }));
