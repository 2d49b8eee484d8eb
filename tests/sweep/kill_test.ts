/**
 * Ten thousand small cells, killed without warning: nothing that was finished is lost, and the
 * result is that of an undisturbed run.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { cellsCsv } from "../../sweep/export.ts";
import { readSweep } from "../../sweep/results.ts";
import { inFolder } from "../e2e/command.ts";
import { runSweep, sweepProcess, writeTrace } from "./grids.ts";

async function writeLargeGrid(folder: string): Promise<string> {
  await writeTrace(`${folder}/a.jsonl`, 1, 12);
  await writeTrace(`${folder}/b.jsonl`, 2, 12);
  const file = `${folder}/grid.yaml`;
  const capacities = Array.from({ length: 25 }, (_, i) => i + 1);
  await Deno.writeTextFile(
    file,
    `traces: [a.jsonl, b.jsonl]
vary:
  policy: [lru, fifo, random, clock, sieve]
  capacity: [${capacities.join(", ")}]
  touch: [root-first, tail-first]
seeds: { from: 1, count: 20 }
`,
  );
  return file;
}

/** Cells in a store that somebody may be writing; 0 when there is none yet. */
function countCells(folder: string): number {
  try {
    const database = new DatabaseSync(`${folder}/results.sqlite`, { readOnly: true });
    try {
      return Number(database.prepare("SELECT count(*) AS cells FROM cells").get()?.cells);
    } finally {
      database.close();
    }
  } catch {
    return 0;
  }
}

/** Lets a sweep run until it has stored so many cells, and kills it. */
async function killAfter(cells: number, args: readonly string[], out: string): Promise<number> {
  const process = sweepProcess(args);
  const output = process.output();
  while (countCells(out) < cells) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill("SIGKILL");
  const { signal } = await output;
  assertEquals(signal, "SIGKILL", "it ended before it was killed");
  return countCells(out);
}

Deno.test({
  name: "10,000 cells killed twice and resumed: the hash and the bytes of an undisturbed run",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const grid = await writeLargeGrid(folder);
      const [whole, cut] = [`${folder}/whole`, `${folder}/cut`];
      const undisturbed = await runSweep([grid, "--out", whole, "--workers", "1"]);
      assertEquals(undisturbed.code, 0, undisturbed.stderr);

      const args = [grid, "--out", cut, "--workers", "2", "--resume"];
      const first = await killAfter(100, args, cut);
      const second = await killAfter(first + 100, args, cut);
      assert(second > first && second < 10_000, `${first}, then ${second} cells`);
      const resumed = await runSweep(args);
      assertEquals(resumed.code, 0, resumed.stderr);
      assertMatch(resumed.stderr, new RegExp(`10,000 cells in .*/cut \\(${second} were there\\)`));

      const [a, b] = [await readSweep(whole), await readSweep(cut)];
      assertEquals(a.cells.length, 10_000);
      assertEquals(b.resultHash, a.resultHash);
      assertEquals(cellsCsv(b), cellsCsv(a));
      assert(new Set(a.cells.map(({ metrics }) => metrics.hits)).size > 10);
    }),
});

Deno.test({
  name: "an interrupt ends a sweep in order: it says how to go on, and the rest can be run",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const grid = await writeLargeGrid(folder);
      for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
        const out = `${folder}/${signal}`;
        const process = sweepProcess([grid, "--out", out, "--workers", "2"]);
        const output = process.output();
        while (countCells(out) < 100) await new Promise((done) => setTimeout(done, 5));
        process.kill(signal);
        const { stderr, stdout, ...status } = await output;
        const said = new TextDecoder().decode(stderr);
        assertEquals(status.code, code, said);
        assertEquals(stdout.length, 0);
        const stored = countCells(out);
        assertMatch(said, /^stopped: [\d,]+ cells? stored in .*; --resume goes on from there\n$/);
        assert(
          said.replaceAll(",", "").includes(`stopped: ${stored} cells`),
          `${stored} cells; ${said}`,
        );
      }
    }),
});
