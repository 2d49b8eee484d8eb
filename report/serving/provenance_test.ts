import { assertEquals, assertMatch } from "@std/assert";
import { EXAMPLE_SERVING } from "./example.ts";
import type { ServingContext } from "./context.ts";
import { servingDocument } from "./json.ts";
import { servingProvenance } from "./provenance.ts";
import { servingRun } from "./metric.ts";
import { residualGroups } from "./residuals_text.ts";
import { servingText } from "./text.ts";

const { result, context } = EXAMPLE_SERVING;
const told = (more: Partial<ServingContext>) =>
  servingRun(result, { ...context, ...more } as ServingContext);

const CALIBRATED = {
  calibration: {
    ...context.calibration!,
    fits: [{ of: "whole steps", file: "s.csv", points: 95, meanError: 0.031, heldOutError: 0.04 }],
  },
  storeCalibration: { name: "pool", source: "fio" },
  calibrated: ["cluster.compute.flops", "cluster.compute.perStep", "cluster.stores[0].readLatency"],
};

Deno.test("reports say which numbers a calibration gave, and how well it fits", () => {
  const run = told(CALIBRATED);
  assertEquals(servingProvenance(run), [
    "Calibration h100x4 (hand-made) gives cluster.compute.flops and cluster.compute.perStep.",
    "Mean errors of its fits: whole steps 3.1 %, held out 4.0 % (95 points of s.csv).",
    "Calibration pool (fio) gives cluster.stores[0].readLatency.",
  ]);
  assertMatch(
    servingText(run),
    /Calibration pool \(fio\) gives cluster\.stores\[0\]\.readLatency\./,
  );
  const document = servingDocument(run, { version: "1" });
  assertEquals(document.calibrated, CALIBRATED.calibrated);
  assertEquals(document.storeCalibration, CALIBRATED.storeCalibration);
  assertEquals((document.calibration as { fits: unknown }).fits, CALIBRATED.calibration.fits);
});

Deno.test("without a calibration nothing is said of one", () => {
  const { calibration: _, ...bare } = context;
  assertEquals(servingProvenance(servingRun(result, bare)), []);
});

Deno.test("residuals: groups of like size, equal sizes together, the sign of the mean", () => {
  const points = Array.from({ length: 40 }, (_, at) => ({
    set: "",
    label: "",
    x: Math.floor(at / 4),
    observed: 100,
    predicted: at < 20 ? 90 : 130,
  }));
  const groups = residualGroups(points);
  assertEquals(groups.reduce((sum, { points }) => sum + points, 0), 40);
  for (const [at, { from, to }] of groups.entries()) {
    if (at > 0) assertEquals(from, groups[at - 1].to + 1);
    assertEquals(from <= to, true);
  }
  assertEquals(groups[0].meanError.toFixed(2), "-0.10");
  assertEquals(groups.at(-1)!.meanError.toFixed(2), "0.30");
});
