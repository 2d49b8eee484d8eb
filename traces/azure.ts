/**
 * Azure LLM inference traces of 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`.
 *
 * Times are dates in UTC with up to seven fractional digits; 2024 adds the offset. Lengths only.
 *
 * @module
 */

import type { ReadContext } from "./context.ts";
import { readLengths } from "./length_table.ts";
import type { Trace } from "./trace.ts";

export function readAzure(context: ReadContext): Promise<Trace | undefined> {
  return readLengths(context, {
    format: "azure",
    columns: { time: "TIMESTAMP", input: "ContextTokens", output: "GeneratedTokens" },
    timeUnit: "s",
  });
}
