/**
 * A trace whose columns lie in shared memory: sent to a worker, they are not copied.
 *
 * @module
 */
import type { Extents, Requests, Trace } from "../traces/trace.ts";

type ColumnArray = Float64Array | Uint32Array | Uint16Array | Uint8Array;

const ALIGN_BYTES = 8;

/**
 * The same trace with all columns in one `SharedArrayBuffer`; the trace itself where the host has
 * no shared memory.
 */
export function shareTrace(trace: Trace): Trace {
  if (typeof SharedArrayBuffer === "undefined") return trace;
  const columns = [...Object.values(trace.requests), ...Object.values(trace.extents)]
    .filter((column) => column !== undefined) as ColumnArray[];
  const size = columns.reduce((sum, column) => sum + aligned(column.byteLength), 0);
  const buffer = new SharedArrayBuffer(size);
  let at = 0;
  const place = (column: ColumnArray): ColumnArray => {
    const make = column.constructor as new (
      buffer: SharedArrayBuffer,
      offset: number,
      length: number,
    ) => ColumnArray;
    const shared = new make(buffer, at, column.length);
    shared.set(column);
    at += aligned(column.byteLength);
    return shared;
  };
  return {
    ...trace,
    requests: placeAll(trace.requests, place) as unknown as Requests,
    extents: placeAll(trace.extents, place) as unknown as Extents,
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;
}

function placeAll(
  table: Requests | Extents,
  place: (column: ColumnArray) => ColumnArray,
): Record<string, ColumnArray> {
  const present = Object.entries(table).filter(([, column]) => column !== undefined);
  return Object.fromEntries(present.map(([name, column]) => [name, place(column)]));
}
