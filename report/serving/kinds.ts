/**
 * Replicas, links and stores by kind: ten thousand GPUs have too many of each to list.
 *
 * @module
 */

import { isCounted } from "../../serving/evidence/counted.ts";
import type { LinkResult, ReplicaResult, ServingResult } from "../../engine/serving_result.ts";
import type { StoreResult } from "../../engine/serving_result.ts";
import { unnumbered } from "../../engine/unnumbered.ts";
import type { FleetGroup, ServingContext } from "./context.ts";

/** GPUs of one group, with what was found of each of their replicas. */
export interface GroupKind {
  readonly name: string;
  readonly group: FleetGroup;
  readonly gpus: number;
  readonly replicas: readonly ReplicaResult[];
  /** Requests whose prompt each of them computed last, or that it decoded. */
  readonly requests: readonly number[];
}

/** Links of one kind: unless the cluster says, those whose names differ in their numbers only. */
export interface LinkKind {
  readonly name: string;
  readonly links: readonly LinkResult[];
  /** Of each of them, among all links. */
  readonly indices: readonly number[];
}

/** Stores of one tier whose names differ in their numbers only. */
export interface StoreKind {
  readonly name: string;
  readonly tier: number;
  readonly stores: readonly StoreResult[];
  readonly capacityBlocks: number;
}

/** Everything by kind, in the order in which kinds first appear. */
export interface Kinds {
  readonly groups: readonly GroupKind[];
  readonly links: readonly LinkKind[];
  readonly stores: readonly StoreKind[];
}

/** Sorts a result into kinds. */
export function kindsOf(result: ServingResult, context: ServingContext): Kinds {
  return {
    groups: groupKinds(result, context),
    links: linkKinds(result),
    stores: storeKinds(result, context),
  };
}

function groupKinds(result: ServingResult, context: ServingContext): GroupKind[] {
  const { replicas, requests } = result;
  const { groups, groupOf } = context.fleet;
  const served = new Float64Array(replicas.length);
  const { replica, decoder } = requests;
  for (let row = 0; row < replica.length; row++) {
    if (!isCounted(result, row)) continue;
    if (replica[row] < served.length) served[replica[row]]++;
    if (decoder[row] < served.length && decoder[row] !== replica[row]) served[decoder[row]]++;
  }
  return groups.map((group, at) => {
    const own = [...replicas.keys()].filter((replica) => groupOf[replica] === at);
    return {
      name: group.name,
      group,
      gpus: own.length * group.gpusPerReplica,
      replicas: own.map((replica) => replicas[replica]),
      requests: own.map((replica) => served[replica]),
    };
  }).filter((kind) => kind.replicas.length > 0);
}

function linkKinds({ links }: ServingResult): LinkKind[] {
  return byName([...links.keys()], (at) => links[at].kind).map((indices) => ({
    // A thing by itself keeps its name.
    name: indices.length === 1 ? links[indices[0]].name : links[indices[0]].kind,
    links: indices.map((at) => links[at]),
    indices,
  }));
}

function storeKinds({ stores }: ServingResult, { spec }: ServingContext): StoreKind[] {
  const known = stores.map((store, at) => ({ store, blocks: spec.stores[at].blocks }));
  const kinds = byName(known, ({ store }) => `${store.tier} ${unnumbered(store.name)}`);
  return kinds.map((kind) => ({
    name: nameOf(kind.map(({ store }) => store)),
    tier: kind[0].store.tier,
    stores: kind.map(({ store }) => store),
    capacityBlocks: kind.reduce((sum, { blocks }) => sum + blocks, 0),
  })).sort((a, b) => a.tier - b.tier);
}

function byName<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[][] {
  const kinds = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item);
    const kind = kinds.get(name);
    if (kind === undefined) kinds.set(name, [item]);
    else kind.push(item);
  }
  return [...kinds.values()];
}

/** A thing by itself keeps its name. */
function nameOf(items: readonly { readonly name: string }[]): string {
  return items.length === 1 ? items[0].name : unnumbered(items[0].name);
}
