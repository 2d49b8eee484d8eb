/**
 * A worker of a sweep: started by `pool.ts`, never imported.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";
import { type Answer, errorData, type Order } from "./messages.ts";
import { type CellRunner, type CellTask, runCell, type RunnerFactory } from "./runner.ts";

// The types of a worker's scope are not those of the main one.
const scope = self as unknown as {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(answer: Answer): void;
};

let runner: CellRunner | undefined;
let trace: Trace | undefined;

async function follow(order: Order): Promise<Answer | undefined> {
  switch (order.type) {
    case "open": {
      const { createRunner } = await import(order.runner) as { createRunner: RunnerFactory };
      runner = createRunner(order.module);
      return { type: "ready" };
    }
    case "trace":
      trace = order.trace;
      return undefined;
    case "run":
      return await runAll(order.tasks);
  }
}

async function runAll(tasks: readonly CellTask[]): Promise<Answer> {
  const metrics: string[] = [];
  for (const task of tasks) {
    try {
      metrics.push(await runCell(runner!, task, trace!));
    } catch (error) {
      return { type: "failed", index: task.index, error: errorData(error) };
    }
  }
  return { type: "done", metrics };
}

/** Orders are followed one after the other, also while an earlier one still waits. */
let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  last = last.then(async () => {
    try {
      const answer = await follow(data);
      if (answer !== undefined) scope.postMessage(answer);
    } catch (error) {
      scope.postMessage({ type: "failed", error: errorData(error) });
    }
  });
};
