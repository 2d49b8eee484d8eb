/**
 * Fingerprints of scenarios and of what they gave.
 *
 * @module
 */
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import type { HierarchyResult } from "./hierarchy_result.ts";

/** JSON with sorted keys, so that the order in which fields were written does not matter. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(",")}}`;
}

/** SHA-256 (hex) of any data without functions. */
export async function hashOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonical(value));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The scenario without paths: a model is what it says, wherever it lies. */
export function withoutFiles(scenario: HierarchyScenario): unknown {
  const tiers = scenario.tiers.map(({ model, ...tier }) =>
    model === undefined ? tier : { ...tier, model: model.hash }
  );
  return { ...scenario, tiers };
}

/** SHA-256 (hex) over everything that was found, and over what it was found from. */
export function hierarchyResultHash(
  content: Omit<HierarchyResult, "hashes" | "resultHash">,
  hashes: HierarchyResult["hashes"],
): Promise<string> {
  return hashOf({ content, hashes });
}
