import { assert, assertAlmostEquals } from "@std/assert";
import { type ArrivalParameters, Arrivals } from "./arrivals.ts";
import { Random } from "./random.ts";

const NORMAL: ArrivalParameters = {
  arrivals: "poisson",
  ratePerSecond: 2,
  burstiness: 2,
  onNs: 20e9,
  offNs: 80e9,
  peakToTrough: 3,
  periodNs: 3600e9,
};

function times(changed: Partial<ArrivalParameters>, count = 200_000): number[] {
  const arrivals = new Arrivals({ ...NORMAL, ...changed }, new Random(1, "arrivals"));
  return Array.from({ length: count }, () => arrivals.next());
}

/** Arrivals per second, and the coefficient of variation of the gaps. */
function figures(list: number[]): { rate: number; cv: number } {
  const gaps = list.map((time, index) => time - (list[index - 1] ?? 0));
  const mean = list.at(-1)! / list.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return { rate: 1e9 / mean, cv: Math.sqrt(variance) / mean };
}

Deno.test("Arrivals: all processes have the mean rate, in whole nanoseconds", () => {
  for (const arrivals of ["poisson", "gamma", "on-off", "diurnal", "steady"] as const) {
    const list = times({ arrivals });
    assertAlmostEquals(figures(list).rate, 2, arrivals === "on-off" ? 0.12 : 0.03, arrivals);
    assert(
      list.every((time, index) => Number.isSafeInteger(time) && time >= (list[index - 1] ?? 0)),
    );
  }
});

Deno.test("Arrivals: the gaps vary as much as the process says", () => {
  assertAlmostEquals(figures(times({ arrivals: "poisson" })).cv, 1, 0.01);
  assertAlmostEquals(figures(times({ arrivals: "gamma", burstiness: 2 })).cv, 2, 0.04);
  assertAlmostEquals(figures(times({ arrivals: "gamma", burstiness: 0.5 })).cv, 0.5, 0.01);
  assertAlmostEquals(figures(times({ arrivals: "steady" })).cv, 0, 1e-9);
  // An interrupted Poisson process, by its second moment.
  assertAlmostEquals(figures(times({ arrivals: "on-off" })).cv, interruptedCv(), 1);
});

Deno.test("Arrivals: on-off comes in bursts of the rate that makes up for silence", () => {
  const list = times({ arrivals: "on-off" });
  const gaps = list.slice(1).map((time, index) => time - list[index]);
  // Five times the mean rate while on: most gaps have a mean of 0.1 s.
  const inside = gaps.filter((gap) => gap < 2e9);
  assertAlmostEquals(inside.reduce((sum, gap) => sum + gap, 0) / inside.length / 1e9, 0.1, 0.005);
  // A burst of 20 s holds 200 arrivals, so about one gap in 200 is a silence.
  const silent = gaps.filter((gap) => gap > 2e9).length / gaps.length;
  assertAlmostEquals(silent, 1 / 200, 0.0007);
});

Deno.test("Arrivals: diurnal has the ratio of peak to trough", () => {
  const list = times({ arrivals: "diurnal" });
  const bins = new Float64Array(12);
  for (const time of list) bins[Math.floor(time % NORMAL.periodNs / NORMAL.periodNs * 12)]++;
  // The bins around the peak (a quarter of the day) and the trough (three quarters).
  const ratio = (bins[2] + bins[3]) / (bins[8] + bins[9]);
  // Averaged over a sixth of the day, a swing of 0.5 is one of 0.5 sin(30°)/(π/6) = 0.477.
  assertAlmostEquals(ratio, 1.477 / 0.523, 0.1);
});

/**
 * Of an interrupted Poisson process with rate `r` while on: variance of the gap is
 * `1/r² + silences`, where the number of silences in a gap is geometric with ratio `p`.
 */
function interruptedCv(): number {
  const { ratePerSecond, onNs, offNs } = NORMAL;
  const on = onNs / 1e9;
  const off = offNs / 1e9;
  const rate = ratePerSecond * (on + off) / on;
  const p = 1 / (1 + rate * on);
  const silences = p / (1 - p);
  const variance = 1 / rate ** 2 + (silences + silences ** 2) * off ** 2 + silences * off ** 2;
  return Math.sqrt(variance) * ratePerSecond;
}
