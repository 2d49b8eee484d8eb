/** What a kernel is given: the trace as columns, the tier's size, and how it will be driven. */
import { Admitter } from "../admission/admitter";
import { Accesses } from "../columns/trace";
import { TouchOrder } from "../abi";
import { Env } from "../policies/policy";

/**
 * Made once a run. An oracle gets root-first columns whatever the touch order, because a prefix
 * tree has one optimum for both; in tail-first order it is driven request by request.
 */
@final export class KernelInput {
  constructor(
    readonly env: Env,
    readonly accesses: Accesses,
    readonly touch: TouchOrder,
    readonly admitter: Admitter,
  ) {}
}
