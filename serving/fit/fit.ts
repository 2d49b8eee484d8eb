/**
 * Robust fits of a few positive constants, and how good they are.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import { minimise } from "./minimise.ts";

/** One measured number beside what the fitted model says. */
export interface FitPoint {
  /** Which measurements it belongs to; empty when there is one kind. */
  readonly set: string;
  readonly label: string;
  /** What it is plotted over, such as tokens; in the unit of the fit. */
  readonly x: number;
  readonly observed: number;
  readonly predicted: number;
}

/** A constant with its relative uncertainty: one standard deviation over the value. */
export interface FittedConstant {
  readonly name: string;
  readonly value: number;
  /** Infinity when the data do not determine it. */
  readonly uncertainty: number;
}

/** How well constants describe measurements. Errors are shares of the observed value. */
export interface FitQuality {
  readonly points: readonly FitPoint[];
  /** Mean of |predicted − observed| ÷ observed. */
  readonly meanError: number;
  /** Share of the variance of the observed values that is explained; may be negative. */
  readonly r2: number;
  readonly worst: FitPoint;
}

/** A fit. */
export interface Fit extends FitQuality {
  readonly constants: readonly FittedConstant[];
  /** Mean error on points that a second fit did not see; absent with too few points. */
  readonly holdOut?: { readonly points: number; readonly meanError: number };
}

/** What is fitted: constants that are positive, points that have something observed. */
export interface FitTask<T> {
  /** For sentences, such as `products of A100 at TP 4`. */
  readonly name: string;
  readonly constants: readonly FitRange[];
  readonly points: readonly T[];
  /** Groups of points whose errors are told apart; one group when absent. */
  readonly set?: (point: T) => string;
  readonly label: (point: T) => string;
  readonly x: (point: T) => number;
  readonly observed: (point: T) => number;
  /** Predictions for points, in their order; simulations take them all at once. */
  readonly predict: (constants: readonly number[], points: readonly T[]) => readonly number[];
  /** Calls of `predict` at most; 1,200 when absent. */
  readonly evaluations?: number;
  /** Every how many points one is held out; 5 when absent, 0 holds none out. */
  readonly holdOutEvery?: number;
}

/** A constant to be found between bounds, from a start. All above 0. */
export interface FitRange {
  readonly name: string;
  readonly start: number;
  readonly min: number;
  readonly max: number;
}

/** Relative errors beyond this count linearly, not squared: outliers pull less. */
const HUBER = 0.15;

/**
 * Fits constants by Huber's loss on the logarithm of predicted ÷ observed.
 *
 * A point held out of every five checks the fit: the error on those after fitting on the rest.
 *
 * @throws {CalibrationError} With too few points, or if the fit explains nothing.
 */
export function fit<T>(task: FitTask<T>): Fit {
  checkPoints(task);
  const found = solve(task, task.points);
  const quality = qualityOf(task, found);
  checkExplains(task, quality);
  const every = task.holdOutEvery ?? 5;
  const held = (index: number) => every > 0 && index % every === every - 1;
  const seen = task.points.filter((_, index) => !held(index));
  const unseen = task.points.filter((_, index) => held(index));
  const enough = unseen.length > 0 && seen.length > task.constants.length;
  const holdOut = enough
    ? {
      points: unseen.length,
      meanError: qualityOf({ ...task, points: unseen }, solve(task, seen)).meanError,
    }
    : undefined;
  const constants = uncertainties(task, found);
  return { ...quality, constants, ...(holdOut === undefined ? {} : { holdOut }) };
}

/** How well given constants describe points; for checks on data that no fit has seen. */
export function qualityOf<T>(task: FitTask<T>, constants: readonly number[]): FitQuality {
  const predicted = task.predict(constants, task.points);
  const points = task.points.map((point, index): FitPoint => ({
    set: task.set?.(point) ?? "",
    label: task.label(point),
    x: task.x(point),
    observed: task.observed(point),
    predicted: predicted[index],
  }));
  return summary(points);
}

/** Mean error, R² and worst point. */
export function summary(points: readonly FitPoint[]): FitQuality {
  const error = ({ observed, predicted }: FitPoint) => Math.abs(predicted / observed - 1);
  const mean = points.reduce((sum, { observed }) => sum + observed, 0) / points.length;
  let [total, left, errors] = [0, 0, 0];
  for (const point of points) {
    total += (point.observed - mean) ** 2;
    left += (point.observed - point.predicted) ** 2;
    errors += error(point);
  }
  const worst = points.reduce((worst, point) => error(point) > error(worst) ? point : worst);
  const r2 = total > 0 ? 1 - left / total : 0;
  return { points, meanError: errors / points.length, r2, worst };
}

/** Mean error of each set of points, in order of appearance. */
export function errorsBySet(points: readonly FitPoint[]): { set: string; meanError: number }[] {
  const sets = [...new Set(points.map(({ set }) => set))];
  return sets.map((set) => {
    const own = points.filter((point) => point.set === set);
    return { set, meanError: summary(own).meanError };
  });
}

/** Bounded constants as unbounded numbers: the logarithm, folded back at the bounds. */
function inside({ min, max }: FitRange, logarithm: number): number {
  return Math.min(max, Math.max(min, Math.exp(logarithm)));
}

