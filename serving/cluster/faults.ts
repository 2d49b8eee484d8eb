/**
 * What a fault of a scenario breaks: replicas and links.
 *
 * @module
 */
import type { FaultSpec } from "../../engine/serving_spec.ts";
import { nodesPerReplica, type Seat } from "./layout.ts";
import type { LinkTable } from "./links.ts";
import type { ClusterFault, ClusterScenario } from "./scenario.ts";

/** Faults of replicas and links, in order of time. */
export function placeFaults(
  scenario: ClusterScenario,
  replicas: readonly Seat[],
  table: LinkTable,
): FaultSpec[] {
  return scenario.faults.flatMap((fault) => {
    const { timeNs, change } = fault;
    const found = subjectsOf(fault, scenario, replicas, table);
    return found.map(({ kind, subject }): FaultSpec => ({
      timeNs,
      kind: `${kind}-${change}`,
      subject,
    }));
  });
}

/** A replica or a link, by its index. */
export interface Subject {
  readonly kind: "replica" | "link";
  readonly subject: number;
}

/** What a fault breaks or mends; nothing when there is no such thing. */
export function subjectsOf(
  { subject }: ClusterFault,
  scenario: ClusterScenario,
  replicas: readonly Seat[],
  table: LinkTable,
): Subject[] {
  const link = table.find(subject);
  if (link !== undefined) return [{ kind: "link", subject: link }];
  const match = /^(replica|node|rack) (\d{1,9})$/.exec(subject);
  if (match === null) return [];
  const number = Number(match[2]);
  const span = nodesPerReplica(scenario);
  return replicas.flatMap(({ node, rack }, index): Subject[] => {
    const hit = match[1] === "replica"
      ? index === number
      : match[1] === "rack"
      ? rack === number
      : node <= number && number < node + span;
    return hit ? [{ kind: "replica", subject: index }] : [];
  });
}
