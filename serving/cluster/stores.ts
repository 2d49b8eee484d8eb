/**
 * The stores of a fleet: one for each node, each rack, or one for all.
 *
 * @module
 */
import type { StoreSpec } from "../../engine/serving_spec.ts";
import { nodesPerReplica, type Seat } from "./layout.ts";
import type { LinkTable } from "./links.ts";
import type { ClusterScenario, ClusterStore } from "./scenario.ts";

/** All stores, and which of them each replica reads, fastest first. */
export interface PlacedStores {
  readonly stores: readonly StoreSpec[];
  readonly pathOf: (seat: Seat) => number[];
  /** How many there are of each store of the scenario; 0 for one that is left out. */
  readonly counts: readonly number[];
}

const REACH = { node: "local", rack: "network", cluster: "far" } as const;

/** Makes the stores and their links. */
export function placeStores(
  table: LinkTable,
  scenario: ClusterScenario,
  blockBytes: number,
): PlacedStores {
  const span = nodesPerReplica(scenario);
  const counts = scenario.stores.map((store) =>
    blocksOf(store, span, blockBytes) === 0 ? 0 : ownersOf(store, scenario, span)
  );
  const starts = counts.map((_, at) => counts.slice(0, at).reduce((sum, count) => sum + count, 0));
  const present = counts.flatMap((count, at) => count > 0 ? [at] : []);
  const stores = present.flatMap((tier) => {
    const store = scenario.stores[tier];
    const above = present[present.indexOf(tier) - 1];
    const next = present[present.indexOf(tier) + 1];
    const sinks = next !== undefined && scenario.stores[next].write === "overflow";
    // What overflows into a store without one above comes from HBM.
    const back = store.write === "back" || (store.write === "overflow" && above === undefined);
    return Array.from({ length: counts[tier] }, (_, owner): StoreSpec => {
      const { read, write } = linksOf(table, store, owner, span);
      return {
        name: storeName(store, owner),
        tier,
        blocks: blocksOf(store, span, blockBytes),
        writeThrough: store.write === "through",
        writeBack: back,
        eviction: store.eviction,
        linkRead: read,
        linkWrite: write,
        reach: REACH[store.scope],
        ...(sinks
          ? {
            below: starts[next] + lowerOwner(store, scenario.stores[next], owner, scenario, span),
          }
          : {}),
      };
    });
  });
  const pathOf = (seat: Seat) =>
    present.map((tier) => starts[tier] + ownerOf(scenario.stores[tier], seat, span));
  return { stores, pathOf, counts };
}

function blocksOf(
  { capacityBytes, scope }: ClusterStore,
  span: number,
  blockBytes: number,
): number {
  const whole = capacityBytes * (scope === "node" ? span : 1);
  return Math.min(2 ** 31 - 1, Math.floor(whole / blockBytes));
}

function ownersOf({ scope }: ClusterStore, scenario: ClusterScenario, span: number): number {
  const { racks, nodesPerRack } = scenario;
  return scope === "node" ? racks * nodesPerRack / span : scope === "rack" ? racks : 1;
}

/** The nodes of one replica have their stores together. */
function ownerOf({ scope }: ClusterStore, { node, rack }: Seat, span: number): number {
  return scope === "node" ? Math.floor(node / span) : scope === "rack" ? rack : 0;
}

function lowerOwner(
  upper: ClusterStore,
  lower: ClusterStore,
  owner: number,
  { nodesPerRack }: ClusterScenario,
  span: number,
): number {
  if (upper.scope === lower.scope) return owner;
  return lower.scope === "rack" ? Math.floor(owner * span / nodesPerRack) : 0;
}

function storeName({ name, scope }: ClusterStore, owner: number): string {
  return scope === "cluster" ? name : `${scope} ${owner} ${name}`;
}

function linksOf(table: LinkTable, store: ClusterStore, owner: number, span: number) {
  const width = store.scope === "node" ? span : 1;
  const name = storeName(store, owner);
  const { readBytesPerSecond, writeBytesPerSecond, readLatencyNs, writeLatencyNs } = store;
  return {
    read: table.add(`${name} read`, readBytesPerSecond * width, readLatencyNs)!,
    write: table.add(`${name} write`, writeBytesPerSecond * width, writeLatencyNs)!,
  };
}
