/**
 * Small grids, traces and jobs for tests of sweeps.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { loadSweep } from "../../sweep/grid.ts";
import type { SweepJob } from "../../sweep/job.ts";
import { numbersFrom } from "../support/traces.ts";

/** The command as a process of its own, with the permissions of the README. */
export const SWEEP: readonly string[] = [
  ...["run", "--quiet", "--allow-read", "--allow-write", "--allow-env"],
  new URL("./kvtier_sweep.ts", import.meta.url).pathname,
];

/** Starts the command; nothing of the batch system that runs the tests reaches it. */
export function sweepProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  const blank = {
    SLURM_ARRAY_TASK_ID: "",
    JOB_COMPLETION_INDEX: "",
    NO_COLOR: "1",
  };
  return new Deno.Command(Deno.execPath(), {
    args: [...SWEEP, ...args],
    env: { ...blank, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the command to its end. */
export async function runSweep(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await sweepProcess(args, env).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Writes a trace of random prefixes: small, and different for each seed. */
export async function writeTrace(path: string, seed = 1, requests = 30): Promise<void> {
  const next = numbersFrom(seed);
  const lines = Array.from({ length: requests }, (_, at) => {
    const length = 1 + next() % 6;
    const root = 100 * (next() % 4);
    const hash_ids = Array.from({ length }, (_, depth) => root + 10 * depth + next() % 2);
    return JSON.stringify({
      timestamp: at,
      input_length: 512 * length,
      output_length: 1,
      hash_ids,
    });
  });
  await Deno.writeTextFile(path, `${lines.join("\n")}\n`);
}

/** A grid over one small trace in a folder: 5 policies × 4 capacities × 2 orders × seeds. */
export async function writeGrid(folder: string, seeds = 3): Promise<string> {
  await writeTrace(`${folder}/trace.jsonl`);
  const grid = `${folder}/grid.yaml`;
  await Deno.writeTextFile(
    grid,
    `traces: [trace.jsonl]
vary:
  policy: [lru, fifo, random, arc, optimal]
  capacity: [2, 5, 8, 50%]
  touch: [root-first, tail-first]
seeds: { from: 1, count: ${seeds} }
`,
  );
  return grid;
}

/** The job of a grid, with a runner of `runners/` in place of its own. */
export async function jobWith(
  grid: string,
  runner: "throws" | "waits" | "dies",
): Promise<SweepJob> {
  const specifier = new URL(`./runners/${runner}.ts`, import.meta.url).href;
  const { createRunner } = await import(specifier);
  return { ...await loadSweep(grid), runner: { specifier, createRunner } };
}

/** Runs SQL on a store, as damage or another machine would. */
export function alter(folder: string, sql: string): void {
  const database = new DatabaseSync(`${folder}/results.sqlite`);
  database.exec(sql);
  database.close();
}
