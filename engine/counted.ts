/**
 * Which requests of a run count: none that a model was, or could have been, trained on.
 *
 * @module
 */
import type { HierarchyScenario } from "../scenario/hierarchy.ts";

/** The requests from the start of a trace that models learn from, where a scenario says so. */
export function learnedFrom(
  { learn }: Pick<HierarchyScenario, "learn">,
  requests: number,
): { readonly learnRequests?: number } {
  return learn === undefined ? {} : { learnRequests: Math.floor(requests * learn.share) };
}

/**
 * The scenario with a warm-up that reaches to the end of what is learned from, whatever the
 * policies: so runs with and without `learned` count the same requests.
 */
export function counted(scenario: HierarchyScenario, requests: number): HierarchyScenario {
  const { learnRequests = 0 } = learnedFrom(scenario, requests);
  if (learnRequests <= scenario.warmupRequests) return scenario;
  return { ...scenario, warmupRequests: learnRequests };
}
