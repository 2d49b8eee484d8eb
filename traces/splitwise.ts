/**
 * Splitwise-sim: `request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,
 * token_size`. Times in seconds; the application is the tenant. Lengths only.
 *
 * @module
 */

import type { ReadContext } from "./context.ts";
import { readLengths } from "./length_table.ts";
import type { Trace } from "./trace.ts";

export function readSplitwise(context: ReadContext): Promise<Trace | undefined> {
  return readLengths(context, {
    format: "splitwise",
    columns: {
      time: "arrival_timestamp",
      input: "prompt_size",
      output: "token_size",
      tenant: "application_id",
    },
    timeUnit: "s",
  });
}
