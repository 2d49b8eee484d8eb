/**
 * Chunks of cells over worker threads, or in this one where the host has no workers.
 *
 * @module
 */
import { EngineBug, type KvtierError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import { type Answer, type ErrorData, errorData, type Order } from "./messages.ts";
import { type CellRunner, type CellTask, runCell, type RunnerFactory } from "./runner.ts";

/** Where a runner comes from. */
export interface RunnerSource {
  /** Address of a module that exports `createRunner`, for workers. */
  readonly specifier: string;
  /** The same function, for this thread. */
  readonly createRunner: RunnerFactory;
}

/** Cells of one trace that are handed out together. */
export interface Chunk {
  readonly trace: Trace;
  readonly tasks: readonly CellTask[];
}

/** What a pool works with. */
export interface PoolOptions {
  /** Worker threads; 0 runs everything in this one. */
  readonly workers: number;
  readonly runner: RunnerSource;
  readonly module: WebAssembly.Module;
  /** Ends the pool at once; finished chunks were handed over. */
  readonly signal?: AbortSignal;
  /** Says which cell failed. */
  readonly fail: (data: ErrorData, cells: readonly number[]) => KvtierError;
  /** Takes the metrics (as JSON) of a finished chunk, task by task. */
  readonly onDone: (chunk: Chunk, metrics: readonly string[]) => Promise<void>;
}

/** One worker, or this thread in place of one. */
interface Lane {
  run(chunk: Chunk): Promise<readonly string[]>;
  /** Ends it; a chunk in progress is given up and its promise rejected. */
  stop(reason: unknown): void;
}

/**
 * Runs all chunks. After the first failure, or the signal, nothing new is begun.
 *
 * @throws What `fail` makes of the first cell that failed, or the reason of the signal.
 */
export async function runChunks(
  chunks: AsyncGenerator<Chunk>,
  options: PoolOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  const lanes = await openLanes(options);
  let failure: { readonly reason: unknown } | undefined;
  const stop = (reason: unknown) => {
    failure ??= { reason };
    for (const lane of lanes) lane.stop(reason);
  };
  const onAbort = () => stop(options.signal?.reason);
  options.signal?.addEventListener("abort", onAbort);
  if (options.signal?.aborted) onAbort();
  const work = async (lane: Lane) => {
    try {
      while (failure === undefined) {
        const { done, value } = await chunks.next();
        if (done || failure !== undefined) return;
        await options.onDone(value, await lane.run(value));
      }
    } catch (error) {
      stop(error);
    }
  };
  await Promise.all(lanes.map(work));
  options.signal?.removeEventListener("abort", onAbort);
  stop(undefined);
  await chunks.return(undefined);
  if (failure?.reason !== undefined) throw failure.reason;
}

async function openLanes(options: PoolOptions): Promise<Lane[]> {
  const workers = Array.from({ length: options.workers }, () => openWorker(options));
  const opened = await Promise.allSettled(workers);
  const lanes = opened.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  const failed = opened.find((each) => each.status === "rejected");
  const reason: unknown = failed?.reason;
  if (failed !== undefined) { for (const lane of lanes) lane.stop(reason); }
  if (failed !== undefined && !(reason instanceof NoWorkers)) throw reason;
  return lanes.length === 0 || failed !== undefined ? [new LocalLane(options)] : lanes;
}

/** The host cannot start workers, or cannot load their module. */
class NoWorkers extends EngineBug {}

function noWorkers(reason: unknown): NoWorkers {
  return new NoWorkers({
    code: "sweep/no-workers",
    message: `Cannot start a worker: ${reason instanceof Error ? reason.message : reason}`,
    mend: ["use --workers 0 to run in one thread"],
  });
}

/** Cells in this thread, with a breath between chunks so that signals are heard. */
class LocalLane implements Lane {
  private readonly runner: CellRunner;
  private stopped: { readonly reason: unknown } | undefined;

  constructor(private readonly options: PoolOptions) {
    this.runner = options.runner.createRunner(options.module);
  }

  async run({ trace, tasks }: Chunk): Promise<readonly string[]> {
    const metrics: string[] = [];
    await new Promise((resolve) => setTimeout(resolve));
    for (const task of tasks) {
      if (this.stopped !== undefined) throw this.stopped.reason;
      try {
        metrics.push(await runCell(this.runner, task, trace));
      } catch (error) {
        throw this.options.fail(errorData(error), [task.index]);
      }
    }
    return metrics;
  }

  stop(reason: unknown): void {
    this.stopped ??= { reason };
  }
}

function openWorker(options: PoolOptions): Promise<Lane> {
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    } catch (error) {
      return reject(noWorkers(error));
    }
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(noWorkers(event.message));
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.type === "ready") return resolve(new WorkerLane(worker, options));
      worker.terminate();
      reject(data.type === "failed" ? options.fail(data.error, []) : noWorkers(data.type));
    };
    send(worker, { type: "open", module: options.module, runner: options.runner.specifier });
  });
}

function send(worker: Worker, order: Order): void {
  worker.postMessage(order);
}

/** A worker with one chunk at a time. */
class WorkerLane implements Lane {
  private trace: Trace | undefined;
  private waiting: PromiseWithResolvers<Answer> | undefined;
  private stopped: { readonly reason: unknown } | undefined;

  constructor(private readonly worker: Worker, private readonly options: PoolOptions) {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.waiting?.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const error = { name: "EngineBug", message: `its worker died: ${event.message}` };
      this.waiting?.resolve({ type: "failed", error });
    };
  }

  async run({ trace, tasks }: Chunk): Promise<readonly string[]> {
    if (this.stopped !== undefined) throw this.stopped.reason;
    const waiting = this.waiting = Promise.withResolvers<Answer>();
    if (this.trace !== trace) send(this.worker, { type: "trace", trace });
    this.trace = trace;
    send(this.worker, { type: "run", tasks });
    const answer = await waiting.promise;
    this.waiting = undefined;
    if (answer.type === "done") return answer.metrics;
    const cells = tasks.map(({ index }) => index);
    if (answer.type !== "failed") throw this.options.fail(errorData(answer.type), cells);
    throw this.options.fail(answer.error, answer.index === undefined ? cells : [answer.index]);
  }

  stop(reason: unknown): void {
    this.stopped ??= { reason };
    this.worker.terminate();
    this.waiting?.reject(reason);
  }
}
