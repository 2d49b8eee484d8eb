/**
 * Which requests count.
 *
 * @module
 */
import type { ServingResult } from "../../engine/serving_result.ts";

/** Whether a request arrived behind the warm-up. */
export function isCounted(
  { requests, countedFromNs }: Pick<ServingResult, "requests" | "countedFromNs">,
  row: number,
): boolean {
  return requests.arrivalNs[row] >= countedFromNs;
}
