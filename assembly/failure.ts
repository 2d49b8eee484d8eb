/** The last refusal: a code and a place. The sentence is made on the host. */
import { ErrorCode, FAILURE_BYTES } from "./abi";
import { Failure } from "./layout";

/** Static, so that it is there even when memory is full. */
export const failure: Failure = changetype<Failure>(memory.data(FAILURE_BYTES, 8));

/** Records a refusal and gives its code back, for `return refuse(…)`. */
export function refuse(code: ErrorCode, index: u32 = 0, value: f64 = 0, limit: f64 = 0): ErrorCode {
  failure.code = code;
  failure.index = index;
  failure.value = value;
  failure.limit = limit;
  return code;
}
