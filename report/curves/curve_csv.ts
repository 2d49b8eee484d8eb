/**
 * Curves and ceilings as CSV (RFC 4180): a line per point, raw values.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { Curve, CurvePoint } from "../../curves/curve.ts";
import type { CeilingResult, CurveFacts, CurveResult } from "../../curves/result.ts";
import { ratio } from "../metric_values.ts";
import { shownHits } from "./shown.ts";

const LAST_COLUMNS = ["touch", "seed", "tracePath", "reuse", "traceHash"];
const HASH_COLUMNS = ["engineHash", "resultHash"];

/**
 * Writes curves as CSV: the points of each curve, of the whole trace and then of its parts.
 *
 * A line stands at every capacity at which block hits or prefix hits bend; what is not known there
 * is an empty field. Ratios are of the look-ups of the part. Lines end in CR LF.
 *
 * @example
 * ```ts
 * import { curveCsv, TraceBuilder, traceCurves } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 9]] });
 * const result = await traceCurves(await builder.build(), { at: ["5"] });
 * const [head, lru] = curveCsv(result).split("\r\n");
 * assertEquals(head.split(",").slice(3, 7), ["exact", "capacityBlocks", "hits", "prefixHits"]);
 * assertEquals(lru.split(",").slice(3, 7), ["true", "5", "10", "10"]);
 * ```
 */
export function curveCsv(result: CurveResult): string {
  const { trace: { accesses }, curves, groups } = result;
  const head = [
    ...["by", "part", "policy", "exact", "capacityBlocks", "hits", "prefixHits"],
    ...["blockHitRatio", "prefixHitRatio", "errorHits"],
    ...LAST_COLUMNS,
    ...HASH_COLUMNS,
  ];
  const whole = curves.flatMap((curve) => rowsOf("all", "all", curve, accesses, result));
  const parts = groups.flatMap((group) =>
    rowsOf(group.by, group.name, group.curve, group.accesses, result)
  );
  return written([head, ...whole, ...parts]);
}

type Field = string | number | boolean | null | undefined;

function rowsOf(
  by: string,
  part: string,
  curve: Curve,
  accesses: number,
  result: CurveFacts,
): Field[][] {
  const bends = [...curve.points, ...curve.prefixPoints].map(([blocks]) => blocks);
  const capacities = [...new Set(bends)].sort((a, b) => a - b);
  const errorHits = curve.errorHits === Infinity ? null : curve.errorHits;
  return capacities.map((blocks) => {
    const hits = valueAt(curve, curve.points, blocks);
    const prefixHits = valueAt(curve, curve.prefixPoints, blocks);
    const ratios = [hits, prefixHits].map((each) => ratio(each ?? NaN, accesses));
    return [
      ...[by, part, curve.policy, curve.exact, blocks, hits, prefixHits],
      ...ratios.map((each) => Number.isNaN(each) ? null : each),
      errorHits,
      ...provenance(result),
    ];
  });
}

/** Hits on an exact curve, or at a point of another. */
function valueAt(
  curve: Curve,
  points: readonly CurvePoint[],
  blocks: number,
): number | undefined {
  if (curve.exact) return shownHits(curve, points, blocks);
  return points.find(([capacity]) => capacity === blocks)?.[1];
}

/** Writes a ceiling as CSV: a line for each policy at each capacity, the optimum first. */
export function ceilingCsv(result: CeilingResult): string {
  const { trace: { accesses }, ceilingHits } = result;
  const head = [
    ...["policy", "capacityBlocks", "hits", "prefixHits", "blockHitRatio", "prefixHitRatio"],
    ...["ceilingHits", "compulsoryMisses", "capacityMisses"],
    ...LAST_COLUMNS,
    ...HASH_COLUMNS,
  ];
  const rows = result.rows.flatMap(({ capacityBlocks, optimal, online }) =>
    [optimal, ...online].map(({ policy, hits, prefixHits }): Field[] => [
      ...[policy, capacityBlocks, hits, prefixHits],
      ...[ratio(hits, accesses), ratio(prefixHits, accesses)],
      ...[ceilingHits, accesses - ceilingHits, ceilingHits - optimal.hits],
      ...provenance(result),
    ])
  );
  return written([head, ...rows]);
}

function provenance({ touch, seed, trace, engine, resultHash }: CurveFacts): Field[] {
  return [touch, seed, trace.path, trace.reuse, trace.hash, engine.hash, resultHash];
}

function written(rows: readonly (readonly Field[])[]): string {
  return stringify(rows.map((row) => row.map((field) => field ?? "")));
}
