/**
 * Shards: which part of a grid this process runs, from an option or from the batch system.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";

/** Part `number` of `of`; 1 of 1 is the whole. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** Cells from `start` up to, but without, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The whole grid. */
export const WHOLE: Shard = { number: 1, of: 1 };

/**
 * Reads `i/n`, counted from 1.
 *
 * @throws {UsageError} If it is anything else.
 */
export function parseShard(text: string): Shard {
  const match = /^\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*$/.exec(text);
  const [number, of] = match === null ? [NaN, NaN] : [Number(match[1]), Number(match[2])];
  if (number >= 1 && number <= of) return { number, of };
  throw new UsageError({
    code: "usage/shard",
    message: "Cannot choose shard: it is not i/n",
    found: `"${text}"`,
    expected: "a part and the number of parts, counted from 1, such as 2/8",
  });
}

/** Reads an environment variable; undefined when it is not set. */
export type Environment = (name: string) => string | undefined;

/**
 * The shard that a batch system gave to this process, if any.
 *
 * Slurm job arrays (`SLURM_ARRAY_TASK_ID` with `_MIN` and `_COUNT`, or `_MAX`) and indexed jobs of
 * Kubernetes (`JOB_COMPLETION_INDEX`, from 0, which does not know the number of its fellows).
 *
 * @param count Number of shards, when the batch system does not say it.
 * @throws {UsageError} If the variables contradict each other, or nothing gives the count.
 *
 * @example
 * ```ts
 * import { shardFromEnvironment } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const variables: Record<string, string> = {
 *   SLURM_ARRAY_TASK_ID: "4",
 *   SLURM_ARRAY_TASK_MIN: "2",
 *   SLURM_ARRAY_TASK_COUNT: "8",
 * };
 * assertEquals(shardFromEnvironment((name) => variables[name]), { number: 3, of: 8 });
 * ```
 */
export function shardFromEnvironment(read: Environment, count?: number): Shard | undefined {
  const slurm = whole(read, "SLURM_ARRAY_TASK_ID");
  if (slurm !== undefined) return slurmShard(read, slurm, count);
  const index = whole(read, "JOB_COMPLETION_INDEX");
  if (index === undefined) return undefined;
  if (count === undefined) {
    throw new UsageError({
      code: "usage/shard-count",
      message: "Cannot choose shard: JOB_COMPLETION_INDEX does not say how many shards there are",
      found: `JOB_COMPLETION_INDEX=${index}`,
      mend: ["add --shards N with the completions of the job, or --no-shard to run all of it"],
    });
  }
  return checked(index + 1, count, `JOB_COMPLETION_INDEX=${index} and --shards ${count}`);
}

function slurmShard(read: Environment, id: number, count: number | undefined): Shard {
  const min = whole(read, "SLURM_ARRAY_TASK_MIN") ?? 1;
  const max = whole(read, "SLURM_ARRAY_TASK_MAX");
  const step = whole(read, "SLURM_ARRAY_TASK_STEP") ?? 1;
  const ids = max === undefined ? undefined : Math.floor((max - min) / step) + 1;
  const of = count ?? whole(read, "SLURM_ARRAY_TASK_COUNT") ?? ids;
  if (of === undefined) {
    throw new UsageError({
      code: "usage/shard-count",
      message: "Cannot choose shard: SLURM_ARRAY_TASK_COUNT is not set",
      mend: ["add --shards N, or --no-shard to run all of it"],
    });
  }
  return checked((id - min) / step + 1, of, `SLURM_ARRAY_TASK_ID=${id}, from ${min} on, of ${of}`);
}

function checked(number: number, of: number, found: string): Shard {
  if (Number.isInteger(number) && number >= 1 && number <= of) return { number, of };
  throw new UsageError({
    code: "usage/shard-environment",
    message: "Cannot choose shard: the batch system's numbers contradict each other",
    found,
    expected: "task numbers that rise by one step, as many as there are shards",
    mend: ["name the shard with --shard i/n, or use --no-shard to run all of it"],
  });
}

function whole(read: Environment, name: string): number | undefined {
  const text = read(name);
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError({
    code: "usage/shard-environment",
    message: `Cannot choose shard: ${name} is not a whole number`,
    found: `"${text}"`,
  });
}

/** The cells of a shard: consecutive, so that neighbours share traces; sizes differ by 1 at most. */
export function shardRange({ number, of }: Shard, cells: number): Range {
  return { start: Math.floor((number - 1) * cells / of), end: Math.floor(number * cells / of) };
}

/** Sorted indices as ranges for people: `0-3, 7, 9-12`. */
export function rangesText(indices: readonly number[], shownMax = 10): string {
  const ranges: [number, number][] = [];
  for (const index of indices) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  const texts = ranges.slice(0, shownMax).map(([a, b]) => a === b ? `${a}` : `${a}-${b}`);
  const hidden = ranges.length - texts.length;
  return texts.join(", ") + (hidden > 0 ? ` and ${hidden} more ranges` : "");
}
