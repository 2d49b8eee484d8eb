/**
 * What the library shows of clusters.
 *
 * @module
 */
export { expandCluster, type ExpandOptions, type Expansion } from "./expand.ts";
export type { FleetDescription, FleetStoreDescription } from "./fleet.ts";
export * from "./load.ts";
export * from "./offload.ts";
export * from "./scenario.ts";
export * from "./simulate.ts";
