/**
 * What a fault of a scenario breaks: replicas, links, and stores in nodes and racks that fail.
 *
 * @module
 */
import type { FaultSpec, ReplicaSpec, StoreSpec } from "../../engine/serving_spec.ts";
import { nodesPerReplica, type Seat } from "./layout.ts";
import type { LinkTable } from "./links.ts";
import type { ClusterFault, ClusterScenario } from "./scenario.ts";

/** All that breaks and is mended, in order of time. */
export function placeFaults(
  scenario: ClusterScenario,
  replicas: readonly ReplicaSpec[],
  stores: readonly StoreSpec[],
  table: LinkTable,
): FaultSpec[] {
  return scenario.faults.flatMap((fault) => {
    const { timeNs, change } = fault;
    const found = subjectsOf(fault, scenario, replicas, table);
    const broken = found.map(({ kind, subject }): FaultSpec => ({
      timeNs,
      kind: `${kind}-${change}`,
      subject,
    }));
    if (change === "up") return broken;
    // Nobody reads or writes these until their node is back: being emptied once is being away.
    const hit = found.flatMap(({ kind, subject }) => kind === "replica" ? [replicas[subject]] : []);
    const lost = lostStores(fault, hit, stores);
    return [
      ...broken,
      ...lost.map((subject): FaultSpec => ({ timeNs, kind: "store-lost", subject })),
    ];
  });
}

/** Stores that go down with a node (its own) or a rack (its own, and those of its nodes). */
function lostStores(
  { subject }: ClusterFault,
  replicas: readonly ReplicaSpec[],
  stores: readonly StoreSpec[],
): number[] {
  const reaches = subject.startsWith("node ")
    ? ["local"]
    : subject.startsWith("rack ")
    ? ["local", "network"]
    : [];
  const within = replicas.flatMap((replica) => replica.stores)
    .filter((store) => reaches.includes(stores[store].reach ?? "network"));
  return [...new Set(within)];
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
  replicas: readonly Pick<Seat, "node" | "rack">[],
  table: LinkTable,
): Subject[] {
  const match = /^(replica|node|rack) (\d{1,9})$/.exec(subject);
  if (match === null) {
    return linksOf(subject, table).map((link) => ({ kind: "link", subject: link }));
  }
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

/**
 * A link by its name, both directions by what their names share (`rack 0 spine 2`), all links of a
 * rack to spines (`rack 0 uplink`) or of them one way (`rack 0 out`), or all of a spine
 * (`spine 2`).
 */
function linksOf(subject: string, table: LinkTable): number[] {
  const exact = table.find(subject);
  if (exact !== undefined) return [exact];
  const both = ["in", "out", "read", "write"].flatMap((way) =>
    table.find(`${subject} ${way}`) ?? []
  );
  if (both.length > 0) return both;
  const spine = /^spine (\d{1,9})$/.exec(subject);
  const rack = /^rack (\d{1,9}) (uplink|in|out)$/.exec(subject);
  if (spine === null && rack === null) return [];
  return table.links.flatMap(({ name }, index) => {
    const found = /^rack (\d+)(?: spine (\d+))? (in|out)$/.exec(name);
    if (found === null) return [];
    const [, ofRack, ofSpine, way] = found;
    const hit = spine !== null
      ? ofSpine === spine[1]
      : ofRack === rack![1] && (rack![2] === "uplink" || way === rack![2]);
    return hit ? [index] : [];
  });
}
