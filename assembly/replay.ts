/**
 * Loop 1, in access order: start reading here.
 *
 * A run is opened, advanced in slices, and closed. Each slice replays whole requests: the engine
 * answers with one byte per access, and `measure` turns the bytes into the named hit ratios.
 */
import { admitters } from "./admission/registry";
import {
  ADMISSION_PARAMETERS_MAX,
  EngineChoice,
  ErrorCode,
  POLICY_PARAMETERS_MAX,
  RESULT_BYTES,
  RUN_BYTES,
  RunField,
  TouchOrder,
} from "./abi";
import { rewind, setMark, take } from "./arena";
import { Accesses, accessesIn, linkUses } from "./columns/trace";
import { firstAccess, header, longestRequest } from "./columns/trace";
import { Engine } from "./engine";
import { refuse } from "./failure";
import { General } from "./general";
import { KernelInput } from "./kernels/kernel";
import { ResultHeader, RunHeader } from "./layout";
import { Columns, policies, PolicyEntry } from "./policies/registry";
import { Env } from "./policies/policy";

/** Most accesses of one slice (one request more may follow): V8 optimises between calls only. */
const SLICE_ACCESSES: u32 = 1 << 18;

export const result: ResultHeader = changetype<ResultHeader>(memory.data(RESULT_BYTES, 16));
/** The request of the host, kept in static memory because `rewind` drops the rest. */
const run: RunHeader = changetype<RunHeader>(memory.data(RUN_BYTES, 16));

let engine: Engine | null = null;
let request: u32 = 0;
let touchHits: u64 = 0;
/** Touched blocks that were missing, warm-up included: what the books must balance with. */
let touchMisses: u64 = 0;
/** What the engine had counted, and the blocks seen, when counting began. */
let insertionsBefore: u64 = 0;
let evictionsBefore: u64 = 0;
let bypassesBefore: u64 = 0;
let blocksBefore: u32 = 0;
/** Whether positions within a request run from its last block to its first. */
let reversed: bool = false;
/** u8 per access of the slice: what the look-up found, and (tail-first) what the touch found. */
let found: usize = 0;
let touched: usize = 0;

/** Prepares a run; the one before it is dropped. */
export function openRun(asked: RunHeader): ErrorCode {
  memory.copy(changetype<usize>(run), changetype<usize>(asked), RUN_BYTES);
  engine = null;
  rewind();
  const code = check();
  if (code != ErrorCode.None) {
    setMark();
    return code;
  }
  const entry = policies[run.policy];
  const kernel = choosesKernel(entry);
  // Columns outlive the run, so they are taken below the new mark.
  const oracle = kernel && entry.columns == Columns.Oracle;
  const accesses = accessesIn(oracle ? TouchOrder.RootFirst : run.touch);
  if (kernel ? entry.columns != Columns.None : entry.foresees()) linkUses(accesses);
  setMark();

  memory.fill(changetype<usize>(result), 0, RESULT_BYTES);
  result.engine = kernel ? EngineChoice.Kernel : EngineChoice.General;
  request = 0;
  touchHits = 0;
  touchMisses = 0;
  insertionsBefore = 0;
  evictionsBefore = 0;
  bypassesBefore = 0;
  blocksBefore = 0;
  reversed = run.touch == TouchOrder.TailFirst && !oracle;
  found = take(SLICE_ACCESSES + longestRequest + 16);
  touched = run.touch == TouchOrder.TailFirst ? take(SLICE_ACCESSES + longestRequest + 16) : found;
  engine = makeEngine(entry, kernel, accesses);
  return ErrorCode.None;
}

