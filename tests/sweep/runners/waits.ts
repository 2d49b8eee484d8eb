/** A runner that takes its time, and says whether the columns of its trace are shared memory. */
import type { RunnerFactory } from "../../../sweep/runner.ts";

export const createRunner: RunnerFactory = () => async (_spec, trace) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  const columns: ArrayBufferView[] = [
    ...Object.values(trace.requests),
    ...Object.values(trace.extents),
  ];
  const shared = columns.filter(({ buffer }) => buffer instanceof SharedArrayBuffer).length;
  return { columns: columns.length, shared, buffers: new Set(columns.map((c) => c.buffer)).size };
};
