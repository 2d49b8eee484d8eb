/** Exports one prefetcher, for tests that drive it from outside. AssemblyScript. */
import { take } from "../../assembly/arena";
import { Env } from "../../assembly/policies/policy";
import { NO_PLAN, Prefetcher } from "../../assembly/prefetch/prefetcher";
import { prefetchers } from "../../assembly/prefetch/registry";

const env = new Env();
const parameters = take(4 << 3);
const out = take(64 << 2);
let prefetcher: Prefetcher | null = null;

export function count(): u32 {
  return prefetchers.length;
}

export function nameAt(index: u32): usize {
  return changetype<usize>(prefetchers[index].name);
}

export function parametersAt(index: u32): usize {
  return changetype<usize>(prefetchers[index].parameters);
}

export function setParameter(index: u32, value: f64): void {
  store<f64>(parameters + (index << 3), value);
}

export function open(index: u32, blocks: u32): void {
  env.blocks = blocks;
  env.capacity = blocks;
  env.slots = blocks;
  prefetcher = prefetchers[index].make(env, parameters);
}

/** Room for the blocks of a request, which stays. */
export function room(blocks: u32): usize {
  return take(<usize>blocks << 2);
}

/** A request arrives; its blocks are at `column`, in the order of touching. */
export function arrive(
  request: u32,
  session: u32,
  nowNs: f64,
  column: usize,
  blocks: u32,
  tailFirst: bool,
): void {
  env.requestColumn = column;
  env.requestBlocks = blocks;
  env.tailFirst = tailFirst;
  prefetcher!.onArrival(request, session, <u64>nowNs);
}

/** When the plan of a request that ended is due; -1 for never. */
export function planNs(request: u32): f64 {
  const dueNs = prefetcher!.planNs(request);
  return dueNs == NO_PLAN ? -1 : <f64>dueNs;
}

export function plan(request: u32): u32 {
  return prefetcher!.plan(request);
}

export function planned(i: u32): u32 {
  return prefetcher!.planned(i);
}

export function begin(request: u32, session: u32): void {
  prefetcher!.onRequest(request, session);
}

/** Looks a block up; `out` then holds as many candidates as it says. */
export function lookup(block: u32, max: u32): u32 {
  prefetcher!.onLookup(block);
  const found = prefetcher!.candidates(block, out, max);
  env.now++;
  return found;
}

export function outAddress(): usize {
  return out;
}

export function end(): void {
  prefetcher!.onRequestEnd();
}
