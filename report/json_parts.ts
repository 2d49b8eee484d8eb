/**
 * What the JSON of all reports is made of.
 *
 * @module
 */
import type { TraceSummary } from "../engine/result.ts";

/** The facts of a trace, keys in their written order. */
export function traceDocument(trace: TraceSummary): Record<string, unknown> {
  return {
    path: trace.path,
    format: trace.format,
    requests: trace.requests,
    accesses: trace.accesses,
    uniqueBlocks: trace.uniqueBlocks,
    blockTokens: trace.blockTokens,
    extents: trace.extents,
    hash: trace.hash,
    reuse: trace.reuse,
    notes: [...trace.notes],
  };
}
