/**
 * Fits of all-reduces on Vidur's tables.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import { type Fit, fit } from "./fit.ts";
import type { MeasuredText } from "./input.ts";
import { rangeOf } from "./steps.ts";
import { readTable } from "./table.ts";

/** A measured all-reduce. */
export interface AllReducePoint {
  readonly bytes: number;
  readonly ns: number;
}

/**
 * Reads all-reduces among so many devices, the median of all ranks.
 *
 * @throws {CalibrationError} If the table has none among so many.
 */
export function readAllReduces(measured: MeasuredText, devices: number): AllReducePoint[] {
  const table = readTable(measured);
  const names = ["num_workers", "size", "rank", "time_stats.all_reduce.median"];
  const [workers, bytes, rank, ms] = names.map((name) => table.numbers(name));
  const rows = [...workers.keys()].filter((row) => workers[row] === devices && rank[row] === 0);
  if (rows.length > 0) return rows.map((row) => ({ bytes: bytes[row], ns: ms[row] * 1e6 }));
  const held = [...new Set(workers)].sort((a, b) => a - b);
  throw new CalibrationError({
    code: "calibrate/other-degree",
    message: `Cannot calibrate: the table has no all-reduce among ${devices} devices`,
    place: { file: measured.file },
    found: `${held.join(", ")} devices`,
    expected: `${devices}`,
    mend: ["give the tensor parallelism that was measured with --tp"],
  });
}

/** Fits the latency and the rate of all-reduces. */
export function fitAllReduce(name: string, points: readonly AllReducePoint[]): Fit {
  return fit<AllReducePoint>({
    name: `all-reduces in ${name}`,
    constants: [rangeOf("allReduceNs"), rangeOf("allReduceBytesPerSecond")],
    points,
    label: ({ bytes }) => `${bytes} bytes`,
    x: ({ bytes }) => bytes,
    observed: ({ ns }) => ns,
    predict: ([latencyNs, rate], points) =>
      points.map(({ bytes }) => latencyNs + bytes * 1e9 / rate),
    evaluations: 600,
  });
}
