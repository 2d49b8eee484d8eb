/**
 * Clusters whose parts do not fit together.
 *
 * @module
 */
import type { Finding } from "../../scenario/findings.ts";
import type { ClusterScenario } from "./scenario.ts";

/** What does not divide, or leads nowhere. */
export function checkShape(scenario: ClusterScenario): Finding[] {
  const { racks, nodesPerRack, gpusPerNode, tensorParallel: t, disaggregation } = scenario;
  const perRack = nodesPerRack * gpusPerNode;
  const findings: Finding[] = [];
  const whole = t <= gpusPerNode
    ? gpusPerNode % t === 0
    : t % gpusPerNode === 0 && perRack % t === 0;
  if (!whole) {
    findings.push({
      path: ["cluster", "tensorParallel"],
      wrong: "does not divide the devices",
      found: `${t} devices of a replica; ${gpusPerNode} of a node, ${perRack} of a rack`,
      expected: "a divisor of the devices of a node, or whole nodes of a rack",
    });
  } else if (disaggregation !== undefined && racks * perRack / t < 2) {
    findings.push({
      path: ["cluster", "disaggregation"],
      wrong: "needs two replicas or more",
      found: `${racks * perRack} devices, ${t} for each replica`,
    });
  }
  const missing = missingLink(scenario);
  if (missing !== undefined) {
    findings.push({
      path: ["cluster", "network", missing],
      wrong: "is missing",
      code: "missing",
      expected: 'a bandwidth such as "50 GB/s": the device gives none',
    });
  }
  return findings;
}

/** A link that KV would cross, and that has no bandwidth. */
function missingLink({ network, disaggregation, stores, peers }: ClusterScenario) {
  const crossesNics = disaggregation !== undefined ||
    stores.some(({ scope }) => scope !== "node") ||
    peers === "rack" || peers === "cluster";
  if (crossesNics && network.nicBytesPerSecond < 1) return "nic";
  if (peers === "island" && network.nvlinkBytesPerSecond < 1) return "nvlink";
  return undefined;
}
