/**
 * What moves where, in words and in order: links of the traffic matrix.
 *
 * @module
 */

import { CAUSES, type HierarchyResult } from "../../engine/hierarchy_result.ts";
import { visible } from "../format.ts";

/** One cell of the traffic matrix that is not empty. */
export interface Link {
  readonly cause: number;
  readonly source: number;
  readonly target: number;
  readonly bytes: number;
}

/** Name of a tier, or of the place after the last. */
export function placeName({ tiers }: HierarchyResult, place: number): string {
  return place === tiers.length ? "GPU" : visible(tiers[place].name);
}

/** Names of all places: the tiers, fastest first, and the GPU. */
export function placeNames(result: HierarchyResult): string[] {
  return Array.from({ length: result.tiers.length + 1 }, (_, place) => placeName(result, place));
}

/** All links that moved anything: by cause, source and target. */
export function links({ trafficBytes }: HierarchyResult): Link[] {
  return trafficBytes.flatMap((rows, cause) =>
    rows.flatMap((cells, source) =>
      cells.flatMap((bytes, target) => bytes > 0 ? [{ cause, source, target, bytes }] : [])
    )
  );
}

/** A line of the traffic matrix: a cause and a source. */
export interface MatrixRow {
  readonly cause: number;
  readonly source: number;
  readonly label: string;
}

/** The lines of the matrix that have a cell which is not empty, by cause and source. */
export function matrixRows(result: HierarchyResult): MatrixRow[] {
  const used = new Set(links(result).map(({ cause, source }) => `${cause} ${source}`));
  return CAUSES.flatMap((name, cause) =>
    Array.from({ length: result.tiers.length + 1 }, (_, source) => ({
      cause,
      source,
      label: `${name}: ${placeName(result, source)}`,
    }))
  ).filter(({ cause, source }) => used.has(`${cause} ${source}`));
}
