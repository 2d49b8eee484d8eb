/**
 * Requests for the reference engine, from a log and the trace of its prompts.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { LoggedRequest } from "../fit/request_log.ts";
import type { Trace } from "../../traces/trace.ts";
import type { EngineRequest } from "./served.ts";

/**
 * Joins a log with the trace of its prompts, row by row; without a trace all prompts are distinct.
 *
 * @throws {CalibrationError} If the trace is of other requests or of other blocks.
 */
export function engineRequests(
  log: readonly LoggedRequest[],
  blockTokens: number,
  trace: Trace | undefined,
  file: string,
): EngineRequest[] {
  if (trace !== undefined) checkTrace(log, blockTokens, trace, file);
  return log.map(({ arrivalNs, inputTokens, outputTokens }, row) => ({
    arrivalNs,
    promptTokens: inputTokens,
    outputTokens,
    blockKeys: trace === undefined
      ? []
      : blocksOf(trace, row).slice(0, Math.floor(inputTokens / blockTokens)),
  }));
}

/** Blocks of a request, root first. */
export function blocksOf({ requests, extents }: Trace, row: number): number[] {
  const blocks: number[] = [];
  for (let at = requests.firstExtent[row]; at < requests.firstExtent[row + 1]; at++) {
    for (let i = 0; i < extents.blockCount[at]; i++) blocks.push(extents.firstBlock[at] + i);
  }
  return blocks;
}

function checkTrace(
  log: readonly LoggedRequest[],
  blockTokens: number,
  trace: Trace,
  file: string,
): void {
  const refuse = (found: string, expected: string) =>
    new CalibrationError({
      code: "calibrate/other-trace",
      message: "Cannot calibrate: the trace is not that of the log",
      place: { file: trace.path },
      found,
      expected: `${expected}, as ${file} has`,
    });
  if (trace.blockTokens !== blockTokens) {
    throw refuse(`blocks of ${trace.blockTokens} tokens`, `blocks of ${blockTokens} tokens`);
  }
  if (trace.requestCount !== log.length) {
    throw refuse(`${trace.requestCount} requests`, `${log.length} requests`);
  }
  const other = log.findIndex(({ inputTokens }, row) =>
    inputTokens !== trace.requests.inputTokens[row]
  );
  if (other < 0) return;
  const found = `${trace.requests.inputTokens[other]} prompt tokens in request ${other + 1}`;
  throw refuse(found, `${log[other].inputTokens}`);
}
