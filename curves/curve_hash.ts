/**
 * The fingerprint of curves: equal on every host, for every file name, with one worker or many.
 *
 * @module
 */
import type { Curve } from "./curve.ts";
import type { CeilingResult, CurveFacts, CurveResult } from "./result.ts";

/** SHA-256 (hex) over the facts and every point. */
export async function curveHash(result: Omit<CurveResult, "resultHash">): Promise<string> {
  const { at, sampling, curves, groups } = result;
  return await digest([
    ...factsOf(result),
    at ?? null,
    sampling === undefined ? null : [sampling.oneIn, sampling.samples],
    curves.map(curveOf),
    groups.map(({ by, name, requests, accesses, compulsoryMisses, curve }) => [
      ...[by, name, requests, accesses, compulsoryMisses],
      curveOf(curve),
    ]),
  ]);
}

/** SHA-256 (hex) over the facts and every row. */
export async function ceilingHash(result: Omit<CeilingResult, "resultHash">): Promise<string> {
  const rows = result.rows.map(({ capacityBlocks, optimal, online }) => [
    capacityBlocks,
    ...[optimal, ...online].map(({ policy, hits, prefixHits }) => [policy, hits, prefixHits]),
  ]);
  return await digest([...factsOf(result), rows]);
}

function factsOf(facts: Omit<CurveFacts, "resultHash">): readonly unknown[] {
  const { engine, trace, blockBytes, touch, seed, ceilingHits } = facts;
  return [engine.hash, engine.abiVersion, trace.hash, blockBytes ?? null, touch, seed, ceilingHits];
}

function curveOf({ policy, exact, points, prefixPoints, errorHits }: Curve): readonly unknown[] {
  return [policy, exact, points, prefixPoints, errorHits];
}

async function digest(content: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
