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
  const n = <f64>tokens;
  const pairs = n * <f64>cached + n * (n + 1) * 0.5;
  let ns = <f64>whole * time.ns(budget, decoding + 1, 0, context) +
    time.ns(0, 0, pairs, 0) - time.ns(0, 0, 0, 0);
  if (rest > 0) ns += time.ns(rest, decoding + 1, 0, context);
  return ns;
}