function check(): ErrorCode {
  if (changetype<usize>(header) == 0) return refuse(ErrorCode.NoTrace);
  if (run.policy >= <u32>policies.length) return refuse(ErrorCode.UnknownPolicy, run.policy);
  if (run.admission >= <u32>admitters.length) {
    return refuse(ErrorCode.UnknownAdmission, run.admission);
  }
  if (run.capacity == 0) return refuse(ErrorCode.CapacityZero);
  if (run.capacity > 0x7fffffff) {
    return refuse(ErrorCode.CapacityTooLarge, 0, <f64>run.capacity, <f64>0x7fffffff);
  }
  if (run.touch > <u32>TouchOrder.TailFirst) {
    return refuse(ErrorCode.ParameterRange, 0, <f64>run.touch);
  }
  const parameters = changetype<usize>(run) + RunField.PolicyParameters;
  for (let i: u32 = 0; i < <u32>(POLICY_PARAMETERS_MAX + ADMISSION_PARAMETERS_MAX); i++) {
    const value = load<f64>(parameters + (i << 3));
    if (!isFinite(value)) return refuse(ErrorCode.ParameterRange, i, value);
  }
  const entry = policies[run.policy];
  if (run.engine == EngineChoice.Kernel && !choosesKernel(entry)) return refuse(ErrorCode.NoKernel);
  if (!choosesKernel(entry) && entry.make == null) return refuse(ErrorCode.NoGeneral);
  return ErrorCode.None;
}

/** Kernels know no admission filter, except the oracles', which have no other engine. */
function choosesKernel(entry: PolicyEntry): bool {
  if (entry.kernel == null || run.engine == EngineChoice.General) return false;
  return run.admission == 0 || entry.columns == Columns.Oracle;
}

function makeEngine(entry: PolicyEntry, kernel: bool, accesses: Accesses): Engine {
  const env = new Env();
  env.capacity = run.capacity;
  env.blocks = header.blocks;
  env.slots = min(run.capacity, header.blocks);
  env.seed = run.seed;
  env.parameters = changetype<usize>(run) + RunField.PolicyParameters;
  const admission = changetype<usize>(run) + RunField.AdmissionParameters;
  const admitter = admitters[run.admission].make(env, admission);
  if (kernel) return entry.kernel!(new KernelInput(env, accesses, run.touch, admitter));
  env.blockOf = take(<usize>env.slots << 2);
  if (entry.foresees()) env.nextUse = accesses.next;
  return new General(env, entry.make!(env), admitter, accesses.block, run.touch);
}

/** Replays about `accesses` more accesses, in whole requests; gives the requests still to do. */
export function advance(accesses: u32): u32 {
  const first = request;
  const start = load<u32>(firstAccess + (first << 2));
  const goal = start + min(accesses, SLICE_ACCESSES);
  let last = first;
  const stop = first < run.warmup ? min(run.warmup, header.requests) : header.requests;
  while (last < stop) {
    last++;
    if (load<u32>(firstAccess + (last << 2)) >= goal) break;
  }
  const end = load<u32>(firstAccess + (last << 2));
  const driven = engine!;
  if (run.touch == TouchOrder.TailFirst) replayTailFirst(driven, first, last, start);
  else if (driven.perRequest()) replayRequests(driven, first, last, found - start);
  else driven.touch(start, end, found - start);
  measure(first, last, start, end);
  request = last;
  if (first < run.warmup && last == run.warmup) beginCounting(end);
  return header.requests - last;
}

/** The warm-up is over: what was measured so far is forgotten, what is resident stays. */
function beginCounting(accesses: u32): void {
  const driven = engine!;
  touchMisses += result.accesses - tierHits();
  touchHits = 0;
  insertionsBefore = driven.insertions;
  evictionsBefore = driven.evictions;
  bypassesBefore = driven.bypasses;
  // Blocks are numbered in the order of their first touch.
  blocksBefore = blocksIn(accesses);
  const ran = result.engine;
  memory.fill(changetype<usize>(result), 0, RESULT_BYTES);
  result.engine = ran;
}

/** Distinct blocks among the first accesses. */
function blocksIn(accesses: u32): u32 {
  let blocks: u32 = 0;
  let left = accesses;
  for (let e: u32 = 0; left > 0; e++) {
    const count = load<u32>(header.blockCount + (e << 2));
    blocks = max(blocks, load<u32>(header.firstBlock + (e << 2)) + count);
    left -= count;
  }
  return blocks;
}

/** Touches that found their block, since counting began. */
function tierHits(): u64 {
  return run.touch == TouchOrder.TailFirst ? touchHits : result.hits;
}

