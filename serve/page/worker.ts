/// <reference lib="webworker" />
/**
 * The worker of the page: reads traces and replays them with the engine of the command line.
 *
 * @module
 */
import { traceCurves } from "../../curves/trace_curves.ts";
import { compare } from "../../engine/compare.ts";
import type { Touch } from "../../engine/result.ts";
import { describe, EngineBug } from "../../errors/errors.ts";
import { traceInfo } from "../../traces/info.ts";
import { parseTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import type { Answer, Ask } from "./messages.ts";

const host = globalThis as unknown as {
  onmessage: (event: MessageEvent<Ask>) => void;
  postMessage(answer: Answer): void;
};

let trace: Trace | undefined;
let queue: Promise<void> = Promise.resolve();

host.onmessage = ({ data }) => {
  queue = queue.then(() => answer(data)).catch((error) => {
    host.postMessage({ kind: "failure", asked: data.kind, text: describe(error) });
  });
};

async function answer(ask: Ask): Promise<void> {
  if (ask.kind === "open") return await open(ask.file, ask.name);
  if (trace === undefined) {
    throw new EngineBug({ code: "page/no-trace", message: `Cannot ${ask.kind}: no trace is open` });
  }
  if (ask.kind === "curve") await drawCurves(trace, ask.touch);
  else await compareAll(trace, ask.touch);
}

async function open(file: Blob, name: string): Promise<void> {
  trace = undefined;
  const progress = reporter(`reading ${name}`);
  trace = await parseTrace(file, name, { onProgress: (read, total) => progress(read, total) });
  host.postMessage({ kind: "trace", info: traceInfo(trace) });
}

/** LRU's curve is there at once; the optimum takes replays. */
async function drawCurves(trace: Trace, touch: Touch): Promise<void> {
  const lru = await traceCurves(trace, { touch, policies: ["lru"] });
  host.postMessage({ kind: "curve", result: lru, isWhole: false });
  const progress = reporter("finding the optimum's curve");
  const result = await traceCurves(trace, {
    touch,
    onProgress: (done, total) => progress(done, total === 0 ? undefined : total),
  });
  host.postMessage({ kind: "curve", result, isWhole: true });
}

async function compareAll(trace: Trace, touch: Touch): Promise<void> {
  const progress = reporter("replaying policies");
  const comparison = await compare(trace, {
    touch,
    onProgress: (done, all) => progress(done, all),
  });
  host.postMessage({ kind: "comparison", touch, comparison });
}

/** Tells of progress in steps of half a per cent, so that messages cost nothing. */
function reporter(what: string): (done: number, total?: number) => void {
  let told = -1;
  return (done, total) => {
    const step = total === undefined ? Math.floor(done / 2 ** 22) : Math.floor(200 * done / total);
    if (step === told) return;
    told = step;
    host.postMessage({ kind: "progress", what, done, ...(total === undefined ? {} : { total }) });
  };
}
