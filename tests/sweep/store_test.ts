/**
 * Stores that are damaged, foreign, missing or out of room: refused, with the place.
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { FileError } from "../../errors/errors.ts";
import { loadSweep } from "../../sweep/grid.ts";
import { readSweep } from "../../sweep/results.ts";
import { sweep } from "../../sweep/sweep.ts";
import { inFolder } from "../e2e/command.ts";
import { alter, runSweep, SWEEP, writeGrid } from "./grids.ts";

/** A finished sweep in a folder. */
async function finished(folder: string): Promise<string> {
  await sweep(await loadSweep(await writeGrid(folder)), { out: folder, workers: 0 });
  return `${folder}/results.sqlite`;
}

Deno.test("a flipped bit anywhere in the file is found, or does no harm", () =>
  inFolder(async (folder) => {
    const file = await finished(folder);
    const whole = await Deno.readFile(file);
    const { resultHash } = await readSweep(folder);
    let refused = 0;
    for (let at = 40; at < whole.length; at += 1931) {
      const bytes = whole.slice();
      bytes[at] ^= 0x10;
      await Deno.writeFile(file, bytes);
      try {
        assertEquals((await readSweep(folder)).resultHash, resultHash, `byte ${at}`);
      } catch (error) {
        assert(error instanceof FileError, `byte ${at}: ${error}`);
        assertEquals(error.place.file, file);
        refused++;
      }
    }
    assert(refused > 20, `${refused} refused`);
  }));

Deno.test("a changed row is named by its cell", () =>
  inFolder(async (folder) => {
    await finished(folder);
    alter(
      folder,
      `UPDATE cells SET metrics = replace(metrics, '"hits":', '"hits":1') WHERE cell = 77`,
    );
    const error = await assertRejects(() => readSweep(folder), FileError);
    assertEquals([error.code, error.place.key], ["sweep/damaged", "cell 77"]);
  }));

Deno.test("a broken page is named, for show and for resume", () =>
  inFolder(async (folder) => {
    const file = await finished(folder);
    const bytes = await Deno.readFile(file);
    const pages = bytes.length / 4096;
    for (let page = pages - 4; page < pages; page++) {
      bytes.fill(0xa5, page * 4096, page * 4096 + 64);
    }
    await Deno.writeFile(file, bytes);
    for (const args of [["show", folder], [`${folder}/grid.yaml`, "-o", folder, "--resume"]]) {
      const { code, stdout, stderr } = await runSweep(args);
      assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
      assertMatch(stderr, /Cannot read results: the file is damaged\n {2}--> .*results\.sqlite/);
      assertMatch(stderr, /malformed after cell \d+\n/);
    }
  }));

Deno.test("what is no store is said to be none", () =>
  inFolder(async (folder) => {
    const file = `${folder}/results.sqlite`;
    const code = async () => (await assertRejects(() => readSweep(folder), FileError)).code;
    assertEquals(await code(), "sweep/no-store");
    await Deno.writeTextFile(file, "no database at all, but long enough to be one".repeat(50));
    assertEquals(await code(), "sweep/damaged");
    await Deno.remove(file);
    const foreign = new DatabaseSync(file);
    foreign.exec("CREATE TABLE other (x)");
    foreign.close();
    assertEquals(await code(), "sweep/not-a-store");
    await Deno.remove(file);
    await finished(folder);
    alter(folder, "PRAGMA user_version = 2");
    assertEquals(await code(), "sweep/store-version");
    alter(folder, "PRAGMA user_version = 1; DELETE FROM manifest WHERE name = 'axes'");
    assertEquals(await code(), "sweep/damaged");
  }));

Deno.test({
  name: "a full disk is said to be full; the rest is run when there is room",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const grid = await writeGrid(folder, 20);
      const args = [grid, "--out", `${folder}/out`, "--workers", "1", "--resume"];
      // Blocks of 512 bytes in dash and of 1,024 in bash: no file grows beyond 100 or 200 KiB.
      const script = 'trap "" XFSZ; ulimit -f 200; exec "$@"';
      const limited = await new Deno.Command("sh", {
        args: ["-c", script, "sh", Deno.execPath(), ...SWEEP, ...args],
        env: { SLURM_ARRAY_TASK_ID: "", JOB_COMPLETION_INDEX: "" },
        stdout: "piped",
        stderr: "piped",
      }).output();
      const stderr = new TextDecoder().decode(limited.stderr);
      assertEquals(limited.code, 1, stderr);
      assertMatch(stderr, /Cannot write results: the disk is full[^]*results\.sqlite[^]*--resume/);
      const resumed = await runSweep(args);
      assertEquals(resumed.code, 0, resumed.stderr);
      const job = await loadSweep(grid);
      const whole = await sweep(job, { out: `${folder}/whole`, workers: 1 });
      assertEquals((await readSweep(`${folder}/out`)).resultHash, whole.resultHash);
    }),
});

Deno.test("a folder that cannot be made is named", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder, 1);
    const job = await loadSweep(grid);
    const error = await assertRejects(() => sweep(job, { out: grid, workers: 0 }), FileError);
    assertEquals([error.code, error.place.file], ["file/folder", grid]);
  }));