function replayRequests(driven: Engine, first: u32, last: u32, out: usize): void {
  for (let r = first; r < last; r++) {
    const at = firstAccess + (r << 2);
    driven.touch(load<u32>(at), load<u32>(at, 4), out);
  }
}

/** A serving engine looks the whole prompt up when it arrives, and frees its blocks last-first. */
function replayTailFirst(driven: Engine, first: u32, last: u32, start: u32): void {
  for (let r = first; r < last; r++) {
    const from = load<u32>(firstAccess + (r << 2));
    const to = load<u32>(firstAccess + (r << 2), 4);
    driven.lookup(from, to, found - start);
    driven.touch(from, to, touched - start);
  }
}

/** Adds a slice's outcomes to the result: block, prefix, token and request-mean hits. */
function measure(first: u32, last: u32, start: u32, end: u32): void {
  const tailFirst = run.touch == TouchOrder.TailFirst;
  for (let r = first; r < last; r++) {
    const from = load<u32>(firstAccess + (r << 2)) - start;
    const to = load<u32>(firstAccess + (r << 2), 4) - start;
    const touches = to - from;
    const covered = reversed ? onesBefore(found + to, touches) : onesFrom(found + from, touches);
    const input = load<u32>(header.inputTokens + (r << 2));
    const tokens = min(<u64>covered * header.blockTokens, <u64>input);
    result.prefixHits += covered;
    result.hitTokens += tokens;
    result.inputTokens += input;
    if (input > 0) result.requestRatioSum += <f64>tokens / <f64>input;
  }
  result.requests += last - first;
  result.accesses += end - start;
  result.hits += countOnes(found, end - start);
  if (tailFirst) touchHits += countOnes(touched, end - start);
}

const EIGHT_ONES: u64 = 0x0101010101010101;

/** Bytes of 1 in a row from `bytes` on, of `count` that are 0 or 1. */
function onesFrom(bytes: usize, count: u32): u32 {
  let ones: u32 = 0;
  while (ones < count) {
    const zeros = load<u64>(bytes + ones) ^ EIGHT_ONES;
    if (zeros != 0) return min(count, ones + (<u32>ctz(zeros) >> 3));
    ones += 8;
  }
  return count;
}

/** Bytes of 1 in a row up to `end`, of `count` that are 0 or 1. */
function onesBefore(end: usize, count: u32): u32 {
  let ones: u32 = 0;
  while (ones < count) {
    const zeros = load<u64>(end - ones - 8) ^ EIGHT_ONES;
    if (zeros != 0) return min(count, ones + (<u32>clz(zeros) >> 3));
    ones += 8;
  }
  return count;
}

/** Sum of `count` bytes that are 0 or 1. */
function countOnes(bytes: usize, count: u32): u64 {
  let sum: u64 = 0;
  let i: u32 = 0;
  for (; i + 8 <= count; i += 8) {
    // Eight bytes of 0 or 1: the product gathers their sum in the top byte.
    sum += (load<u64>(bytes + i) * EIGHT_ONES) >> 56;
  }
  for (; i < count; i++) sum += load<u8>(bytes + i);
  return sum;
}

/** Ends the run: fills the counters and checks the books. */
export function closeRun(): ErrorCode {
  const driven = engine!;
  result.insertions = driven.insertions - insertionsBefore;
  result.evictions = driven.evictions - evictionsBefore;
  result.bypasses = driven.bypasses - bypassesBefore;
  result.resident = driven.resident();
  result.compulsoryMisses = header.blocks - blocksBefore;
  const misses = touchMisses + result.accesses - tierHits();
  if (driven.insertions + driven.bypasses != misses) {
    return refuse(ErrorCode.BooksDoNotBalance, 1, <f64>driven.insertions, <f64>misses);
  }
  if (!driven.balanced() || result.resident > <u64>run.capacity) {
    return refuse(ErrorCode.BooksDoNotBalance, 2, <f64>result.resident, <f64>run.capacity);
  }
  return ErrorCode.None;
}
