import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { CalibrationError, describe } from "../../errors/errors.ts";
import { fit, type FitTask, summary } from "./fit.ts";
import { minimise } from "./minimise.ts";

/** y = a·x + b with some noise that repeats. */
function line(observed: (x: number) => number, count = 40): FitTask<number> {
  return {
    name: "a line",
    constants: [
      { name: "a", start: 1, min: 1e-3, max: 1e6 },
      { name: "b", start: 1, min: 1e-3, max: 1e6 },
    ],
    points: Array.from({ length: count }, (_, i) => i + 1),
    label: (x) => `x ${x}`,
    x: (x) => x,
    observed,
    predict: ([a, b], points) => points.map((x) => a * x + b),
  };
}

const noise = (x: number) => 1 + 0.02 * Math.sin(12.9898 * x);

Deno.test("the simplex finds the bottom of a bent valley", () => {
  const valley = ([x, y]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  const { at, evaluations } = minimise(valley, [-1.2, 1], 0.5, 2_000);
  assertAlmostEquals(at[0], 1, 1e-3);
  assertAlmostEquals(at[1], 1, 1e-3);
  assert(evaluations < 2_100);
});

Deno.test("constants come back from noisy measurements, one outlier hardly moves them", () => {
  const outlier = (x: number) => (7 * x + 30) * noise(x) * (x === 20 ? 4 : 1);
  for (const observed of [(x: number) => (7 * x + 30) * noise(x), outlier]) {
    const { constants: [a, b], holdOut, r2 } = fit(line(observed));
    assertAlmostEquals(a.value, 7, 0.2);
    assertAlmostEquals(b.value, 30, 2);
    assert(a.uncertainty < 0.1 && r2 > 0.3);
    assertEquals(holdOut?.points, 8);
  }
});

Deno.test("what the data do not determine is said to be undetermined", () => {
  const task = line((x) => (7 * x + 30) * noise(x));
  const { constants } = fit({
    ...task,
    constants: [...task.constants, { name: "c", start: 1, min: 0.1, max: 10 }],
    predict: ([a, b, c], points) => points.map((x) => a * c * x + b),
  });
  assert(constants[0].uncertainty > 100 || constants[0].uncertainty === Infinity);
});

Deno.test("a fit that explains nothing is refused, and says why", () => {
  const noiseOnly = (x: number) => 50 * (1 + 0.6 * Math.sin(99 * x * x));
  const error = assertThrows(() => fit(line(noiseOnly)), CalibrationError, "explains nothing");
  const text = describe(error);
  for (const part of ["R²", "mean error", "worst at x", "vary the sizes"]) {
    assert(text.includes(part), text);
  }
  assertThrows(() => fit(line((x) => x, 3)), CalibrationError, "too few measurements");
  assertThrows(() => fit(line((x) => x - 5)), CalibrationError, "not above 0");
});

Deno.test("errors are shares of the observed value", () => {
  const point = (observed: number, predicted: number) => ({
    set: "",
    label: `${observed}`,
    x: 1,
    observed,
    predicted,
  });
  const { meanError, worst, r2 } = summary([point(10, 11), point(20, 16)]);
  assertAlmostEquals(meanError, 0.15);
  assertEquals(worst.label, "20");
  assertAlmostEquals(r2, 1 - 17 / 50);
});
