/**
 * BurstGPT: `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type`, and in later
 * releases `Session ID` and `Elapsed time`. Times in seconds.
 *
 * Requests without response tokens failed; they are left out unless `dropFailed` is false.
 *
 * @module
 */

import type { ReadContext } from "./context.ts";
import { readLengths } from "./length_table.ts";
import type { Trace } from "./trace.ts";

export function readBurstgpt(context: ReadContext): Promise<Trace | undefined> {
  return readLengths(context, {
    format: "burstgpt",
    columns: {
      time: "Timestamp",
      input: "Request tokens",
      output: "Response tokens",
      session: "Session ID",
      tenant: "Model",
      api: "Elapsed time",
    },
    timeUnit: "s",
    zeroOutputFails: true,
  });
}
