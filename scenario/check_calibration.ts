/**
 * Whether a calibration says something of the scenario that it is given to.
 *
 * @module
 */
import type { Calibration } from "./calibration_schema.ts";
import type { Finding } from "./findings.ts";
import { clash } from "./resolve_tier.ts";

/** What the scenario has that a calibration may speak of. */
export interface CalibratedParts {
  /** Names of its tiers or stores, as `tiers` of a calibration calls them. */
  readonly names: readonly string[];
  /** What one of them is called: `tier` or `store`. */
  readonly part: string;
  /** Key paths of the scenario that the calibration replaced. */
  readonly replaced: readonly string[];
  /** What a calibration must hold to replace anything here. */
  readonly usable: string;
}

/** Tiers that the scenario does not have, speeds that clash, and a calibration that does nothing. */
export function checkCalibration(
  calibration: Pick<Calibration, "tiers">,
  { names, part, replaced, usable }: CalibratedParts,
): Finding[] {
  const findings = Object.entries(calibration.tiers ?? {}).flatMap(([name, speeds]): Finding[] => {
    const path = ["tiers", name];
    const unknown: Finding = {
      path,
      wrong: `is not a ${part} of the scenario`,
      code: `unknown-${part}`,
      atKey: true,
      expected: names.length === 0 ? `no ${part}: the scenario has none` : names.join(", "),
    };
    return [
      ...(names.includes(name) ? [] : [unknown]),
      ...clash(path, speeds, "Bandwidth"),
      ...clash(path, speeds, "Latency"),
    ];
  });
  if (findings.length === 0 && replaced.length === 0) {
    findings.push({ path: [], wrong: "replaces no number of the scenario", expected: usable });
  }
  return findings;
}
