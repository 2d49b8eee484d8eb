/** A runner that gives back what it was asked to run, to see that each cell gets its own. */
import type { HierarchyScenario } from "../../../scenario/hierarchy.ts";
import type { RunnerFactory } from "../../../sweep/runner.ts";

export const createRunner: RunnerFactory = () => (spec, trace) => {
  const { seed, tiers, name } = spec as unknown as HierarchyScenario;
  return {
    seed,
    named: name.length,
    requests: trace.requestCount,
    ...Object.fromEntries(tiers.map(({ name, capacityBytes }) => [name, capacityBytes])),
    policies: tiers.filter(({ policy }) => policy === "arc").length,
  };
};
