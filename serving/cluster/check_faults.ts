/**
 * Faults of a scenario that break what is not there.
 *
 * @module
 */
import { didYouMean } from "../../errors/nearest.ts";
import type { Finding } from "../../scenario/findings.ts";
import { expandCluster } from "./expand.ts";
import { subjectsOf } from "./faults.ts";
import type { ClusterScenario } from "./scenario.ts";

/** Names do not depend on the size of a block. */
const BLOCK_TOKENS = 1;

/** Faults of what is not there. */
export function checkFaults(scenario: ClusterScenario): Finding[] {
  if (scenario.faults.length === 0) return [];
  const healthy = { ...scenario, faults: [] };
  const { replicas, links } = expandCluster(healthy, BLOCK_TOKENS);
  const { racks, nodesPerRack } = scenario;
  return scenario.faults.flatMap((fault, index): Finding[] => {
    if (subjectsOf(fault, scenario, replicas, links).length > 0) return [];
    const names = links.links.map(({ name }) => name);
    const hint = didYouMean(fault.subject, names);
    return [{
      path: ["cluster", "faults", index, fault.change],
      wrong: "is not in the cluster",
      code: "unknown-subject",
      found: `"${fault.subject}"`,
      expected: `rack 0 to ${racks - 1}, node 0 to ${racks * nodesPerRack - 1}, replica 0 to ` +
        `${replicas.length - 1}, or a link` +
        (names.length === 0 ? " (there is none)" : ` such as ${names[0]}`),
      mend: hint === undefined ? [] : [hint],
    }];
  });
}
