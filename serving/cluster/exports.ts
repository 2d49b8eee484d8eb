/**
 * What the library shows of clusters.
 *
 * @module
 */
export {
  arrivalEvidence,
  calibrationSource,
  clusterEvidence,
} from "../evidence/cluster_evidence.ts";
export { expandCluster, type ExpandOptions, type Expansion } from "./expand.ts";
export type { FleetDescription, FleetStoreDescription } from "./fleet.ts";
export * from "./load.ts";
export { clusterNotes } from "./notes.ts";
export * from "./offload.ts";
export * from "./scenario.ts";
export * from "./simulate.ts";
