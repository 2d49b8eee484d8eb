/**
 * Presets: other scales of the same run, never other physics.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Finding } from "./findings.ts";

/** The scales at which a scenario may be run. */
export type PresetName = "smoke" | "dev" | "prod";

/**
 * The preset of a name.
 *
 * @throws {UsageError} If there is none.
 */
export function checkPreset(name: string | undefined): PresetName | undefined {
  const names: readonly string[] = ["smoke", "dev", "prod"] satisfies PresetName[];
  if (name === undefined || names.includes(name)) return name as PresetName | undefined;
  const hint = didYouMean(name, names);
  throw new UsageError({
    code: "usage/preset",
    message: "Cannot read scenario: there is no such preset",
    found: `"${name}"`,
    expected: names.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}

/** A preset that the scenario lacks; `prod` is the scenario as written. */
export function presetMissing(
  presets: { readonly [name in PresetName]?: unknown } | undefined,
  preset: PresetName | undefined,
  expected: string,
): Finding[] {
  if (preset === undefined || preset === "prod" || presets?.[preset] !== undefined) return [];
  return [{ path: ["presets", preset], wrong: "is missing", code: "missing", expected }];
}

/** An unknown key of a preset that is known elsewhere would change what is simulated. */
export function physics(finding: Finding, keys: readonly string[]): Finding {
  const [first, , key] = finding.path;
  if (first !== "presets" || finding.code !== "unknown-key" || !keys.includes(String(key))) {
    return finding;
  }
  return {
    ...finding,
    wrong: "changes more than scale",
    code: "preset-physics",
    expected: `${finding.expected}: a preset changes scale, never physics`,
    mend: ["write another scenario, or use --set"],
  };
}
