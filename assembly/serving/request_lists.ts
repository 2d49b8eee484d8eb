/**
 * Lists of requests, linked through their states. A request stands in one list of its replica, and
 * in one of promises: that of the decoder that keeps room for it, or those that wait for one.
 *
 * ```
 * ends of a list: | first u32 | last u32 |      links of a request: | before u32 | after u32 |
 * ```
 */
import { NONE } from "../abi_serving";
import { Requests, RequestState } from "./requests";

/** Which links of a request a list uses. */
export enum Pair {
  Place = offsetof<RequestState>("before"),
  Promise = offsetof<RequestState>("promisedBefore"),
}
const AFTER: usize = 4;

@final export class RequestLists {
  constructor(private readonly requests: Requests) {}

  @inline private at(request: u32, pair: Pair): usize {
    return changetype<usize>(this.requests.state(request)) + <usize>pair;
  }

  append(ends: usize, request: u32, pair: Pair): void {
    const last = load<u32>(ends, AFTER);
    const at = this.at(request, pair);
    store<u32>(at, last);
    store<u32>(at, NONE, AFTER);
    if (last == NONE) store<u32>(ends, request);
    else store<u32>(this.at(last, pair), request, AFTER);
    store<u32>(ends, request, AFTER);
  }

  prepend(ends: usize, request: u32, pair: Pair): void {
    const first = load<u32>(ends);
    const at = this.at(request, pair);
    store<u32>(at, NONE);
    store<u32>(at, first, AFTER);
    if (first == NONE) store<u32>(ends, request, AFTER);
    else store<u32>(this.at(first, pair), request);
    store<u32>(ends, request);
  }

  remove(ends: usize, request: u32, pair: Pair): void {
    const at = this.at(request, pair);
    const before = load<u32>(at);
    const after = load<u32>(at, AFTER);
    if (before == NONE) store<u32>(ends, after);
    else store<u32>(this.at(before, pair), after, AFTER);
    if (after == NONE) store<u32>(ends, before, AFTER);
    else store<u32>(this.at(after, pair), before);
  }
}