function solve<T>(task: FitTask<T>, points: readonly T[]): number[] {
  const { constants } = task;
  const observed = points.map((point) => task.observed(point));
  const loss = (at: readonly number[]) => {
    const values = at.map((x, i) => inside(constants[i], x));
    // Beyond a bound nothing changes, so that a simplex would wander there.
    const beyond = at.reduce((sum, x, i) => sum + Math.abs(x - Math.log(values[i])), 0);
    const predicted = task.predict(values, points);
    let sum = 0;
    for (let i = 0; i < observed.length; i++) {
      sum += huber(Math.log(predicted[i] / observed[i]));
    }
    return sum / observed.length + beyond;
  };
  const start = constants.map(({ start }) => Math.log(start));
  const { at } = minimise(loss, start, 0.3, task.evaluations ?? 1_200);
  return at.map((x, i) => inside(constants[i], x));
}

function huber(residual: number): number {
  const size = Math.abs(residual);
  return size <= HUBER ? size * size / 2 : HUBER * (size - HUBER / 2);
}

function checkPoints<T>({ name, points, constants, observed, label }: FitTask<T>): void {
  const needed = constants.length + 2;
  if (points.length < needed) {
    throw new CalibrationError({
      code: "calibrate/too-few-points",
      message: `Cannot calibrate: ${name} has too few measurements`,
      found: `${points.length} for ${constants.length} constants`,
      expected: `${needed} or more`,
      mend: ["measure over more sizes, or for longer"],
    });
  }
  const wrong = points.find((point) => !(observed(point) > 0 && observed(point) < Infinity));
  if (wrong === undefined) return;
  throw new CalibrationError({
    code: "calibrate/not-positive",
    message: `Cannot calibrate: ${name} holds a time that is not above 0`,
    found: `${observed(wrong)} at ${label(wrong)}`,
    expected: "times above 0",
  });
}

/** Least share of the variance that a fit must explain, and the largest mean error. */
const R2_MIN = 0.2;
const ERROR_MAX = 0.5;

function checkExplains<T>(task: FitTask<T>, { r2, meanError, worst, points }: FitQuality): void {
  if (r2 >= R2_MIN && meanError <= ERROR_MAX) return;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  throw new CalibrationError({
    code: "calibrate/explains-nothing",
    message: `Cannot calibrate: the fit of ${task.name} explains nothing`,
    found: `R² ${r2.toFixed(3)}, mean error ${percent(meanError)}, worst at ${worst.label} ` +
      `(${worst.predicted.toPrecision(3)} for ${worst.observed.toPrecision(3)})`,
    expected: `R² of ${R2_MIN} or more and a mean error of ${percent(ERROR_MAX)} at most`,
    mend: [
      ...unitHint(points),
      "check that model, device and tensor parallelism are those of the measurements",
      "times that do not grow with what was measured cannot fix a constant: vary the sizes",
    ],
  });
}

/** When nearly all times are off by one large factor, the unit is another than it was taken for. */
function unitHint(points: readonly FitPoint[]): string[] {
  const ratios = points.map(({ observed, predicted }) => observed / predicted)
    .sort((a, b) => a - b);
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) =>
    ratios[Math.floor(share * (ratios.length - 1))]
  );
  const factor = middle > 1 ? middle : 1 / middle;
  const isOne = middle > 1 ? low > UNIT_FACTOR : high < 1 / UNIT_FACTOR;
  if (!isOne) return [];
  const direction = middle > 1 ? "longer" : "shorter";
  return [
    `measured times are some ${Math.round(factor)} times ${direction} than this device can take: ` +
    "check their unit (seconds, milliseconds, microseconds)",
  ];
}

/** No device is so many times faster or slower than its data sheet. */
const UNIT_FACTOR = 8;

/** One standard deviation of each constant's logarithm, from the curvature at the solution. */
function uncertainties<T>(task: FitTask<T>, values: readonly number[]): FittedConstant[] {
  const { constants, points } = task;
  const at = task.predict(values, points).map(Math.log);
  const step = 0.01;
  const slopes = values.map((_, i) => {
    const moved = values.map((value, j) => i === j ? value * Math.exp(step) : value);
    return task.predict(moved, points).map((p, k) => (Math.log(p) - at[k]) / step);
  });
  const free = Math.max(1, points.length - constants.length);
  const variance =
    points.reduce((sum, point, k) => sum + (at[k] - Math.log(task.observed(point))) ** 2, 0) / free;
  const inverse = inverted(slopes.map((a) => slopes.map((b) => dot(a, b))));
  return constants.map(({ name }, i) => {
    const spread = inverse === undefined ? Infinity : Math.sqrt(variance * inverse[i][i]);
    return { name, value: values[i], uncertainty: Number.isNaN(spread) ? Infinity : spread };
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

/** The inverse of a small matrix by elimination; `undefined` when it has none. */
function inverted(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => i === j ? 1 : 0)]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const head = rows[column][column];
    if (!(Math.abs(head) > 1e-12)) return undefined;
    rows[column] = rows[column].map((x) => x / head);
    for (let i = 0; i < size; i++) {
      const factor = rows[i][column];
      if (i !== column) rows[i] = rows[i].map((x, j) => x - factor * rows[column][j]);
    }
  }
  return rows.map((row) => row.slice(size));
}
