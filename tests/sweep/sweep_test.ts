/**
 * Sweeps: the same rows however they are run, and refusals that name what differs.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError, KvtierError } from "../../errors/errors.ts";
import { cellsCsv, cellsJson } from "../../sweep/export.ts";
import { loadSweep } from "../../sweep/grid.ts";
import { readSweep } from "../../sweep/results.ts";
import { sweep } from "../../sweep/sweep.ts";
import { compare } from "../../engine/compare.ts";
import { openTrace } from "../../traces/open.ts";
import { inFolder } from "../e2e/command.ts";
import { alter, jobWith, writeGrid, writeTrace } from "./grids.ts";

Deno.test("in this thread, with one worker or with two: same hash, same bytes", () =>
  inFolder(async (folder) => {
    const job = await loadSweep(await writeGrid(folder));
    const texts: string[] = [];
    for (const workers of [0, 1, 2]) {
      const out = `${folder}/${workers}`;
      const outcome = await sweep(job, { out, workers });
      assertEquals([outcome.cells, outcome.kept], [120, 0]);
      const results = await readSweep(out);
      assertEquals(results.resultHash, outcome.resultHash);
      assertEquals(
        results.cells.map(({ index }) => index),
        Array.from({ length: 120 }, (_, i) => i),
      );
      texts.push(cellsCsv(results) + cellsJson(results));
    }
    assertEquals(new Set(texts).size, 1);
  }));

Deno.test("a cell finds what a comparison finds", () =>
  inFolder(async (folder) => {
    await sweep(await loadSweep(await writeGrid(folder)), { out: folder, workers: 1 });
    const { cells } = await readSweep(folder);
    const trace = await openTrace(`${folder}/trace.jsonl`);
    for (const cell of cells) {
      const [policy, capacity, touch] = cell.settings as [string, string, "root-first"];
      const options = { policies: [policy], capacities: [capacity], touch, seed: cell.seed };
      const { results: [run] } = await compare(trace, options);
      const { metrics } = cell;
      assertEquals(metrics.hits, run.hits, JSON.stringify(cell.settings));
      assertEquals(metrics.prefixHits, run.prefixHits);
      assertEquals(metrics.capacityBlocks, run.capacityBlocks);
      assertEquals(metrics.prefixHitRatio, run.prefixHits / run.accesses);
      assertEquals(metrics.tokenHitRatio, run.hitTokens / run.inputTokens);
      assertEquals(metrics.requestHitRatioMean, run.requestHitRatioSum / run.requests);
    }
    assert(new Set(cells.map(({ metrics }) => metrics.hits)).size > 5, "the cells are all alike");
  }));

Deno.test("columns are shared with workers, in one buffer", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder, 1);
    await sweep(await jobWith(grid, "waits"), { out: folder, workers: 2 });
    for (const { metrics } of (await readSweep(folder)).cells) {
      assert(metrics.columns! >= 4);
      assertEquals(metrics.shared, metrics.columns);
      assertEquals(metrics.buffers, 1);
    }
  }));

Deno.test("stopped by a signal and resumed: same hash, and what was done stays", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder);
    const job = await jobWith(grid, "waits");
    const whole = await sweep(job, { out: `${folder}/whole`, workers: 2 });
    for (const workers of [0, 2]) {
      const out = `${folder}/stopped-${workers}`;
      const controller = new AbortController();
      const stopped = sweep(job, {
        out,
        workers,
        signal: controller.signal,
        onProgress: (done) => done > 30 && controller.abort(),
      });
      await assertRejects(() => stopped, DOMException, "aborted");
      const done = (await readSweep(out)).cells.length;
      assert(done > 30 && done < 120, `${done} cells`);
      const resumed = await sweep(job, { out, workers, resume: true });
      assertEquals(resumed.kept, done);
      assertEquals(resumed.resultHash, whole.resultHash);
    }
  }));

Deno.test("a cell that throws is named, in its own class, with one worker, two and none", () =>
  inFolder(async (folder) => {
    const job = await jobWith(await writeGrid(folder, 1), "throws");
    for (const workers of [0, 1, 2]) {
      const out = `${folder}/${workers}`;
      const error = await assertRejects(() => sweep(job, { out, workers }), KvtierError);
      assertEquals([error.name, error.code], ["EngineError", "engine/CapacityZero"]);
      const expected =
        /^Cannot run cell (4|5|12|13|20|21|28|29|36|37) \(.*trace\.jsonl, policy=\w+, capacity=8, touch=\w+-first, seed 1\): the tier cannot hold one block$/;
      assert(expected.test(error.message), error.message);
      assertEquals(error.problems[0].expected, "more room");
      assertEquals(error.place.file, `${folder}/grid.yaml`);
    }
  }));

Deno.test("a worker that dies is a bug of ours, with the cells that it had", () =>
  inFolder(async (folder) => {
    const job = await jobWith(await writeGrid(folder, 1), "dies");
    const error = await assertRejects(() => sweep(job, { out: folder, workers: 1 }), KvtierError);
    assertEquals(error.name, "EngineBug");
    assert(/^Cannot run one of cells 0-9: .*out of nowhere/.test(error.message), error.message);
  }));

Deno.test("results are not written over, and not resumed with another grid, trace or engine", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder, 1);
    const again = async (resume: boolean) =>
      await sweep(await loadSweep(grid), { out: folder, workers: 0, resume });
    const refused = async (code: string, resume = true) => {
      const error = await assertRejects(() => again(resume), FileError);
      assertEquals(error.problems.map((problem) => problem.code), [code]);
      assertEquals(error.place.file, `${folder}/results.sqlite`);
      return error;
    };
    await again(true);
    await refused("sweep/results-there", false);
    assertEquals((await again(true)).kept, 40);

    const text = await Deno.readTextFile(grid);
    await Deno.writeTextFile(grid, text.replace("50%", "60%"));
    await refused("sweep/other-grid");
    await Deno.writeTextFile(grid, text);

    await writeTrace(`${folder}/trace.jsonl`, 2);
    const { message } = await refused("sweep/other-trace");
    assert(message.includes(`${folder}/trace.jsonl`), message);
    await writeTrace(`${folder}/trace.jsonl`, 1);

    const engine = "SELECT value FROM manifest WHERE name = 'engineHash'";
    alter(folder, `UPDATE manifest SET value = '"0123"' WHERE value = (${engine})`);
    await refused("sweep/other-engine");
  }));

Deno.test("a first attempt that was refused leaves nothing in the way", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder, 1);
    await Deno.remove(`${folder}/trace.jsonl`);
    const run = async () => await sweep(await loadSweep(grid), { out: folder, workers: 1 });
    await assertRejects(run, FileError, "there is no such file");
    await writeTrace(`${folder}/trace.jsonl`);
    assertEquals((await run()).cells, 40);
  }));

Deno.test("a process killed before it made its tables leaves a file that is taken over", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/results.sqlite`, new Uint8Array());
    const job = await loadSweep(await writeGrid(folder, 1));
    assertEquals((await sweep(job, { out: folder, workers: 0, resume: true })).cells, 40);
  }));
