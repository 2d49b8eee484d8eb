/**
 * Rows of the engine's samples: which link and which replica adds to which, and what they say at
 * the end.
 *
 * @module
 */
import { SAMPLES_BYTES, SamplesField } from "../assembly/abi_serving.ts";
import type { Memory } from "./memory.ts";
import type { LinkTimeline, RoleTimeline, Timeline } from "./serving_result.ts";
import type { LinkSpec, ReplicaSpec, ServingSpec } from "./serving_spec.ts";
import { unnumbered } from "./unnumbered.ts";

/** Links have rows of their own up to so many; of more, the largest kinds share one. */
const LINK_ROWS_MOST = 512;

/** Columns of a timeline begin this wide: 1,024 ns. */
const FIRST_WIDTH_BITS = 10;

/** Who adds to which row. */
export interface SampleRows {
  /** 0 when nobody asked for a timeline. */
  readonly count: number;
  /** Row of each link. */
  readonly ofLink: readonly number[];
  /** First of the two rows of each role: blocks in use, time in steps. */
  readonly ofRole: ReadonlyMap<ReplicaSpec["role"], number>;
}

/** Gives rows to links and roles. */
export function sampleRowsOf(spec: ServingSpec): SampleRows {
  if (spec.timelineColumns === 0) return { count: 0, ofLink: [], ofRole: new Map() };
  const groups = linkGroups(spec.links);
  const ofLink: number[] = [];
  groups.forEach((links, row) => links.forEach((link) => ofLink[link] = row));
  const roles = [...new Set(spec.replicas.map(({ role }) => role))];
  const ofRole = new Map(roles.map((role, at) => [role, groups.length + 2 * at]));
  return { count: groups.length + 2 * roles.length, ofLink, ofRole };
}

/** Indices of the links of each row, kind by kind. */
function linkGroups(links: readonly LinkSpec[]): number[][] {
  const kinds = Map.groupBy(links.keys(), (at) => links[at].kind ?? unnumbered(links[at].name));
  let room = LINK_ROWS_MOST - kinds.size;
  const alone = new Set<string>();
  for (const [kind, { length }] of [...kinds].sort(([, a], [, b]) => a.length - b.length)) {
    if (length - 1 > room) break;
    room -= length - 1;
    alone.add(kind);
  }
  return [...kinds].flatMap(([kind, links]) => alone.has(kind) ? links.map((at) => [at]) : [links]);
}

/** Lays an empty table of samples out; 0 when there are no rows. */
export function packSamples(
  memory: Memory,
  room: (bytes: number) => number,
  rows: number,
  columns: number,
): number {
  if (rows === 0) return 0;
  const at = room(SAMPLES_BYTES);
  memory.setU32(at + SamplesField.Table, room(8 * rows * columns));
  memory.setU32(at + SamplesField.Rows, rows);
  memory.setU32(at + SamplesField.Columns, columns);
  memory.setU32(at + SamplesField.WidthBits, FIRST_WIDTH_BITS);
  return at;
}

/** Reads the table of samples, as far as time came. */
export function readTimeline(
  memory: Memory,
  samples: number,
  rows: SampleRows,
  spec: ServingSpec,
  endNs: number,
): Timeline {
  const columnNs = 2 ** memory.u32(samples + SamplesField.WidthBits);
  const table = memory.u32(samples + SamplesField.Table);
  const columns = Math.max(1, Math.ceil(endNs / columnNs));
  const rowOf = (row: number) =>
    memory.floats(table + 8 * row * spec.timelineColumns, columns).slice();
  const links = Map.groupBy(rows.ofLink.keys(), (link) => rows.ofLink[link]);
  return {
    columnNs,
    links: [...links].map(([row, links]): LinkTimeline => ({
      kind: spec.links[links[0]].kind ?? unnumbered(spec.links[links[0]].name),
      links,
      carriedBytes: rowOf(row),
    })),
    roles: [...rows.ofRole].map(([role, row]): RoleTimeline => ({
      role,
      replicas: spec.replicas.filter((replica) => replica.role === role).length,
      heldBlockNs: rowOf(row),
      busyNs: rowOf(row + 1),
    })),
  };
}
