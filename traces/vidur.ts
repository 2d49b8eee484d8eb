/**
 * Vidur: `arrived_at,num_prefill_tokens,num_decode_tokens`. Times in seconds. Lengths only.
 *
 * @module
 */

import type { ReadContext } from "./context.ts";
import { readLengths } from "./length_table.ts";
import type { Trace } from "./trace.ts";

export function readVidur(context: ReadContext): Promise<Trace | undefined> {
  return readLengths(context, {
    format: "vidur",
    columns: { time: "arrived_at", input: "num_prefill_tokens", output: "num_decode_tokens" },
    timeUnit: "s",
  });
}
