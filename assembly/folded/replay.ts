/**
 * Loop 3, over extents: a task is opened, advanced in slices, and closed. Start reading here.
 *
 * A trace is a list of extents, and most of them touch what one earlier extent touched. So the
 * tasks here never look at single blocks: `cuts.ts` numbers the places where something may change,
 * `link.ts` finds the runs of blocks that share their past, and the passes of a task follow. Runs
 * are made at the first task and kept for the others; the rest is dropped with the task. Work and
 * memory grow with extents, except 0.19 bytes per block.
 *
 * Every count is that of the block engine; `tests/exhaustive/folded_test.ts` compares them.
 */
import { ErrorCode, FOLDED_RESULT_BYTES, FoldedTask, TouchOrder } from "../abi";
import { rewind, setMark } from "../arena";
import { header } from "../columns/trace";
import { refuse } from "../failure";
import { Cuts, MarkCuts, NumberCuts } from "./cuts";
import { Distances } from "./distances";
import { FoldedFifo } from "./fifo";
import { FoldedResult } from "./layout";
import { LinkRuns, PlaceRuns, SortRuns } from "./link";
import { FoldedLru } from "./lru";
import { FoldedOptimal } from "./optimal";
import { OptimalInstants } from "./optimal_instants";
import { Pass } from "./pass";
import { NONE, Runs } from "./runs";
import { Slots } from "./slots";

/** Most items of one slice: V8 optimises between calls only. */
const SLICE_ITEMS: u32 = 1 << 14;

/** Passes before the task's own: they make the runs. */
const LINK_PASSES: u32 = 5;

export const foldedResult: FoldedResult = changetype<FoldedResult>(
  memory.data(FOLDED_RESULT_BYTES, 16),
);

// Below the mark, for all tasks on the trace.
let cuts: Cuts | null = null;
let runs: Runs | null = null;
let isLinked: bool = false;

// Above it, for the task in progress.
let pass: Pass | null = null;
let link: LinkRuns | null = null;
let slots: Slots | null = null;
let passIndex: u32 = 0;
let task: FoldedTask = FoldedTask.Reuse;
let touch: TouchOrder = TouchOrder.RootFirst;
let capacity: u32 = 0;

/** Forgets the runs of the trace before. */
export function dropRuns(): void {
  cuts = null;
  runs = null;
  isLinked = false;
}

/** Prepares a task; the run before it, of any engine, is dropped. */
export function openFolded(asked: FoldedTask, order: TouchOrder, blocks: u32): ErrorCode {
  pass = null;
  link = null;
  slots = null;
  rewind();
  const code = check(asked, order, blocks);
  if (code != ErrorCode.None) {
    setMark();
    return code;
  }
  if (!isLinked) {
    cuts = new Cuts();
    runs = new Runs();
  }
  setMark();
  memory.fill(changetype<usize>(foldedResult), 0, FOLDED_RESULT_BYTES);
  task = asked;
  touch = order;
  capacity = blocks;
  passIndex = isLinked ? LINK_PASSES : 0;
  pass = passAt(passIndex);
  return ErrorCode.None;
}

function check(asked: FoldedTask, order: TouchOrder, blocks: u32): ErrorCode {
  if (changetype<usize>(header) == 0) return refuse(ErrorCode.NoTrace);
  if (<u32>asked > <u32>FoldedTask.Optimal) return refuse(ErrorCode.ParameterRange, 0, <f64>asked);
  if (<u32>order > <u32>TouchOrder.TailFirst) {
    return refuse(ErrorCode.ParameterRange, 1, <f64>order);
  }
  if (asked == FoldedTask.Reuse) return ErrorCode.None;
  if (blocks == 0) return refuse(ErrorCode.CapacityZero);
  if (blocks > 0x7fffffff) {
    return refuse(ErrorCode.CapacityTooLarge, 0, <f64>blocks, <f64>0x7fffffff);
  }
  return ErrorCode.None;
}

/** Goes on for one slice; gives about how many are still to do, 0 at the end. */
export function advanceFolded(): u32 {
  const current = pass;
  if (current == null) return 0;
  const to = current.at + min(SLICE_ITEMS, current.size - current.at);
  current.run(current.at, to);
  current.at = to;
  if (to < current.size) return slicesLeft();
  passIndex++;
  if (passIndex == LINK_PASSES) {
    isLinked = true;
    link = null;
    rewind();
    setMark();
  }
  pass = passIndex >= LINK_PASSES && isRefused() ? null : passAt(passIndex);
  return slicesLeft();
}

/** Ends the task. */
export function closeFolded(): ErrorCode {
  if (!isRefused()) return ErrorCode.None;
  return refuse(ErrorCode.RepeatInRequest, runs!.repeatRequest, <f64>runs!.repeatBlock);
}

/** Tail-first, a block twice in a request has no single place in the order of release. */
function isRefused(): bool {
  return touch == TouchOrder.TailFirst && runs!.repeatRequest != NONE;
}

function slicesLeft(): u32 {
  const current = pass;
  if (current == null) return 0;
  const now = (current.size - current.at) / SLICE_ITEMS + 1;
  const later = LINK_PASSES + taskPasses() - passIndex - 1;
  return now + later * (header.extents / SLICE_ITEMS + 1);
}

function passAt(index: u32): Pass | null {
  if (index == 0) return new MarkCuts(cuts!);
  if (index == 1) return new NumberCuts(cuts!);
  if (index == 2) {
    link = new LinkRuns(cuts!, runs!);
    return link;
  }
  if (index == 3) return new PlaceRuns(runs!);
  if (index == 4) return new SortRuns(cuts!, runs!, link!);
  return taskPass(index - LINK_PASSES);
}

/** The passes of the task, after the runs are there. */
function taskPass(index: u32): Pass | null {
  if (index >= taskPasses()) return null;
  if (task == FoldedTask.Fifo) return new FoldedFifo(cuts!, touch, capacity, foldedResult);
  if (task == FoldedTask.Optimal) {
    if (touch == TouchOrder.TailFirst) return new OptimalInstants(runs!, capacity, foldedResult);
    return new FoldedOptimal(cuts!, runs!, capacity, foldedResult);
  }
  if (index == 0) {
    slots = new Slots(runs!, touch);
    return slots;
  }
  if (task == FoldedTask.Reuse) return new Distances(runs!, slots!, touch, foldedResult);
  return new FoldedLru(runs!, slots!, touch, capacity, foldedResult);
}

@inline function taskPasses(): u32 {
  return task == FoldedTask.Reuse || task == FoldedTask.Lru ? 2 : 1;
}
