/** How long prompts will take, from the step time alone: for those who must decide beforehand. */
import { StepTime } from "./step";

/**
 * Nanoseconds of steps of their own for the `tokens` behind `cached` ones, `budget` tokens a step,
 * with so many sequences that decode in the same steps and read so many tokens of context.
 */
export function promptNs(
  time: StepTime,
  budget: u32,
  cached: u32,
  tokens: u32,
  decoding: u32 = 0,
  context: f64 = 0,
): f64 {
  const whole = tokens / budget;
  const rest = tokens % budget;
  const attention = time.estimate;
  attention.clear();
  attention.addChunk(cached, tokens, time.windowTokens);
  // Decoding sequences read their contexts in every step.
  const steps = <f64>(whole + <u32>(rest > 0));
  const seen = min(context, <f64>decoding * <f64>time.windowTokens);
  attention.context = context * steps;
  attention.windowContext = seen * steps;
  const last = rest > 0 ? time.fixed(rest, decoding + 1) : 0;
  return <f64>whole * time.fixed(budget, decoding + 1) + last +
    time.ns(0, 0, attention) - time.fixed(0, 0);
}
