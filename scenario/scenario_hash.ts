/**
 * The fingerprint of a scenario: equal for equal numbers, whatever file they came from.
 *
 * @module
 */
import type { HierarchyScenario } from "./hierarchy.ts";

/**
 * SHA-256 (hex) over every number and choice of a scenario, its calibration included; name and
 * description are for people and are left out.
 *
 * @example
 * ```ts
 * import { parseRunScenario, scenarioHash } from "kvtier";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const yaml = "model: llama-3.1-8b\ntiers: [{ name: hbm, hardware: h100-sxm }]";
 * const hash = await scenarioHash(await parseRunScenario(yaml));
 * assertEquals(await scenarioHash(await parseRunScenario(`name: other\n${yaml}`)), hash);
 * const larger = await parseRunScenario(yaml, { set: ["seed=7"] });
 * assertNotEquals(await scenarioHash(larger), hash);
 * ```
 */
export async function scenarioHash(scenario: HierarchyScenario): Promise<string> {
  const { name: _name, description: _description, tiers, ...rest } = scenario;
  // A model is what it says, wherever its file lies.
  const content = {
    ...rest,
    tiers: tiers.map((tier) =>
      tier.model === undefined ? tier : { ...tier, model: tier.model.hash }
    ),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(sorted(content)));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Lists stay in order; keys are sorted, so that their order means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
