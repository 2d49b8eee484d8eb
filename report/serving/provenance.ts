/**
 * Where the constants of a simulation come from: which calibration, how well it fits, and which
 * numbers of the scenario it replaced.
 *
 * @module
 */
import { formatCount, formatPercent, sentenceList } from "../format.ts";
import type { CalibrationSource, FittedPart } from "./context.ts";
import type { ServingRun } from "./metric.ts";

/**
 * Says where constants come from, a paragraph for each source.
 *
 * @returns Nothing when no number of the scenario comes from a measurement.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingProvenance, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [first] = servingProvenance(servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context));
 * assertStringIncludes(first, "Calibration h100x4 (hand-made)");
 * ```
 */
export function servingProvenance({ context }: Pick<ServingRun, "context">): string[] {
  const { calibration, storeCalibration, calibrated = [] } = context;
  const ofStores = calibrated.filter((path) => path.startsWith(STORES));
  const others = calibrated.filter((path) => !path.startsWith(STORES));
  return [
    ...(calibration === undefined ? [] : [
      `Calibration ${calibration.name} (${calibration.source}) ${given(others)}.`,
      ...fitSentences(calibration),
    ]),
    ...(storeCalibration === undefined || ofStores.length === 0 ? [] : [
      `Calibration ${storeCalibration.name} (${storeCalibration.source}) ${given(ofStores)}.`,
    ]),
  ];
}

const STORES = "cluster.stores";

function given(paths: readonly string[]): string {
  return paths.length === 0 ? "gives times of steps" : `gives ${sentenceList(paths)}`;
}

/** How well each part fits, in one sentence. */
function fitSentences({ fits = [] }: CalibrationSource): string[] {
  if (fits.length === 0) return [];
  const parts = fits.map(fitted);
  return [`Mean errors of its fits: ${parts.join("; ")}.`];
}

function fitted({ of, file, points, meanError, heldOutError }: FittedPart): string {
  const heldOut = heldOutError === undefined ? "" : `, held out ${formatPercent(heldOutError)} %`;
  return `${of} ${formatPercent(meanError)} %${heldOut} (${formatCount(points)} points of ${file})`;
}
