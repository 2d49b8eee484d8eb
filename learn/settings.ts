/**
 * What the trainer was asked for, checked and completed.
 *
 * @module
 */
import type { Touch } from "../engine/result.ts";
import { EngineError, UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Trace } from "../traces/trace.ts";
import { FEATURE_NAMES } from "./features.ts";
import type { BoostOptions } from "./gbdt.ts";

/** How to train; everything but the capacity has a default. */
export interface LearnOptions {
  /** The tier that the model will serve, in blocks: it sets the horizons. */
  readonly capacityBlocks: number;
  /** Part of the requests that is learned from, above 0 and below 1. Default 0.3. */
  readonly learnShare?: number;
  /** Default `tail-first`. */
  readonly touch?: Touch;
  /** Rows to train on, about. Default 200,000. */
  readonly rows?: number;
  /** Horizons to try, in capacities. Default 0.5, 1, 2 and 4. */
  readonly horizons?: readonly number[];
  /** Features left out. Default `lifetime`, which does not hold beyond what was learned from. */
  readonly without?: readonly string[];
  /** Small trees with many rows a leaf by default: 8 leaves, 500 rows, at most 60 trees. */
  readonly boost?: Omit<BoostOptions, "objective">;
  /** A non-negative safe integer. Default 42. */
  readonly seed?: number;
  /** Another build of the engine. */
  readonly module?: WebAssembly.Module;
}

/** Options with their defaults, and what follows from them. */
export interface Settings extends Required<Omit<LearnOptions, "module" | "boost">> {
  readonly boost: BoostOptions;
  /** Places of the features left out. */
  readonly dropped: readonly number[];
  readonly learnRequests: number;
  readonly fitRequests: number;
  readonly module?: WebAssembly.Module;
}

const BOOST: BoostOptions = { trees: 60, maxLeaves: 8, minLeafRows: 500, patience: 10 };
const HORIZONS = [0.5, 1, 2, 4];
/** Part of the beginning that candidates are fitted on. */
const FIT_SHARE = 0.7;
/** Fewer rows than this say nothing. */
export const ROWS_MIN = 200;

/** Checks the options and fills in the defaults. */
export function settle(trace: Trace, options: LearnOptions): Settings {
  const learnShare = options.learnShare ?? 0.3;
  const rows = options.rows ?? 200_000;
  const seed = options.seed ?? 42;
  const horizons = options.horizons ?? HORIZONS;
  const capacity = options.capacityBlocks;
  const isRoom = Number.isInteger(capacity) && capacity >= 1 && capacity < 2 ** 31;
  const areHorizons = horizons.length > 0 && horizons.every((times) => times > 0);
  const checks: [string, number | string, boolean, string][] = [
    ["capacityBlocks", capacity, isRoom, "a whole number of blocks, 1 or more"],
    ["horizons", horizons.join(", "), areHorizons, "one or more multiples of the capacity above 0"],
    ["learnShare", learnShare, learnShare > 0 && learnShare < 1, "a number between 0 and 1"],
    ["rows", rows, rows >= ROWS_MIN && rows <= 1e8, `${ROWS_MIN} to 100,000,000 rows`],
    ["seed", seed, Number.isSafeInteger(seed) && seed >= 0, "a whole number, 0 or more"],
  ];
  const wrong = checks.find(([, , isRight]) => !isRight);
  if (wrong !== undefined) {
    throw new UsageError({
      code: "usage/learn-option",
      message: `Cannot train: ${wrong[0]} is out of range`,
      found: String(wrong[1]),
      expected: wrong[3],
    });
  }
  const learnRequests = Math.floor(trace.requestCount * learnShare);
  const fitRequests = Math.floor(learnRequests * FIT_SHARE);
  if (fitRequests < 1 || fitRequests === learnRequests) throw tooShort(0);
  const without = options.without ?? ["lifetime"];
  return {
    ...options,
    learnShare,
    rows,
    seed,
    without,
    touch: options.touch ?? "tail-first",
    horizons,
    boost: { ...BOOST, seed, ...options.boost },
    dropped: without.map(placeOf),
    learnRequests,
    fitRequests,
  };
}

function placeOf(name: string): number {
  const place = FEATURE_NAMES.indexOf(name);
  if (place >= 0) return place;
  const hint = didYouMean(name, FEATURE_NAMES);
  throw new UsageError({
    code: "usage/unknown-feature",
    message: `Cannot train: "${name}" is not a feature`,
    expected: FEATURE_NAMES.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}

/** The refusal of a beginning that is too short. */
export function tooShort(rows: number): EngineError {
  return new EngineError({
    code: "engine/nothing-to-learn",
    message: "Cannot train: the beginning of the trace is too short to learn from",
    found: `${rows} rows`,
    expected: `${ROWS_MIN} or more`,
    mend: ["learn from a larger part of the trace", "or take lru: it needs no training"],
  });
}
