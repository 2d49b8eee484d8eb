/**
 * What a serving simulation takes for granted where the trace does not say.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";

/** One sentence each; empty when nothing had to be assumed. */
export function servingNotes(trace: Trace, unfinished: number): string[] {
  const { arrivalNs, outputTokens } = trace.requests;
  const notes: string[] = [];
  if (arrivalNs === undefined) {
    notes.push("the trace has no arrival times: all requests arrive at time 0 (offline)");
  }
  if (outputTokens === undefined) {
    notes.push("the trace has no output lengths: every answer has the default length");
  }
  const empty = outputTokens?.reduce((sum, tokens) => sum + Number(tokens === 0), 0) ?? 0;
  const mute = trace.requests.inputTokens.reduce((sum, tokens) => sum + Number(tokens === 0), 0);
  if (mute > 0) notes.push(`${mute} prompts of 0 tokens were taken to have 1`);
  if (empty > 0) notes.push(`${empty} answers of 0 tokens were taken to have 1`);
  if (unfinished > 0) {
    notes.push(`${unfinished} requests wait for ever: what broke was not mended`);
  }
  return notes;
}
