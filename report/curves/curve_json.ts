/**
 * Curves and ceilings as JSON: the envelope of `compare`, versioned, equal bytes for equal numbers.
 *
 * @module
 */
import type { Curve } from "../../curves/curve.ts";
import type { CeilingResult, CurveFacts, CurveResult } from "../../curves/result.ts";
import type { DocumentOptions } from "../json.ts";
import { traceDocument } from "../json_parts.ts";

/** Version of the JSON of `kvtier curve`; raised when a key changes its meaning or goes away. */
export const CURVE_SCHEMA = 1;

/** Version of the JSON of `kvtier ceiling`. */
export const CEILING_SCHEMA = 1;

/** The head of a document, as `compare` has it. */
function envelope(
  facts: CurveFacts,
  command: string,
  schema: number,
  { version }: DocumentOptions,
): Record<string, unknown> {
  const { trace, engine, blockBytes } = facts;
  return {
    command,
    version,
    schema,
    trace: traceDocument(trace),
    engine: { hash: engine.hash, abiVersion: engine.abiVersion },
    blockBytes: blockBytes ?? null,
    touch: facts.touch,
    seed: facts.seed,
    ceilingHits: facts.ceilingHits,
  };
}

/** The document of `kvtier curve` as a value: plain data with keys in their written order. */
export function curveDocument(
  result: CurveResult,
  options: DocumentOptions,
): Record<string, unknown> {
  const { at, sampling, curves, groups } = result;
  return {
    ...envelope(result, options.command ?? "curve", CURVE_SCHEMA, options),
    at: at === undefined ? null : [...at],
    sampling: sampling === undefined ? null : { oneIn: sampling.oneIn, samples: sampling.samples },
    curves: curves.map(curveOf),
    groups: groups.map(({ by, name, requests, accesses, compulsoryMisses, curve }) => ({
      by,
      name,
      requests,
      accesses,
      compulsoryMisses,
      curve: curveOf(curve),
    })),
    resultHash: result.resultHash,
  };
}

function curveOf(curve: Curve): Record<string, unknown> {
  return {
    policy: curve.policy,
    exact: curve.exact,
    points: curve.points,
    prefixPoints: curve.prefixPoints,
    errorHits: curve.errorHits === Infinity ? null : curve.errorHits,
  };
}

/** The document of `kvtier ceiling` as a value. */
export function ceilingDocument(
  result: CeilingResult,
  options: DocumentOptions,
): Record<string, unknown> {
  return {
    ...envelope(result, options.command ?? "ceiling", CEILING_SCHEMA, options),
    rows: result.rows.map(({ capacityBlocks, optimal, lru, best, online }) => ({
      capacityBlocks,
      compulsoryMisses: result.trace.accesses - result.ceilingHits,
      capacityMisses: result.ceilingHits - optimal.hits,
      optimal,
      best,
      lru,
      online,
    })),
    resultHash: result.resultHash,
  };
}

/**
 * Writes curves as JSON, indented by two, a point to a line, ending in a newline.
 *
 * The shape is `docs/schema/curve.v1.json`.
 *
 * @example
 * ```ts
 * import { curveJson, TraceBuilder, traceCurves } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 9]] });
 * const result = await traceCurves(await builder.build(), { at: ["5", "9"] });
 * const document = JSON.parse(curveJson(result, { version: "0.1.0" }));
 * assertEquals(document.curves[0].points, [[5, 10], [9, 18]]);
 * ```
 */
export function curveJson(result: CurveResult, options: DocumentOptions): string {
  return pairsInLine(JSON.stringify(curveDocument(result, options), null, 2));
}

/** Writes a ceiling as JSON; the shape is `docs/schema/ceiling.v1.json`. */
export function ceilingJson(result: CeilingResult, options: DocumentOptions): string {
  return `${JSON.stringify(ceilingDocument(result, options), null, 2)}\n`;
}

/** Two numbers of an array on one line; a text in quotes has no bare newline, so none is touched. */
function pairsInLine(json: string): string {
  return `${json.replace(/\[\n\s+(-?[\d.e+-]+),\n\s+(-?[\d.e+-]+)\n\s+\]/g, "[$1, $2]")}\n`;
}
